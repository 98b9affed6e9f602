/**
 * What Account Factory does with an order, step by step in virtual time: take an account operation of Control Tower,
 * let Organizations make the account, move and enrol it, give its first user access, tell by a lifecycle event.
 */
import { AwsError, type World } from '../../core/contract.ts'
import { freeSlot, ouIsBusy, putChild, takeSlot } from '../controltower/accounts.ts'
import { emitManagedAccount } from '../controltower/lifecycle.ts'
import { controlTowerCaller, moveTo, ouNameOf } from '../controltower/organization.ts'
import {
  childrenOf,
  enabledOn,
  type LandingZone,
  registeredOu,
  removeBaseline,
  zonesOf,
} from '../controltower/state.ts'
import { accounts, createRequests, emails } from '../organizations/state.ts'
import { grantAccountFactoryUser } from '../sso/factory-user.ts'
import { halfMadeOf, type Job, jobsOf, keep, next, settle, type Work, workOf, zoneOfJob } from './jobs.ts'
import { updateRecord } from './records.ts'
import { emailKey, emailsOf, forget, type Output, type ProvisionedProduct, provisionedOf } from './state.ts'

export type { Job } from './jobs.ts'

type Problem = { readonly Code: string; readonly Description: string }
const problem = (Code: string, Description: string): Problem => ({ Code, Description })

/** Virtual time until an asked-for failure shows. */
const FAILS_AFTER_MS = 120_000

/** `NAME (ou-xxxx-yyyyyyyy)` */
const OU_FORMAT = /^.{1,128} \((ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})\)$/su
export const ouIdOf = (text: string | undefined) => OU_FORMAT.exec(text ?? '')?.[1] ?? ''

export function startJob(
  world: World,
  order: Pick<Job, 'recordId' | 'provisionedProductId' | 'kind' | 'parameters'>,
): void {
  jobsOf(world).put(order.recordId, {
    ...order,
    requestedAt: world.now(),
    ouId: ouIdOf(order.parameters.ManagedOrganizationalUnit),
    slotId: null,
    createRequestId: null,
    accountId: null,
    endsAt: 0,
    again: false,
    fault: null,
  })
  next(world, world.duration('servicecatalog.record_start'), 'begin', order.recordId)
}

/** Timer: the record goes to IN_PROGRESS, and fails at once where Control Tower refuses. */
export function begin(world: World, { recordId }: { recordId: string }) {
  const work = workOf(world, recordId)
  const zone = work && zoneOfJob(work)
  if (!work) return
  updateRecord(world, recordId, { status: 'IN_PROGRESS' })
  if (!zone)
    return fail(
      work,
      problem('ResourceNotFoundException', 'AWS Control Tower has no landing zone in this account.'),
    )
  if (zone.status === 'PROCESSING') return fail(work, busy('a landing zone operation is in progress'))
  if (work.job.kind === 'provision') return beginProvision(work, zone)
  if (work.job.kind === 'update') return beginUpdate(work, zone)
  beginTerminate(work, zone)
}

const busy = (why: string) =>
  problem(
    'ConflictException',
    `AWS Control Tower cannot perform the operation because ${why}. Try again later.`,
  )

function beginProvision(work: Work, zone: LandingZone) {
  const refused = ouProblem(work, zone) ?? emailProblem(work)
  if (refused) return fail(work, refused)
  const slotId = takeSlot(work.world, zone, work.job.ouId, null)
  if (slotId === null) return waitOrFail(work)
  const { world, job, product } = work
  const { AccountEmail = '', AccountName = '' } = job.parameters
  emailsOf(world).put(emailKey(product.accountId, AccountEmail), product.id)
  const subject = `${product.name} ${AccountEmail} ${AccountName}`
  const fault = world.fault({
    at: 'outcome',
    service: 'servicecatalog',
    operation: 'ProvisionProduct',
    subject,
  })
  const extra = fault?.do === 'delay' ? fault.ms : 0
  keep(work, { slotId, fault, endsAt: world.now() + world.duration('controltower.account') + extra })
  if (fault?.do === 'fail') return next(world, FAILS_AFTER_MS, 'fail_as_asked', job.recordId)
  if (fault?.do === 'stick') return stick(work)
  next(world, 0, 'create', job.recordId)
}

