import {
  CreateAccountCommand,
  type CreateAccountStatus,
  DescribeCreateAccountStatusCommand,
  ListCreateAccountStatusCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { conflict, RankanError } from '../../kernel/errors.ts'
import type {
  AccountCreation,
  AccountOrder,
  OperationHandle,
  OperationView,
  OrderMark,
} from '../../ports/estate.ts'
import type { Connection } from '../connection.ts'
import { unless } from '../errors.ts'
import { createAccountRemedy } from '../failures.ts'
import type { OrganizationReader } from '../organizations/read.ts'
import { moveAccount } from '../organizations/write.ts'
import { find, paged } from '../pages.ts'
import { enrolAgain, lookEnrolment } from './enrolment.ts'
import type { ControlTowerReader } from './read.ts'

interface Parts {
  readonly organizations: OrganizationsClient
  readonly controlTower: Connection['controlTower']
  readonly organization: OrganizationReader
  readonly tower: ControlTowerReader
}

/** Accounts through `CreateAccount`; Control Tower enrols them by itself when they are moved into a registered OU. */
export function autoEnrolmentEngine(parts: Parts): AccountCreation {
  return {
    engine: 'auto_enrolment',
    begin: (order) => begin(parts, order),
    look: (handle) => look(parts, handle),
    clear: (order) => clear(parts, order),
    release: (accountId) => release(parts, accountId),
    readmit: (accountId, order) => readmit(parts, accountId, order.ou.id),
  }
}

/**
 * `CreateAccount` has no token. A creation that runs is found by its name, which Rankan reserves for one order for
 * ever. One that ended is found when AWS refuses the e-mail a second time (`look`), because the list of ended
 * creations grows with the estate; the e-mail is unique in all of AWS, so an account is never doubled.
 */
async function begin(parts: Parts, order: AccountOrder): Promise<OperationHandle> {
  const mark = { name: order.name, email: order.email }
  const running = await findCreation(parts.organizations, 'IN_PROGRESS', order.name)
  if (running?.Id) return { kind: 'create_account', requestId: running.Id, order: mark }
  const { CreateAccountStatus: status } = await parts.organizations.send(
    new CreateAccountCommand({
      AccountName: order.name,
      Email: order.email,
      IamUserAccessToBilling: 'ALLOW',
      Tags: Object.entries(order.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  )
  if (!status?.Id)
    throw new RankanError('unavailable', 'no_request', 'AWS accepted the account but named no request.')
  return { kind: 'create_account', requestId: status.Id, order: mark }
}

async function findCreation(client: OrganizationsClient, state: 'IN_PROGRESS' | 'SUCCEEDED', name: string) {
  const all = paged(async (token) => {
    const page = await client.send(new ListCreateAccountStatusCommand({ States: [state], NextToken: token }))
    return { items: page.CreateAccountStatuses, next: page.NextToken }
  })
  return find(all, (s) => s.AccountName === name)
}

async function look(parts: Parts, handle: OperationHandle): Promise<OperationView> {
  switch (handle.kind) {
    case 'done':
      return { state: 'succeeded', accountId: handle.accountId }
    case 'enrolment':
      return lookEnrolment(parts, handle.accountId, handle.ouId)
    case 'create_account':
      return lookCreation(parts, handle.requestId, handle.order)
    case 'service_catalog_record':
      throw conflict('wrong_engine', 'This operation was begun by the Account Factory engine.')
  }
}

async function lookCreation(
  parts: Parts,
  requestId: string,
  mark: OrderMark | undefined,
): Promise<OperationView> {
  const status = await creationStatus(parts.organizations, requestId)
  if (status === null || status.State === 'IN_PROGRESS') return { state: 'running' }
  if (status.State === 'SUCCEEDED' && status.AccountId)
    return { state: 'succeeded', accountId: status.AccountId }
  if (status.State === 'FAILED') return failedCreation(parts, status, mark)
  return { state: 'running' }
}

/** A request that was just made may not be visible yet. */
const creationStatus = (client: OrganizationsClient, requestId: string) =>
  unless(
    ['CreateAccountStatusNotFoundException'],
    async () => {
      const answer = await client.send(
        new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: requestId }),
      )
      return answer.CreateAccountStatus ?? null
    },
    () => null,
  )

async function failedCreation(
  parts: Parts,
  status: CreateAccountStatus,
  mark: OrderMark | undefined,
): Promise<OperationView> {
  const code = status.FailureReason ?? 'INTERNAL_FAILURE'
  if (code === 'EMAIL_ALREADY_EXISTS' && mark !== undefined) {
    const own = await ownAccount(parts, mark)
    if (own !== null) return own
  }
  return {
    state: 'failed',
    code,
    message: `AWS did not create the account \`${status.AccountName ?? ''}\`: ${code}.`,
    remedy: createAccountRemedy(code),
  }
}

/** The e-mail is taken: by the account that an earlier call of this same order made? */
async function ownAccount(parts: Parts, mark: OrderMark): Promise<OperationView | null> {
  if (await findCreation(parts.organizations, 'IN_PROGRESS', mark.name)) return { state: 'running' }
  const made = await findCreation(parts.organizations, 'SUCCEEDED', mark.name)
  // An account that AWS does not show yet may be ours: to say that a stranger has the e-mail would be wrong.
  if (made?.AccountId && (await parts.organization.account(made.AccountId)) === null)
    return { state: 'running' }
  const accountId = await findOwn(parts, mark)
  return accountId === null ? null : { state: 'succeeded', accountId }
}

async function findOwn(parts: Parts, mark: OrderMark): Promise<string | null> {
  const isOwn = (a: { name: string; email: string } | null) =>
    a !== null && a.name === mark.name && a.email.toLowerCase() === mark.email.toLowerCase()
  const made = await findCreation(parts.organizations, 'SUCCEEDED', mark.name)
  if (made?.AccountId && isOwn(await parts.organization.account(made.AccountId))) return made.AccountId
  return (await find(parts.organization.accounts(), isOwn))?.accountId ?? null
}

/** A failed creation leaves nothing; a failed enrolment is repeated from the OU that the account is in. */
async function clear(parts: Parts, order: AccountOrder): Promise<void> {
  if (!(await parts.tower.hasLandingZone())) return
  const accountId = await findOwn(parts, { name: order.name, email: order.email })
  if (accountId === null) return
  await enrolAgain(parts, accountId)
}

/** Moving to the root un-enrols the account. */
async function release(parts: Parts, accountId: string): Promise<OperationHandle> {
  const { rootId } = await parts.organization.describe()
  if (!(await moveAccount(parts.organizations, parts.organization, accountId, rootId)))
    await letGoAgain(parts, accountId, rootId)
  return { kind: 'enrolment', accountId, ouId: rootId }
}

/**
 * An account that stands at the root and failed to be un-enrolled: Control Tower acts on moves alone, so it goes into its
 * OU and out again. Dying in between leaves it in the OU, from where the next release moves it.
 */
async function letGoAgain(parts: Parts, accountId: string, rootId: string): Promise<void> {
  const { tower, organizations, organization } = parts
  if (!(await tower.hasLandingZone())) return
  const baseline = await tower.enabledOn(await tower.arnOf('account', accountId))
  if (baseline?.statusSummary?.status !== 'FAILED') return
  const ouId = await tower.ouOf(baseline)
  if (ouId === null) return
  await moveAccount(organizations, organization, accountId, ouId)
  await moveAccount(organizations, organization, accountId, rootId)
}

/** An account that stands there already may have failed to enrol or to be let go: its OU repeats the enrolment. */
async function readmit(parts: Parts, accountId: string, ouId: string): Promise<OperationHandle> {
  if (!(await moveAccount(parts.organizations, parts.organization, accountId, ouId)))
    await enrolAgain(parts, accountId)
  return { kind: 'enrolment', accountId, ouId }
}
