import type { PrincipalType } from '../../policy/request.ts'
import { serviceOf } from '../../policy/request.ts'
import {
  isUnrestrictedByScps,
  RCP_ACTIONS_WITHOUT_RESOURCE,
  RCP_SERVICES,
  RCP_UNAFFECTED_ACTIONS,
} from '../../policy/rules/rules.ts'
import { actionSet } from './actions.ts'
import { type Dialect, literal } from './dialect.ts'
import { and, choose, FALSE, not, or, TRUE, UNKNOWN } from './truth.ts'

/** Whom SCPs bind; the others are exempt whatever they do (`policy/evaluate/exempt.ts`). */
const BOUND: readonly PrincipalType[] = ['user', 'role', 'root', 'federated_user', 'account', 'unknown']
const OUTSIDE = "ptype in ('service', 'anonymous', 'web_identity', 'saml')"

const serviceLinked = (dialect: Dialect) =>
  `(ptype = 'service_linked_role' or (ptype = 'role' and coalesce(${dialect.matches('parn', 'arn:[^:]+:iam::\\d{12}:role/aws-service-role/.*')}, false)))`

/** Whether SCPs have a say. `actions`: those that some SCP speaks of. */
export function scpApplies(dialect: Dialect, management: string | null, actions: readonly string[]): string {
  const free = or(
    BOUND.map((type) =>
      and([`ptype = ${literal(type)}`, actionSet(actions, (action) => isUnrestrictedByScps(action, type))]),
    ),
  )
  return choose(
    [
      [or([OUTSIDE, serviceLinked(dialect), free]), FALSE],
      [isAccount('paccount', management), FALSE],
      [
        or([
          management === null ? '(owner is null and paccount is null)' : 'paccount is null',
          "ptype = 'unknown'",
        ]),
        UNKNOWN,
      ],
    ],
    TRUE,
  )
}

/** Whether RCPs have a say. An owner who is not known may be the management account. */
export function rcpApplies(dialect: Dialect, management: string | null, actions: readonly string[]): string {
  const bound = actionSet(actions, (action) => {
    const lower = action.toLowerCase()
    return (
      RCP_SERVICES.has(serviceOf(action)) &&
      !RCP_UNAFFECTED_ACTIONS.has(lower) &&
      !RCP_ACTIONS_WITHOUT_RESOURCE.has(lower)
    )
  })
  return choose(
    [
      [or([serviceLinked(dialect), not(bound), isAccount('owner', management)]), FALSE],
      ["(owner is null or ptype = 'unknown')", UNKNOWN],
    ],
    TRUE,
  )
}

const isAccount = (column: string, management: string | null) =>
  management === null ? FALSE : `coalesce(${column} = ${literal(management)}, false)`
