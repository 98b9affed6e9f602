/** Does AWS let this call through? Every check of a call, decided by the policy engine. */
import { evaluateFast } from '../../policy/compile/evaluate.ts'
import type { PolicySet } from '../../policy/policies.ts'
import type { Request } from '../../policy/request.ts'
import type { Authenticated } from '../core/authenticate.ts'
import type { Call, ServiceDefinition } from '../core/contract.ts'
import { type Denied, denialText } from './denial.ts'
import { type OrganizationView, type Place, policiesOfCaller, policiesOfResource } from './policies.ts'
import { callContext, principalOf, withResource } from './request.ts'

/** One thing that a call asks leave for. */
export interface Check {
  readonly action: string
  readonly resource: string
  /** Twelve digits: whose the resource is. */
  readonly owner: string
}

/** The actions of a call on each of its resources; all must be allowed. */
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

/** null: allowed. Otherwise AWS's message for the first check that is denied. */
export function refusal(
  service: ServiceDefinition,
  call: Call,
  who: Authenticated,
  organization: OrganizationView,
): string | null {
  const { world } = call
  const mine = policiesOfCaller(world, who, organization)
  const home = organization.place(world, call.caller.accountId)
  const context = callContext(call, who, service, home)
  const principal = principalOf(call.caller)
  for (const check of checksOf(service, call)) {
    const resource = { arn: check.resource, account: check.owner }
    const there = check.owner === call.caller.accountId ? home : organization.place(world, check.owner)
    const set: PolicySet = { ...mine, ...policiesOfResource(world, service, resource, organization) }
    const request: Request = {
      action: check.action,
      resource,
      principal,
      context: withResource(context, world, service, resource, there),
      unlisted: 'absent',
    }
    const decision = evaluateFast(request, set)
    if (decision.verdict !== 'allowed')
      return denialText(deniedOf(check, call, service, home !== null && isSame(home, there)), decision)
  }
  return null
}

const isSame = (home: Place, there: Place | null) => home.organizationId === there?.organizationId

const deniedOf = (
  { action, resource, owner }: Check,
  { caller }: Call,
  service: ServiceDefinition,
  sameOrganization: boolean,
): Denied => ({
  principalArn: caller.arn,
  action,
  resource,
  isTrust: service.signingName === 'sts',
  mayNamePolicy: owner === caller.accountId || sameOrganization,
})
