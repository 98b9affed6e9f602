/** Accounts: creation, listing, moving, closing. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { holderKey, type Role, roles } from '../../core/principals.ts'
import { accountNotFound, constraint, invalidInput, notFound, parentNotFound } from './errors.ts'
import { publish } from './events.ts'
import { type PageInput, page } from './paging.ts'
import { attachDefaults } from './policy-defaults.ts'
import * as state from './state.ts'
import { asTagMap, type TagInput } from './tags.ts'

export function view(world: World, organization: state.Organization, account: state.Account) {
  return {
    Id: account.id,
    Arn: state.arnOf(organization, 'account', account.id),
    Email: account.email,
    Name: account.name,
    Status: statusOf(account.state),
    State: account.state,
    Paths: [`${organization.id}/${state.lineage(world, organization, account.id).join('/')}/`],
    JoinedMethod: account.joinedMethod,
    JoinedTimestamp: account.joinedAt,
  }
}

// The older field knows fewer states.
function statusOf(state: state.AccountState): string {
  if (state === 'PENDING_ACTIVATION') return 'ACTIVE'
  return state === 'CLOSED' ? 'SUSPENDED' : state
}

/** A visibility fault hides accounts that joined less than its `ms` ago. */
function visible(call: Call<unknown>): (account: state.Account) => boolean {
  const fault = call.world.fault({ at: 'visibility', service: 'organizations', operation: call.operation })
  if (fault?.do !== 'delay') return () => true
  const since = call.world.now() - fault.ms
  return (account) => account.joinedAt <= since
}

export function describeAccount(call: Call<{ AccountId: string }>) {
  const organization = state.readable(call)
  const account = state.memberOf(call.world, organization, call.input.AccountId)
  if (!visible(call)(account)) throw accountNotFound()
  return { Account: view(call.world, organization, account) }
}

function pageOfAccounts(call: Call<PageInput>, fits: (account: state.Account) => boolean) {
  const organization = state.readable(call)
  const seen = visible(call)
  const found = page(
    state.accounts(call.world),
    (a) => a.organizationId === organization.id && fits(a) && seen(a),
    call.input,
  )
  return { Accounts: found.items.map((a) => view(call.world, organization, a)), NextToken: found.next }
}

export const listAccounts = (call: Call<PageInput>) => pageOfAccounts(call, () => true)

export function listAccountsForParent(call: Call<PageInput & { ParentId: string }>) {
  const { ParentId } = call.input
  if (!state.isParent(call.world, state.readable(call), ParentId)) throw parentNotFound()
  return pageOfAccounts(call, (a) => a.parentId === ParentId)
}

export interface CreateAccountInput {
  readonly Email: string
  readonly AccountName: string
  readonly RoleName?: string
  readonly Tags?: readonly TagInput[]
}

export function createAccount(call: Call<CreateAccountInput>) {
  const { world, input } = call
  const organization = state.managed(call)
  if (running(world, organization) >= world.limit('organizations.concurrent_creations'))
    throw constraint(
      'ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED',
      'You have too many account creations in progress. Wait until one of them completes, then try again.',
    )
  const request: state.CreateRequest = {
    id: `car-${world.id(32, '0123456789abcdef')}`,
    organizationId: organization.id,
    name: input.AccountName,
    email: input.Email,
    roleName: input.RoleName ?? 'OrganizationAccountAccessRole',
    tags: asTagMap(world, input.Tags ?? []),
    state: 'IN_PROGRESS',
    requestedAt: world.now(),
  }
  state.createRequests(world).put(request.id, request)
  const doomed = refusalOf(world, organization, request) !== null
  const duration = world.duration(
    doomed ? 'organizations.create_account_failure' : 'organizations.create_account',
  )
  world.later(duration, 'organizations', 'created', { id: request.id })
  return { CreateAccountStatus: requestView(request) }
}

function running(world: World, organization: state.Organization): number {
  let n = 0
  for (const r of state.createRequests(world).values())
    if (r.state === 'IN_PROGRESS' && r.organizationId === organization.id) n++
  return n
}

function refusalOf(
  world: World,
  organization: state.Organization,
  request: state.CreateRequest,
): string | null {
  const email = request.email.toLowerCase()
  if (state.emails(world).has(email)) return 'EMAIL_ALREADY_EXISTS'
  for (const other of state.createRequests(world).values())
    if (other.state === 'IN_PROGRESS' && other.email.toLowerCase() === email && earlier(other, request))
      return 'EMAIL_ALREADY_EXISTS'
  return countOf(world, organization) >= world.limit('organizations.accounts')
    ? 'ACCOUNT_LIMIT_EXCEEDED'
    : null
}

const earlier = (a: state.CreateRequest, b: state.CreateRequest) =>
  a.id !== b.id && (a.requestedAt < b.requestedAt || (a.requestedAt === b.requestedAt && a.id < b.id))

/** Closed accounts count until the 90 days are over. */
function countOf(world: World, organization: state.Organization): number {
  let n = 0
  for (const a of state.accounts(world).values())
    if (a.organizationId === organization.id && a.state !== 'CLOSED') n++
  return n
}

