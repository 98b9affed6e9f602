/** AWS Organizations. Mutating calls also appear as CloudTrail events in the management account, as on AWS. */
import type { Call, Handler, ServiceDefinition } from '../../core/contract.ts'
import * as accounts from './accounts.ts'
import * as closing from './closing.ts'
import * as delegation from './delegation.ts'
import { describeEffectivePolicy } from './effective-call.ts'
import { invalidModel } from './errors.ts'
import { publish } from './events.ts'
import * as handshakes from './handshakes.ts'
import * as organization from './organization.ts'
import * as ous from './ous.ts'
import * as policies from './policies.ts'
import { resourcesOf } from './resources.ts'
import { settings } from './settings.ts'
import { organizationOfAccount } from './state.ts'
import * as tags from './tags.ts'

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [lowerFirst(k), camel(v)]))
}

// CloudTrail hides what identifies people.
const HIDDEN = new Set(['Email', 'AccountName', 'Notes'])
const withoutPeople = (input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).map(([k, v]) => [k, HIDDEN.has(k) ? '****' : v]))

/** Adds the CloudTrail event of a call that changed something. */
function recorded(handler: Handler): Handler {
  return (call: Call) => {
    const before = organizationOfAccount(call.world, call.caller.accountId)
    const output = handler(call as never)
    const at = organizationOfAccount(call.world, call.caller.accountId) ?? before
    if (at)
      publish(call.world, at, 'AWS API Call via CloudTrail', call.operation, {
        userIdentity: { arn: call.caller.arn, accountId: call.caller.accountId },
        requestID: call.requestId,
        requestParameters: camel(withoutPeople(call.input)),
        responseElements: camel(output ?? null),
      })
    return output
  }
}

const reads: Record<string, Handler> = {
  DescribeEffectivePolicy: describeEffectivePolicy,
  DescribeHandshake: handshakes.describeHandshake,
  DescribePolicy: policies.describePolicy,
  ListHandshakesForAccount: handshakes.listHandshakesForAccount,
  ListHandshakesForOrganization: handshakes.listHandshakesForOrganization,
  ListPolicies: policies.listPolicies,
  ListPoliciesForTarget: policies.listPoliciesForTarget,
  ListTargetsForPolicy: policies.listTargetsForPolicy,
  DescribeAccount: accounts.describeAccount,
  DescribeCreateAccountStatus: accounts.describeCreateAccountStatus,
  DescribeOrganization: organization.describeOrganization,
  DescribeOrganizationalUnit: ous.describeOrganizationalUnit,
  DescribeResourcePolicy: organization.describeResourcePolicy,
  ListAWSServiceAccessForOrganization: organization.listServiceAccess,
  ListAccounts: accounts.listAccounts,
  ListAccountsForParent: accounts.listAccountsForParent,
  ListChildren: ous.listChildren,
  ListCreateAccountStatus: accounts.listCreateAccountStatus,
  ListDelegatedAdministrators: delegation.listDelegatedAdministrators,
  ListDelegatedServicesForAccount: delegation.listDelegatedServicesForAccount,
  ListOrganizationalUnitsForParent: ous.listOrganizationalUnitsForParent,
  ListParents: ous.listParents,
  ListRoots: ous.listRoots,
  ListTagsForResource: tags.listTagsForResource,
}

const writes: Record<string, Handler> = {
  AcceptHandshake: handshakes.acceptHandshake,
  AttachPolicy: policies.attachPolicy,
  CancelHandshake: handshakes.cancelHandshake,
  CreatePolicy: policies.createPolicy,
  DeclineHandshake: handshakes.declineHandshake,
  DeletePolicy: policies.deletePolicy,
  DetachPolicy: policies.detachPolicy,
  DisablePolicyType: policies.disablePolicyType,
  EnableAllFeatures: handshakes.enableAllFeatures,
  EnablePolicyType: policies.enablePolicyType,
  InviteAccountToOrganization: handshakes.inviteAccount,
  UpdatePolicy: policies.updatePolicy,
  CloseAccount: closing.closeAccount,
  CreateAccount: accounts.createAccount,
  CreateOrganization: organization.createOrganization,
  CreateOrganizationalUnit: ous.createOrganizationalUnit,
  DeleteOrganization: organization.deleteOrganization,
  DeleteOrganizationalUnit: ous.deleteOrganizationalUnit,
  DeleteResourcePolicy: organization.deleteResourcePolicy,
  DeregisterDelegatedAdministrator: delegation.deregisterDelegatedAdministrator,
  DisableAWSServiceAccess: organization.disableServiceAccess,
  EnableAWSServiceAccess: organization.enableServiceAccess,
  LeaveOrganization: closing.leaveOrganization,
  MoveAccount: accounts.moveAccount,
  PutResourcePolicy: organization.putResourcePolicy,
  RegisterDelegatedAdministrator: delegation.registerDelegatedAdministrator,
  RemoveAccountFromOrganization: closing.removeAccountFromOrganization,
  TagResource: tags.tagResource,
  UntagResource: tags.untagResource,
  UpdateOrganizationalUnit: ous.updateOrganizationalUnit,
}

export const organizations: ServiceDefinition = {
  signingName: 'organizations',
  model: 'organizations',
  iamPrefix: 'organizations',
  throttleCode: 'TooManyRequestsException',
  invalid: invalidModel,
  settings,
  resources: resourcesOf,
  operations: {
    ...reads,
    ...Object.fromEntries(Object.entries(writes).map(([name, handler]) => [name, recorded(handler)])),
  },
  timers: {
    policyType: policies.finishPolicyType,
    handshakeExpired: handshakes.expire,
    created: accounts.finishCreation,
    suspended: closing.finishClosing,
    closed: closing.finishPermanently,
  },
}