function ouProblem({ world, job }: Work, zone: LandingZone): Problem | null {
  const wanted = job.parameters.ManagedOrganizationalUnit
  const parent = registeredOu(world, job.ouId)
  if (!parent || parent.managementAccountId !== zone.managementAccountId)
    return problem(
      'InvalidParametersException',
      `The organizational unit \`${wanted}\` is not registered with AWS Control Tower.`,
    )
  if (parent.status === 'UNDER_CHANGE' || ouIsBusy(world, zone.managementAccountId, job.ouId))
    return busy(`another operation is in progress in the organizational unit ${job.ouId}`)
  const max = world.limit('controltower.accounts_per_ou')
  return childrenOf(world, parent.arn) < max
    ? null
    : problem(
        'ServiceQuotaExceededException',
        `The organizational unit ${job.ouId} holds ${max} accounts, as many as AWS Control Tower governs in one.`,
      )
}

/** A product of an earlier try holds the address: AWS says "in use", not that the product is tainted. */
function emailProblem({ world, product, job }: Work): Problem | null {
  const email = job.parameters.AccountEmail ?? ''
  const holder = provisionedOf(world).get(emailsOf(world).get(emailKey(product.accountId, email)) ?? '')
  return holder && holder.id !== product.id && holder.status !== 'ERROR' ? emailInUse(email) : null
}

const emailInUse = (email: string) =>
  problem(
    'InvalidParametersException',
    `The email address ${email} is already in use. An account with that email address already exists.`,
  )

function waitOrFail(work: Work) {
  const { world, job } = work
  if (world.limit('controltower.account_operations_refuse') === 0)
    return void next(world, world.duration('servicecatalog.poll'), 'begin', job.recordId)
  const max = world.limit('controltower.account_operations')
  fail(
    work,
    problem(
      'ServiceQuotaExceededException',
      `AWS Control Tower cannot perform the operation because ${max} account operations are in progress already. Try again when one of them is done.`,
    ),
  )
}

/** Timer: Organizations makes the account, unless an earlier try left one with this address. */
export function create(world: World, { recordId }: { recordId: string }) {
  const work = workOf(world, recordId)
  const zone = work && zoneOfJob(work)
  if (!work || !zone) return
  const { AccountEmail: Email = '', AccountName = '' } = work.job.parameters
  const left = adoptable(world, zone, Email)
  if (left === 'taken') return fail(work, emailInUse(Email))
  if (left !== null) return enrolFrom(work, left)
  try {
    const input = { Email, AccountName, RoleName: 'AWSControlTowerExecution' }
    type Reply = { CreateAccountStatus: { Id: string } }
    const { CreateAccountStatus } = world.invoke<Reply>(
      'organizations',
      'CreateAccount',
      input,
      controlTowerCaller(zone),
    )
    keep(work, { createRequestId: CreateAccountStatus.Id })
    next(world, world.duration('servicecatalog.poll'), 'poll', recordId)
  } catch (error) {
    fail(work, fromAws(error))
  }
}

/** An account of this organisation with that e-mail that Control Tower does not govern yet can be enrolled. */
function adoptable(world: World, zone: LandingZone, email: string): string | 'taken' | null {
  const accountId = emails(world).get(email.toLowerCase())
  if (accountId === undefined) return null
  const account = accounts(world).get(accountId)
  const ours =
    account?.organizationId === zone.organizationId &&
    account.state === 'ACTIVE' &&
    account.email.toLowerCase() === email.toLowerCase()
  return ours && !enabledOn(world, accountId) ? accountId : 'taken'
}

function enrolFrom(work: Work, accountId: string): void {
  keep(work, { accountId, again: halfMadeOf(work.world).has(accountId) })
  next(work.world, Math.max(0, work.job.endsAt - work.world.now()), 'finish', work.job.recordId)
}

/** Timer: looks how Organizations gets on. */
export function poll(world: World, { recordId }: { recordId: string }) {
  const work = workOf(world, recordId)
  const zone = work && zoneOfJob(work)
  if (!work || !zone || work.job.createRequestId === null) return
  const status = createRequests(world).get(work.job.createRequestId)
  const late = world.now() > work.job.endsAt + world.duration('controltower.stuck')
  if (status?.state === 'IN_PROGRESS' && late) return timedOut(world, { recordId })
  if (status?.state === 'IN_PROGRESS')
    return void next(world, world.duration('servicecatalog.poll'), 'poll', recordId)
  if (!status?.accountId)
    return fail(work, creationProblem(work, status?.failureReason ?? 'INTERNAL_FAILURE'))
  keep(work, { accountId: status.accountId })
  next(world, Math.max(0, work.job.endsAt - world.now()), 'finish', recordId)
}

function creationProblem({ job }: Work, reason: string): Problem {
  if (reason === 'EMAIL_ALREADY_EXISTS') return emailInUse(job.parameters.AccountEmail ?? '')
  return problem(
    reason,
    `AWS Control Tower failed to create the account: AWS Organizations answered ${reason}.`,
  )
}

const fromAws = (error: unknown): Problem => {
  if (!(error instanceof AwsError)) throw error
  return problem(error.code, error.message)
}

