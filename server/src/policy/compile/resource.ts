import type { PatternElement, Policy } from '../policies.ts'
import { lookup, type Request } from '../request.ts'
import { not, type Truth, truthOf } from '../truth.ts'
import { codesOf, compileGlob, type Match, matchCodes, patternCodes, withinParts } from './glob.ts'
import { compileTemplate, type Template } from './template.ts'

export interface CompiledResource {
  /** Keys of variables, lower case. */
  readonly keys: readonly string[]
  readonly test: (request: Request) => Truth
}

export function compileResource(
  element: PatternElement | null,
  version: Policy['version'],
): CompiledResource {
  if (element === null) return { keys: [], test: () => 'yes' }
  const { patterns, negated } = element
  if (patterns.includes('*')) return { keys: [], test: () => truthOf(!negated) }
  const templates = patterns.map((pattern) => (version === '2012-10-17' ? compileTemplate(pattern) : null))
  const dynamic = templates.filter((template) => template !== null)
  const fixed = patterns
    .filter((_, i) => templates[i] === null)
    .map((pattern) => compileGlob(withinParts(patternCodes(pattern))))
  return {
    keys: [...new Set(dynamic.flatMap(({ keys }) => keys))],
    test: compileTest(fixed, dynamic, negated),
  }
}

function compileTest(
  fixed: readonly Match[],
  dynamic: readonly Template[],
  negated: boolean,
): (request: Request) => Truth {
  const hit = truthOf(!negated)
  const miss = truthOf(negated)
  return (request) => {
    const { arn } = request.resource
    if (arn !== null && fixed.some((match) => match(arn))) return hit
    let matched: Truth = arn === null && fixed.length > 0 ? 'unknown' : 'no'
    for (const template of dynamic) {
      const codes = template.resolve(request)
      if (codes === 'unresolvable') {
        if (negated && !otherHit(dynamic, request)) return 'no'
      } else if (arn === null || codes === 'unknown') matched = 'unknown'
      else if (matchCodes(withinParts(codes), codesOf(arn))) return hit
    }
    return matched === 'unknown' ? (negated ? not(matched) : matched) : miss
  }
}

/** With `NotResource` a pattern that cannot be resolved makes the statement invalid, unless another one matches. */
function otherHit(dynamic: readonly Template[], request: Request): boolean {
  const { arn } = request.resource
  if (arn === null) return false
  return dynamic.some((template) => {
    const codes = template.resolve(request)
    return typeof codes !== 'string' && matchCodes(withinParts(codes), codesOf(arn))
  })
}

export const openResourceKeysOf = ({ keys }: CompiledResource, request: Request): readonly string[] =>
  keys.filter((key) => lookup(request, key).state === 'unknown')