/** Timer: the creation comes to its end. */
export function finishCreation(world: World, { id }: { id: string }): void {
  const request = state.createRequests(world).get(id)
  const organization = request && state.organizations(world).get(request.organizationId)
  if (!request || !organization) return
  const fault = world.fault({
    at: 'outcome',
    service: 'organizations',
    operation: 'CreateAccount',
    subject: `${request.email} ${request.name}`,
  })
  if (fault?.do === 'stick') return
  if (fault?.do === 'delay') return void world.later(fault.ms, 'organizations', 'created', { id })
  const reason = fault?.do === 'fail' ? fault.code : refusalOf(world, organization, request)
  const done: state.CreateRequest =
    reason !== null
      ? { ...request, state: 'FAILED', failureReason: reason, completedAt: world.now() }
      : {
          ...request,
          state: 'SUCCEEDED',
          accountId: newAccount(world, organization, request),
          completedAt: world.now(),
        }
  state.createRequests(world).put(id, done)
  publish(world, organization, 'AWS Service Event via CloudTrail', 'CreateAccountResult', {
    serviceEventDetails: { createAccountStatus: eventView(done) },
  })
}

function newAccount(world: World, organization: state.Organization, request: state.CreateRequest): string {
  const id = addAccount(world, organization, {
    name: request.name,
    email: request.email,
    parentId: organization.rootId,
  })
  if (Object.keys(request.tags).length > 0) state.tags(world).put(id, request.tags)
  addMemberRole(world, organization, id, request.roleName)
  publish(world, organization, 'AWS Service Event via CloudTrail', 'AccountJoinedOrganization', {
    serviceEventDetails: {
      accountJoinedOrganization: { accountId: id, joinMethod: 'CREATED', organizationId: organization.id },
    },
  })
  return id
}

/** A new account with all that Organizations itself gives it. Used by the seed too. */
export function addAccount(
  world: World,
  organization: state.Organization,
  {
    name,
    email,
    parentId,
    id = newAccountId(world),
  }: { name: string; email: string; parentId: string; id?: string },
): string {
  const now = world.now()
  state.accounts(world).put(id, {
    id,
    organizationId: organization.id,
    name,
    email,
    state: 'ACTIVE',
    joinedMethod: 'CREATED',
    joinedAt: now,
    createdAt: now,
    parentId,
  })
  state.emails(world).put(email.toLowerCase(), id)
  attachDefaults(world, organization, id)
  return id
}

export function newAccountId(world: World): string {
  for (;;) {
    const id = world.id(1, '123456789') + world.id(11, '0123456789')
    if (!state.accounts(world).has(id)) return id
  }
}

const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess'

export function addMemberRole(
  world: World,
  organization: state.Organization,
  accountId: string,
  name: string,
): void {
  const role: Role = {
    accountId,
    name,
    path: '/',
    id: `AROA${world.id(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    arn: `arn:aws:iam::${accountId}:role/${name}`,
    createdAt: world.now(),
    inline: {},
    attached: [ADMINISTRATOR],
    tags: {},
    maxSessionSeconds: 3600,
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${organization.managementAccountId}:root` },
          Action: 'sts:AssumeRole',
        },
      ],
    }),
  }
  roles(world).put(holderKey(accountId, name), role)
}

export const requestView = (r: state.CreateRequest) => ({
  Id: r.id,
  AccountName: r.name,
  State: r.state,
  RequestedTimestamp: r.requestedAt,
  CompletedTimestamp: r.completedAt,
  AccountId: r.accountId,
  FailureReason: r.failureReason,
})

const eventView = (r: state.CreateRequest) => ({
  id: r.id,
  state: r.state,
  accountName: '****',
  accountId: r.accountId,
  requestedTimestamp: new Date(r.requestedAt).toISOString(),
  completedTimestamp: new Date(r.completedAt ?? r.requestedAt).toISOString(),
  failureReason: r.failureReason,
})

export function describeCreateAccountStatus(call: Call<{ CreateAccountRequestId: string }>) {
  const organization = state.readable(call)
  const request = state.createRequests(call.world).get(call.input.CreateAccountRequestId)
  if (request?.organizationId !== organization.id)
    throw notFound('CreateAccountStatusNotFoundException', 'a create account request')
  return { CreateAccountStatus: requestView(request) }
}

export function listCreateAccountStatus(call: Call<PageInput & { States?: readonly string[] }>) {
  const organization = state.readable(call)
  const found = page(
    state.createRequests(call.world),
    (r) => r.organizationId === organization.id && (call.input.States?.includes(r.state) ?? true),
    call.input,
  )
  return { CreateAccountStatuses: found.items.map(requestView), NextToken: found.next }
}

export interface MoveInput {
  readonly AccountId: string
  readonly SourceParentId: string
  readonly DestinationParentId: string
}

export function moveAccount(call: Call<MoveInput>) {
  const { world, input } = call
  const organization = state.managed(call)
  const account = state.memberOf(world, organization, input.AccountId)
  if (!state.isParent(world, organization, input.SourceParentId))
    throw notFound('SourceParentNotFoundException', 'a source parent')
  if (!state.isParent(world, organization, input.DestinationParentId))
    throw notFound('DestinationParentNotFoundException', 'a destination parent')
  if (account.parentId === input.DestinationParentId)
    throw new AwsError(
      'DuplicateAccountException',
      'The account that you specified is already present in the destination.',
    )
  if (account.parentId !== input.SourceParentId)
    throw notFound('SourceParentNotFoundException', 'a source parent')
  if (account.state === 'CLOSED') throw invalidInput('INVALID_PATTERN', 'A closed account cannot be moved.')
  const change = {
    managementAccountId: organization.managementAccountId,
    subjectId: account.id,
    fromParentId: input.SourceParentId,
    toParentId: input.DestinationParentId,
    by: call.caller,
  }
  world.tell({ kind: 'account_moving', ...change })
  state.accounts(world).put(account.id, { ...account, parentId: input.DestinationParentId })
  world.tell({ kind: 'account_moved', ...change })
}
