/** Accounts that end: closing with its three states, removing, leaving. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { constraint } from './errors.ts'
import { publish } from './events.ts'
import * as state from './state.ts'

const MONTH_MS = 30 * 86_400_000

export function closeAccount(call: Call<{ AccountId: string }>): void {
  const { world, input } = call
  const organization = state.managed(call)
  const account = state.memberOf(world, organization, input.AccountId)
  if (account.id === organization.managementAccountId)
    throw constraint(
      'CANNOT_CLOSE_MANAGEMENT_ACCOUNT',
      'You cannot close the management account of an organization.',
    )
  if (account.state === 'PENDING_CLOSURE')
    throw new AwsError('ConflictException', 'The account is already being closed.')
  if (account.state !== 'ACTIVE')
    throw new AwsError('AccountAlreadyClosedException', 'The account is already closed.')
  checkQuotas(world, organization)
  const parent = account.parentId ?? organization.rootId
  const place = { fromParentId: parent, toParentId: parent }
  const { managementAccountId } = organization
  const change = { managementAccountId, subjectId: account.id, ...place, by: call.caller }
  world.tell({ kind: 'account_closing', ...change })
  state.accounts(world).put(account.id, { ...account, state: 'PENDING_CLOSURE', closedAt: world.now() })
  world.tell({ kind: 'account_closed', ...change })
  world.later(world.duration('organizations.close_account'), 'organizations', 'suspended', { id: account.id })
}

function checkQuotas(world: World, organization: state.Organization): void {
  let [members, pending, recent] = [0, 0, 0]
  for (const a of state.accounts(world).values()) {
    // The management account is no member.
    if (a.organizationId !== organization.id || a.id === organization.managementAccountId) continue
    members++
    if (a.state === 'PENDING_CLOSURE') pending++
    if (a.closedAt !== undefined && a.closedAt > world.now() - MONTH_MS) recent++
  }
  if (pending >= world.limit('organizations.concurrent_closures'))
    throw constraint(
      'CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED',
      'You attempted to exceed the number of accounts that you can close at a time.',
    )
  if (recent >= closureQuota(world, members))
    throw constraint(
      'CLOSE_ACCOUNT_QUOTA_EXCEEDED',
      'You have exceeded close account quota for the past 30 days.',
    )
}

function closureQuota(world: World, members: number): number {
  const share = Math.floor((members * world.limit('organizations.closure_quota_percent')) / 100)
  return Math.min(
    world.limit('organizations.closure_quota_max'),
    Math.max(world.limit('organizations.closure_quota_min'), share),
  )
}

/** Timer: the account is closed; 90 days remain in which AWS could open it again. */
export function finishClosing(world: World, { id }: { id: string }): void {
  const account = state.accounts(world).get(id)
  if (account?.state !== 'PENDING_CLOSURE') return
  const fault = world.fault({
    at: 'outcome',
    service: 'organizations',
    operation: 'CloseAccount',
    subject: `${id} ${account.email} ${account.name}`,
  })
  if (fault?.do === 'stick') return
  if (fault?.do === 'delay') return void world.later(fault.ms, 'organizations', 'suspended', { id })
  const failed = fault?.do === 'fail'
  const { closedAt, ...open } = account
  state
    .accounts(world)
    .put(
      id,
      failed
        ? { ...open, state: 'ACTIVE' }
        : { ...open, closedAt: closedAt ?? world.now(), state: 'SUSPENDED' },
    )
  const organization = state.organizationOfAccount(world, id)
  if (!organization) return
  publish(world, organization, 'AWS Service Event via CloudTrail', 'CloseAccountResult', {
    serviceEventDetails: {
      closeAccountStatus: {
        accountId: id,
        state: failed ? 'FAILED' : 'SUCCEEDED',
        requestedTimestamp: new Date(closedAt ?? world.now()).toISOString(),
        completedTimestamp: new Date(world.now()).toISOString(),
      },
    },
  })
  if (!failed)
    world.later(world.duration('organizations.permanent_closure'), 'organizations', 'closed', { id })
}

export function finishPermanently(world: World, { id }: { id: string }): void {
  const account = state.accounts(world).get(id)
  if (account?.state === 'SUSPENDED') state.accounts(world).put(id, { ...account, state: 'CLOSED' })
}

export function checkMayLeave(world: World, organization: state.Organization, account: state.Account): void {
  if (account.id === organization.managementAccountId)
    throw new AwsError(
      'MasterCannotLeaveOrganizationException',
      'You cannot remove the management account from the organization.',
    )
  for (const { accountId } of state.delegations(world).values())
    if (accountId === account.id)
      throw constraint(
        'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
        'The account is a delegated administrator. Deregister it first.',
      )
  const ready = account.createdAt + world.duration('organizations.minimum_age')
  if (account.joinedMethod === 'CREATED' && world.now() < ready)
    throw constraint(
      'WAIT_PERIOD_ACTIVE',
      `After you create an account, you must wait until ${new Date(ready).toISOString()} before it can leave the organization.`,
    )
}

/** Takes an account out; what the organisation gave it goes with it. */
export function depart(
  world: World,
  organization: state.Organization,
  account: state.Account,
  method: 'LEFT' | 'REMOVED',
): void {
  state.accounts(world).put(account.id, { ...account, organizationId: null, parentId: null })
  state.attachments(world).delete(account.id)
  state.tags(world).delete(account.id)
  const arn = `arn:aws:iam::${account.id}:root`
  world.tell({
    kind: 'account_left',
    managementAccountId: organization.managementAccountId,
    subjectId: account.id,
    fromParentId: account.parentId ?? organization.rootId,
    toParentId: account.parentId ?? organization.rootId,
    by: { accountId: account.id, arn, roleArn: null, userId: account.id },
  })
  publish(world, organization, 'AWS Service Event via CloudTrail', 'AccountDepartedOrganization', {
    serviceEventDetails: {
      accountDepartedOrganization: {
        accountId: account.id,
        departureMethod: method,
        organizationId: organization.id,
      },
    },
  })
}

export function removeAccountFromOrganization(call: Call<{ AccountId: string }>): void {
  const organization = state.managed(call)
  const account = state.memberOf(call.world, organization, call.input.AccountId)
  checkMayLeave(call.world, organization, account)
  depart(call.world, organization, account, 'REMOVED')
}

export function leaveOrganization(call: Call<unknown>): void {
  const organization = state.ours(call)
  const account = state.memberOf(call.world, organization, call.caller.accountId)
  checkMayLeave(call.world, organization, account)
  depart(call.world, organization, account, 'LEFT')
}
