/** Does AWS let this call through? Every check of a call, decided by the policy engine. */
import { evaluateFast } from '../../policy/compile/evaluate.ts'
import type { PolicySet } from '../../policy/policies.ts'
import type { Request } from '../../policy/request.ts'
import type { Authenticated } from '../core/authenticate.ts'
import type { Call, ServiceDefinition } from '../core/contract.ts'
import type { ServiceModel } from '../core/model.ts'
import { type Check, checksOf } from './checks.ts'
import { type Denied, denialText } from './denial.ts'
import { impliedOf } from './implied.ts'
import { type OrganizationView, type Place, policiesOfCaller, policiesOfResource } from './policies.ts'
import { callContext, principalOf, withKeys, withResource } from './request.ts'

/** null: allowed. Otherwise AWS's message for the first check that is denied, the call's own before what it implies. */
export function refusal(
  service: ServiceDefinition,
  model: ServiceModel,
  call: Call,
  who: Authenticated,
  organization: OrganizationView,
): string | null {
  const { world } = call
  const mine = policiesOfCaller(world, who, organization)
  const home = organization.place(world, call.caller.accountId)
  const context = callContext(call, who, service, home)
  const principal = principalOf(call.caller)
  const direct = checksOf(service, call).map((check) => ({ ...check, keys: NO_KEYS }))
  for (const check of [...direct, ...impliedOf(service, model, call, direct)]) {
    const resource = { arn: check.resource, account: check.owner }
    const there = check.owner === call.caller.accountId ? home : organization.place(world, check.owner)
    const set: PolicySet = { ...mine, ...policiesOfResource(world, service, resource, organization) }
    const request: Request = {
      action: check.action,
      resource,
      principal,
      context: withKeys(withResource(context, world, service, resource, there), check.keys),
      unlisted: 'absent',
    }
    const decision = evaluateFast(request, set)
    if (decision.verdict !== 'allowed')
      return denialText(deniedOf(check, call, service, home !== null && isSame(home, there)), decision)
  }
  return null
}

const NO_KEYS: ReadonlyMap<string, readonly string[]> = new Map()

const isSame = (home: Place, there: Place | null) => home.organizationId === there?.organizationId

const deniedOf = (
  { action, resource, owner }: Check,
  { caller }: Call,
  { signingName, deniedWords }: ServiceDefinition,
  sameOrganization: boolean,
): Denied => ({
  principalArn: caller.arn,
  action: deniedWords?.lowerCaseAction ? action.toLowerCase() : action,
  resource: deniedWords?.quotedResource ? `"${resource}"` : resource,
  isTrust: signingName === 'sts',
  mayNamePolicy: owner === caller.accountId || sameOrganization,
})
