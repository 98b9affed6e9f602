import type { PolicyProblem } from '../parse/problem.ts'
import type { Policy, PolicyKind, Statement } from '../policies.ts'
import { warning } from './warn.ts'

/** Statements that allow more than one sees: everybody, or everything but a list. */
export const lintWide = ({ kind, statements }: Policy): readonly PolicyProblem[] =>
  statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => [...everybody(statement, kind), ...everythingBut(statement, kind)])

function everybody({ principal, conditions }: Statement, kind: PolicyKind): readonly PolicyProblem[] {
  if ((kind !== 'resource' && kind !== 'trust') || principal === null || principal.negated) return []
  const all = principal.entries.some(({ type, value }) => type === 'AWS' && value === '*')
  if (!all || conditions.length > 0) return []
  return [
    warning(
      principal.place,
      'principal_everyone',
      `\`Principal\` is \`*\` and there is no condition: everybody in the world may${kind === 'trust' ? ' take the role' : ', also without credentials'}.`,
      'Name accounts or roles, or add a condition such as `aws:PrincipalOrgID`. For a VPC endpoint it is usual.',
    ),
  ]
}

/** In SCPs and boundaries it is the usual way to write a limit; there the rest still needs an Allow of its own. */
const GRANTING: ReadonlySet<PolicyKind> = new Set(['identity', 'resource', 'trust'])

function everythingBut({ action, resource }: Statement, kind: PolicyKind): readonly PolicyProblem[] {
  if (!GRANTING.has(kind)) return []
  const found: PolicyProblem[] = []
  if (action.negated && !action.patterns.includes('*'))
    found.push(
      warning(
        action.place,
        'not_action_allow',
        '`NotAction` with Allow allows everything else of all services, also what AWS adds later.',
        'List what is allowed with `Action`, or deny the exceptions.',
      ),
    )
  if (resource?.negated === true && !resource.patterns.includes('*'))
    found.push(
      warning(
        resource.place,
        'not_resource_allow',
        '`NotResource` with Allow allows all other resources, also those that are made later.',
        'List what is allowed with `Resource`, or deny the exceptions.',
      ),
    )
  return found
}
