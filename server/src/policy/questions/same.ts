import type { Policy, Statement } from '../policies.ts'

/**
 * Whether `a` lets pass at most what `b` does because of what they say in the same words: every Allow of `a` stands in `b`, and
 * every Deny of `b` in `a`. A proof without a search, also for what sets cannot express and for what is too large for them.
 */
export function isWithinBySameWords(a: readonly Policy[], b: readonly Policy[]): boolean {
  const [ours, theirs] = [wordsOf(a), wordsOf(b)]
  return isSubset(ours.Allow, theirs.Allow) && isSubset(theirs.Deny, ours.Deny)
}

const isSubset = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean =>
  [...some].every((one) => all.has(one))

function wordsOf(policies: readonly Policy[]): Readonly<Record<Statement['effect'], ReadonlySet<string>>> {
  const words = { Allow: new Set<string>(), Deny: new Set<string>() }
  for (const { version, statements } of policies)
    for (const one of statements) words[one.effect].add(textOf(one, version))
  return words
}

/** What the statement says, without its name and its place. */
const textOf = ({ principal, action, resource, conditions }: Statement, version: Policy['version']): string =>
  JSON.stringify([
    version,
    principal === null ? null : [principal.negated, principal.entries],
    [action.negated, action.patterns],
    resource === null ? null : [resource.negated, resource.patterns],
    conditions.map(({ operator, key, values }) => [operator, key.toLowerCase(), values]),
  ])
