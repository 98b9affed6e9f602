import type { PolicyProblem } from '../parse/problem.ts'
import type { PatternElement, Place, Policy } from '../policies.ts'
import { coveringIn } from './covers.ts'
import { fewOf } from './reach.ts'
import { warning } from './warn.ts'

/** Actions and resources of a list that another entry of the same list already covers; one warning for each list. */
export const lintRedundant = ({ statements }: Policy): readonly PolicyProblem[] =>
  statements.flatMap(({ action, resource }) => {
    const actions = idleIn(action, true)
    const resources = resource === null ? null : idleIn(resource, false)
    return [
      ...(actions === null
        ? []
        : [warning(actions.place, 'redundant_action', actions.message, 'Remove it.')]),
      ...(resources === null
        ? []
        : [warning(resources.place, 'redundant_resource', resources.message, 'Remove it.')]),
    ]
  })

/** The entries that add nothing, in words, and where the first of them stands. */
function idleIn(element: PatternElement, ignoreCase: boolean): { message: string; place: Place } | null {
  const [first, ...rest] = coveredBy(element.patterns, ignoreCase)
  if (first === undefined) return null
  const others = rest.length === 0 ? '' : `; so do ${fewOf(rest.map(({ pattern }) => pattern))} beside others`
  const place = element.at?.[first.index] ?? element.place
  return { message: `\`${first.pattern}\` adds nothing beside \`${first.by}\`${others}.`, place }
}

/** Each entry that another one covers. */
function coveredBy(
  patterns: readonly string[],
  ignoreCase: boolean,
): readonly { readonly pattern: string; readonly by: string; readonly index: number }[] {
  const covering = coveringIn(patterns, ignoreCase)
  const first = new Map<string, number>()
  return patterns.flatMap((pattern, i) => {
    const key = ignoreCase ? pattern.toLowerCase() : pattern
    const earlier = first.get(key)
    if (earlier !== undefined) return [{ pattern, by: patterns[earlier] ?? pattern, index: i }]
    first.set(key, i)
    const by = covering(pattern).find(
      (other) => (ignoreCase ? other.toLowerCase() : other) !== key && !isObjectsOf(other, pattern),
    )
    return by === undefined ? [] : [{ pattern, by, index: i }]
  })
}

/** `arn:aws:s3:::name-*` and `arn:aws:s3:::name-*` with `/*`: buckets and their objects, which AWS's policies always name both. */
const isObjectsOf = (wide: string, narrow: string): boolean => narrow === `${wide}/*`
