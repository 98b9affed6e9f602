import type { PolicyProblem } from '../parse/problem.ts'
import type { PatternElement, Policy } from '../policies.ts'
import { coversPattern, isPrefix } from './covers.ts'
import { fewOf } from './reach.ts'
import { warning } from './warn.ts'

/** Actions and resources of a list that another entry of the same list already covers; one warning for each list. */
export const lintRedundant = ({ statements }: Policy): readonly PolicyProblem[] =>
  statements.flatMap(({ action, resource }) => {
    const actions = idleIn(action, true)
    const resources = resource === null ? null : idleIn(resource, false)
    return [
      ...(actions === null ? [] : [warning(action.place, 'redundant_action', actions, 'Remove it.')]),
      ...(resource === null || resources === null
        ? []
        : [warning(resource.place, 'redundant_resource', resources, 'Remove it.')]),
    ]
  })

/** The entries that add nothing, in words. */
function idleIn({ patterns }: PatternElement, ignoreCase: boolean): string | null {
  const [first, ...rest] = coveredBy(patterns, ignoreCase)
  if (first === undefined) return null
  const others = rest.length === 0 ? '' : `; so do ${fewOf(rest.map(({ pattern }) => pattern))} beside others`
  return `\`${first.pattern}\` adds nothing beside \`${first.by}\`${others}.`
}

/** Each entry that another one covers; lists of AWS have thousands, and only few of them end with a star. */
function coveredBy(
  patterns: readonly string[],
  ignoreCase: boolean,
): readonly { readonly pattern: string; readonly by: string }[] {
  const wide = patterns.filter(isPrefix)
  const first = new Map<string, number>()
  return patterns.flatMap((pattern, i) => {
    const key = ignoreCase ? pattern.toLowerCase() : pattern
    const earlier = first.get(key)
    if (earlier !== undefined) return [{ pattern, by: patterns[earlier] ?? pattern }]
    first.set(key, i)
    const by = wide.find(
      (other) =>
        other !== pattern &&
        !isObjectsOf(other, pattern) &&
        coversPattern(other, pattern, ignoreCase) &&
        !coversPattern(pattern, other, ignoreCase),
    )
    return by === undefined ? [] : [{ pattern, by }]
  })
}

/** `arn:aws:s3:::name-*` and `arn:aws:s3:::name-*` with `/*`: buckets and their objects, which AWS's policies always name both. */
const isObjectsOf = (wide: string, narrow: string): boolean => narrow === `${wide}/*`