/** Timer: the end of a provisioning or an update. */
export function finish(world: World, { recordId }: { recordId: string }) {
  const work = workOf(world, recordId)
  const zone = work && zoneOfJob(work)
  if (!work || !zone || work.job.accountId === null) return
  const { fault } = work.job
  if (fault?.do === 'taint' || fault?.do === 'fail')
    return fail(work, problem('InternalFailure', fault.message))
  try {
    govern(work, zone, work.job.accountId)
  } catch (error) {
    return fail(work, fromAws(error))
  }
  succeed(work, zone, work.job.accountId)
}

function govern({ world, job }: Work, zone: LandingZone, accountId: string): void {
  const parent = registeredOu(world, job.ouId)
  if (!parent)
    throw new AwsError(
      'InvalidParametersException',
      `The organizational unit ${job.ouId} is no longer registered with AWS Control Tower.`,
    )
  moveTo(world, zone, accountId, job.ouId)
  putChild(world, zone, parent, accountId, {
    status: 'SUCCEEDED',
    operationId: parent.operationId,
    everEnrolled: true,
  })
  const {
    SSOUserEmail: email = '',
    SSOUserFirstName: firstName = '',
    SSOUserLastName: lastName = '',
  } = job.parameters
  grantAccountFactoryUser(world, zone.managementAccountId, accountId, { email, firstName, lastName })
}

function succeed(work: Work, zone: LandingZone, accountId: string): void {
  const { world, job } = work
  const { parameters } = job
  halfMadeOf(world).delete(accountId)
  const outputs = outputsOf(world, zone, accountId, parameters)
  settle(work, {
    status: 'AVAILABLE',
    error: null,
    fields: { parameters, managedAccountId: accountId, outputs },
  })
  announce(work, zone, null)
  release(work, zone)
}

function outputsOf(
  world: World,
  zone: LandingZone,
  accountId: string,
  parameters: Job['parameters'],
): Output[] {
  const output = (OutputKey: string, OutputValue: string, Description: string): Output => ({
    OutputKey,
    OutputValue,
    Description,
  })
  return [
    output('AccountId', accountId, 'Account id of the account'),
    output('AccountEmail', accounts(world).get(accountId)?.email ?? '', 'Email address of the account'),
    output('SSOUserEmail', parameters.SSOUserEmail ?? '', 'Email address of the IAM Identity Center user'),
    output(
      'SSOUserPortal',
      `https://d-${zone.organizationId.slice(2, 12)}.awsapps.com/start`,
      'URL of the AWS access portal',
    ),
  ]
}

function announce({ world, job }: Work, zone: LandingZone, failure: string | null): void {
  emitManagedAccount(
    world,
    zone,
    job.kind === 'provision' && !job.again ? 'CreateManagedAccount' : 'UpdateManagedAccount',
    {
      accountId: job.accountId,
      accountName: accounts(world).get(job.accountId ?? '')?.name ?? job.parameters.AccountName ?? '',
      ouId: job.ouId,
      ouName: ouNameOf(world, job.ouId),
      failure,
      requestedAt: job.requestedAt,
    },
  )
}

const release = ({ world, job }: Work, zone: LandingZone) =>
  job.slotId !== null && freeSlot(world, zone, job.slotId)

/** Shows the failure, then rolls back; the record ends as FAILED a while later. */
function fail(work: Work, error: Problem): void {
  updateRecord(work.world, work.record.id, { status: 'IN_PROGRESS_IN_ERROR', errors: [error] })
  next(work.world, work.world.duration('servicecatalog.roll_back'), 'failed', work.record.id)
}

/** Timer: the fault `fail` strikes before there is an account. */
export function failAsAsked(world: World, { recordId }: { recordId: string }) {
  const work = workOf(world, recordId)
  if (work?.job.fault?.do !== 'fail') return
  fail(work, problem(work.job.fault.code, work.job.fault.message))
}

const stick = ({ world, job }: Work) =>
  next(world, world.duration('controltower.stuck'), 'timed_out', job.recordId)

/** Timer: a record that was made to stick ends at last. */
export function timedOut(world: World, { recordId }: { recordId: string }): void {
  const work = workOf(world, recordId)
  if (work) fail(work, problem('InternalFailure', 'AWS Control Tower timed out.'))
}

