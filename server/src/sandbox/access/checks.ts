/** What a call asks leave for, in its own name. */
import type { Call, ServiceDefinition } from '../core/contract.ts'

/** One thing that a call asks leave for. */
export interface Check {
  readonly action: string
  readonly resource: string
  /** Twelve digits: whose the resource is. */
  readonly owner: string
}

/** The call's own actions on each of its resources; all must be allowed. */
export function checksOf(service: ServiceDefinition, call: Call): readonly Check[] {
  const actions = service.actions?.[call.operation] ?? [`${service.iamPrefix}:${call.operation}`]
  const named = service.resources?.(call as never) ?? []
  const resources = named.length === 0 ? ['*'] : named
  return actions.flatMap((action) =>
    resources.map((resource) => ({ action, resource, owner: ownerOf(service, resource, call) })),
  )
}

// Only where resources have policies of their own can one account use another's. Elsewhere an ARN may name another
// account (Organizations' are all the management account's), and what is allowed there is the service's own rule.
function ownerOf(service: ServiceDefinition, resource: string, { caller }: Call): string {
  if (service.resourcePolicy === undefined) return caller.accountId
  const account = resource.split(':')[4] ?? ''
  return /^\d{12}$/.test(account) ? account : caller.accountId
}
