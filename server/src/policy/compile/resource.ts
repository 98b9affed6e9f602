import type { PatternElement, Policy } from '../policies.ts'
import { lookup, type Request } from '../request.ts'
import { any, not, type Truth, truthOf } from '../truth.ts'
import { beginningMatch } from './beginning.ts'
import { type Codes, codesOf, compileGlob, matchCodes, patternCodes, withinParts } from './glob.ts'
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
    .map((pattern) => withinParts(patternCodes(pattern)))
  return {
    keys: [...new Set(dynamic.flatMap(({ keys }) => keys))],
    test: compileTest(fixed, dynamic, negated),
  }
}

function compileTest(
  codes: readonly Codes[],
  dynamic: readonly Template[],
  negated: boolean,
): (request: Request) => Truth {
  const fixed = codes.map(compileGlob)
  const hit = truthOf(!negated)
  const miss = truthOf(negated)
  return (request) => {
    const { arn, isBeginning } = request.resource
    if (arn !== null && isBeginning === true) return beginningTruth(codes, dynamic, negated, request, arn)
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

/** Few resources are known by their beginnings, and each pattern is asked of them once: nothing is compiled ahead. */
function beginningTruth(
  fixed: readonly Codes[],
  dynamic: readonly Template[],
  negated: boolean,
  request: Request,
  beginning: string,
): Truth {
  const resolved = dynamic.map((template) => template.resolve(request))
  const matched = any([
    ...fixed.map((codes) => beginningMatch(codes, beginning)),
    ...resolved.map((codes) =>
      codes === 'unknown'
        ? 'unknown'
        : codes === 'unresolvable'
          ? 'no'
          : beginningMatch(withinParts(codes), beginning),
    ),
  ])
  if (!negated) return matched
  return matched !== 'yes' && resolved.includes('unresolvable') ? 'no' : not(matched)
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