/** Timer: the failed record ends. The product is tainted if there is an account, otherwise in error. */
export function failed(world: World, { recordId }: { recordId: string }): void {
  const work = workOf(world, recordId)
  if (!work) return
  const { job, product, record } = work
  const error = record.errors[0] ?? problem('InternalFailure', 'AWS Control Tower failed.')
  if (job.kind === 'provision') {
    if (job.accountId !== null) halfMadeOf(world).put(job.accountId, true)
    settle(work, {
      status: job.accountId === null ? 'ERROR' : 'TAINTED',
      error,
      fields: { managedAccountId: job.accountId },
    })
  } else settle(work, { status: job.fault ? 'TAINTED' : afterRefusal(product), error })
  const zone = zonesOf(world).get(record.accountId)
  if (!zone) return
  if (job.kind === 'provision' || job.kind === 'update') announce(work, zone, error.Description)
  release(work, zone)
}

/** A change that was refused before it began leaves the product as it was. */
const afterRefusal = (product: ProvisionedProduct) =>
  product.previousStatus === 'UNDER_CHANGE' ? 'TAINTED' : product.previousStatus

function beginUpdate(work: Work, zone: LandingZone) {
  const { world, job, product } = work
  const refused = ouProblem(work, zone) ?? changeProblem(work)
  if (refused) return fail(work, refused)
  const slotId = takeSlot(world, zone, job.ouId, product.managedAccountId)
  if (slotId === null) return waitOrFail(work)
  const fault = world.fault({
    at: 'outcome',
    service: 'servicecatalog',
    operation: 'UpdateProvisionedProduct',
    subject: `${product.name} ${product.managedAccountId}`,
  })
  const duration = world.duration('controltower.update_account') + (fault?.do === 'delay' ? fault.ms : 0)
  keep(work, { slotId, fault, accountId: product.managedAccountId })
  if (fault?.do === 'stick') return stick(work)
  next(world, duration, 'finish', job.recordId)
}

function changeProblem({ job, product }: Work): Problem | null {
  const fixed = ['AccountEmail', 'AccountName'].find((key) => job.parameters[key] !== product.parameters[key])
  if (fixed !== undefined)
    return problem(
      'InvalidParametersException',
      `The parameter ${fixed} of a provisioned account cannot be changed.`,
    )
  if (product.managedAccountId === null)
    return problem('InvalidParametersException', 'The provisioned product has no account; terminate it.')
  return null
}

function beginTerminate(work: Work, zone: LandingZone) {
  const { world, job, product } = work
  if (product.managedAccountId === null) return terminated(work)
  const refused = terminateProblem(work)
  if (refused && job.kind === 'terminate_ignoring_errors') return terminated(work)
  if (refused) return fail(work, refused)
  const slotId = takeSlot(world, zone, '', product.managedAccountId)
  if (slotId === null) return waitOrFail(work)
  const fault = world.fault({
    at: 'outcome',
    service: 'servicecatalog',
    operation: 'TerminateProvisionedProduct',
    subject: `${product.name} ${product.managedAccountId}`,
  })
  keep(work, { slotId, fault, accountId: product.managedAccountId })
  const duration = world.duration('controltower.unmanage') + (fault?.do === 'delay' ? fault.ms : 0)
  if (fault?.do === 'stick') return stick(work)
  next(world, duration, 'unmanage', job.recordId)
}

function terminateProblem({ world, job, product, record }: Work): Problem | null {
  // Of this landing zone: each has its own ceiling.
  const others = [...jobsOf(world).values()].filter(
    (j) =>
      j.recordId !== job.recordId &&
      j.kind.startsWith('terminate') &&
      j.slotId !== null &&
      workOf(world, j.recordId)?.record.accountId === record.accountId,
  )
  if (others.length >= world.limit('controltower.unmanage_operations'))
    return busy('another account is being removed from AWS Control Tower')
  const account = accounts(world).get(product.managedAccountId ?? '')
  if (account && account.state !== 'ACTIVE')
    return problem(
      'InvalidParametersException',
      `AWS Control Tower cannot assume the role AWSControlTowerExecution in the account ${account.id}.`,
    )
  return null
}

/** Timer: Control Tower lets go of the account, which returns to the root. It stays open. */
export function unmanage(world: World, { recordId }: { recordId: string }) {
  const work = workOf(world, recordId)
  const zone = work && zoneOfJob(work)
  if (!work || !zone || work.job.accountId === null) return
  const { fault } = work.job
  if (fault?.do === 'taint' || fault?.do === 'fail')
    return fail(work, problem('InternalFailure', fault.message))
  try {
    moveTo(world, zone, work.job.accountId, zone.rootId)
  } catch (error) {
    return fail(work, fromAws(error))
  }
  terminated(work)
  release(work, zone)
}

function terminated(work: Work): void {
  const { world, product } = work
  const enabled = product.managedAccountId === null ? undefined : enabledOn(world, product.managedAccountId)
  if (enabled) removeBaseline(world, enabled)
  settle(work, { status: 'AVAILABLE', error: null })
  forget(world, product)
}
