import type { Exemption, Layer } from '../decision.ts'
import { type Principal, type Request, serviceOf } from '../request.ts'
import {
  isUnrestrictedByScps,
  RCP_ACTIONS_WITHOUT_RESOURCE,
  RCP_SERVICES,
  RCP_UNAFFECTED_ACTIONS,
} from '../rules/rules.ts'
import { type Truth, truthOf } from '../truth.ts'

/** Whether a kind of policy has a say at all; `unknown` where the facts that decide it are not told. */
export interface Application {
  readonly applies: Truth
  readonly exempt: Exemption | null
}

const APPLIES: Application = { applies: 'yes', exempt: null }
const exempt = (reason: Exemption): Application => ({ applies: 'no', exempt: reason })

/** `…:role/aws-service-role/…`: the path that only service-linked roles have. */
export function isServiceLinked({ principal, organization }: Request): boolean {
  if (principal.type === 'service_linked_role') return true
  if (organization?.serviceLinkedRole !== undefined) return organization.serviceLinkedRole
  return (
    principal.type === 'role' && /^arn:[^:]+:iam::\d{12}:role\/aws-service-role\//.test(principal.arn ?? '')
  )
}

/**
 * SCPs bind the users, roles and root users of member accounts.
 * Source: Organizations User Guide, "Service control policies", "Tasks and entities not restricted by SCPs".
 */
export function scpApplies(request: Request): Application {
  const { principal } = request
  if (principal.type === 'service') return exempt('service_principal')
  if (principal.type === 'anonymous') return exempt('anonymous')
  if (principal.type === 'web_identity' || principal.type === 'saml') return exempt('outside_organization')
  if (isServiceLinked(request)) return exempt('service_linked_role')
  if (isUnrestrictedByScps(request.action, principal.type)) return exempt('not_restricted_action')
  const management = isManagement(principal.account, request)
  if (management === 'yes') return exempt('management_account')
  return {
    applies: management === 'unknown' || principal.type === 'unknown' ? 'unknown' : 'yes',
    exempt: null,
  }
}

/**
 * RCPs bind whoever uses a resource of a member account, from inside or outside, in the services that support them.
 * Source: Organizations User Guide, "Resource control policies".
 */
export function rcpApplies(request: Request): Application {
  if (isServiceLinked(request)) return exempt('service_linked_role')
  if (!RCP_SERVICES.has(serviceOf(request.action))) return exempt('not_rcp_service')
  if (RCP_UNAFFECTED_ACTIONS.has(request.action.toLowerCase())) return exempt('not_restricted_action')
  if (RCP_ACTIONS_WITHOUT_RESOURCE.has(request.action.toLowerCase())) return exempt('action_without_resource')
  const management = isManagement(request.resource.account, request)
  if (management === 'yes') return exempt('management_account')
  if (management === 'unknown' || request.principal.type === 'unknown')
    return { applies: 'unknown', exempt: null }
  return APPLIES
}

function isManagement(account: string | null, { organization }: Request): Truth {
  const management = organization?.managementAccount ?? null
  if (management === null) return 'no'
  return account === null ? 'unknown' : truthOf(account === management)
}

/** Users and roles have identity policies; others have only what resource policies grant them. */
export const hasIdentity = ({ type }: Principal): Truth =>
  type === 'unknown' ? 'unknown' : truthOf(!['service', 'anonymous', 'web_identity', 'saml'].includes(type))

export const isOpen = (layer: Layer): boolean => layer.exempt === null
