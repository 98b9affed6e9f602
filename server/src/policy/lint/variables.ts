import type { Facts } from '../facts.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import { hasVariable, parseTemplate } from '../parse/variables.ts'
import { type Place, type Policy, placeOfPattern } from '../policies.ts'
import { isKnownKey, nearestKey } from './keys.ts'
import { warning } from './warn.ts'

/** Policy variables that no request fills: what stands there matches nothing. */
export function lintVariables({ version, statements }: Policy, facts: Facts): readonly PolicyProblem[] {
  if (version === '2008-10-17') return []
  return statements.flatMap(({ resource, conditions }) => [
    ...(resource?.patterns ?? []).flatMap((pattern) =>
      resource === null ? [] : unknownIn(pattern, placeOfPattern(resource, pattern), facts),
    ),
    ...conditions.flatMap(({ values, place }) =>
      onceEach(values.flatMap((value) => unknownIn(value, place, facts))),
    ),
  ])
}

/** A list of ARNs has the same variable in each of them, at one place. */
const onceEach = (problems: readonly PolicyProblem[]): readonly PolicyProblem[] => [
  ...new Map(problems.map((problem) => [problem.message, problem])).values(),
]

function unknownIn(text: string, place: Place, facts: Facts): readonly PolicyProblem[] {
  if (!hasVariable(text)) return []
  const keys = parseTemplate(text).flatMap((part) => (part.kind === 'variable' ? [part.key] : []))
  return keys
    .filter((key) => !key.includes(':') || !isKnownKey(key, facts))
    .map((key) =>
      warning(
        place,
        'unknown_variable',
        `\`${asWritten(text, key)}\` is no policy variable: it matches nothing.`,
        hintFor(key, facts),
      ),
    )
}

/** Keys are read in lower case; the message has the author's own spelling. */
function asWritten(text: string, key: string): string {
  const name = `$\{${key}`
  const at = text.toLowerCase().indexOf(name)
  return at === -1 ? `${name}}` : `${text.slice(at, at + name.length)}}`
}

/** Pseudo parameters of CloudFormation have two colons, references of Terraform a full stop and no colon. */
function hintFor(key: string, facts: Facts): string {
  if (key.includes('::')) return 'It is of CloudFormation: put in what it stands for, or use `Fn::Sub`.'
  if (!key.includes(':'))
    return 'Put in what your tool would put there; a variable has the name of a condition key.'
  const meant = nearestKey(key, facts)
  return meant === null ? 'A variable has the name of a condition key.' : `Did you mean \`${meant}\`?`
}
