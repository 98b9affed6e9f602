import { correctableOf } from '../../domain/accounts/steps.ts'
import { invariant } from '../../kernel/errors.ts'
import type { AccountOrder, OperationHandle, OperationView, OuRef } from '../../ports/estate.ts'
import { accountTopic, endingTopic } from '../../ports/lifecycle.ts'
import type { Order } from '../../ports/orders.ts'
import type { StepFailure } from '../../ports/workflow.ts'
import { estateOf, type Work } from '../deps.ts'
import { accountTags, creationToken } from '../names.ts'
import { refusableStep } from './refusal.ts'

/** How often the workflow itself sends a failed order again before it asks a person. */
const ATTEMPTS = 3

interface Begun {
  readonly attempt: number
  readonly handle: OperationHandle
  readonly engine: 'account_factory' | 'auto_enrolment'
}

/**
 * Makes the account, and moves it into the OU where the engine does not. Holds one account operation as long as AWS
 * works, and not while we write down what it did: the next account waits for it.
 */
export async function provideAccount(work: Work, ou: OuRef): Promise<string> {
  const accountId = await work.ctx.holding('account_operations', work.awsOrganizationId, async () => {
    const created = await createAccount(work, ou)
    if (created.engine === 'auto_enrolment') await enrol(work, created.accountId, ou)
    return created.accountId
  })
  await work.ctx.step('register-account', () => registerAccount(work, accountId, ou))
  return accountId
}

async function createAccount(work: Work, ou: OuRef): Promise<{ accountId: string; engine: Begun['engine'] }> {
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : `#${n}`
    const begun = await refusableStep(work, `create-account${suffix}`, (again) =>
      begin(work, ou, again || n > 1),
    )
    const view = await lookUntilDone(
      work,
      `account-created${suffix}`,
      begun.handle,
      work.deps.timings.account,
    )
    if (view.state === 'succeeded') return { accountId: view.accountId, engine: begun.engine }
    await work.ctx.step(`clear-product${suffix}`, () => clear(work, ou, begun.attempt))
    if (view.remedy === 'correct' || n === ATTEMPTS)
      return work.ctx.fail('create-account', failureOf(view, n))
  }
}

async function begin(work: Work, ou: OuRef, again: boolean): Promise<Begun> {
  const order = await work.order()
  const attempt = again ? await work.deps.orders.creationAttempt(work.workId) : 1
  const { creation } = estateOf(work)
  const handle = await creation.begin(accountOrder(order, ou, attempt), again)
  return { attempt, handle, engine: creation.engine }
}

async function clear(work: Work, ou: OuRef, attempt: number): Promise<null> {
  const order = await work.order()
  await estateOf(work).creation.clear(accountOrder(order, ou, attempt))
  await work.deps.orders.creationCleared(work.workId, attempt)
  return null
}

export function accountOrder(order: Order, ou: OuRef, attempt: number): AccountOrder {
  invariant(order.account, `The order ${order.workId} has no account name.`)
  return {
    token: creationToken(order.workId, attempt),
    ...order.account,
    ou,
    ssoUser: {
      email: order.owner.email,
      firstName: order.owner.firstName,
      lastName: order.owner.lastName,
    },
    tags: accountTags(order),
  }
}

type Ended = Exclude<OperationView, { state: 'running' }>

export function lookUntilDone(
  work: Work,
  step: string,
  handle: OperationHandle,
  limits: Work['deps']['timings']['account'],
): Promise<Ended> {
  return work.ctx.until(
    step,
    endOf(work, handle),
    async () => {
      const view = await estateOf(work).creation.look(handle)
      return view.state === 'running' ? null : view
    },
    limits,
  )
}

const nameOf = (handle: OperationHandle) =>
  handle.kind === 'service_catalog_record' ? handle.order?.name : undefined

/** AWS's event names what the handle knows too. */
function endOf(work: Work, handle: OperationHandle): string {
  const { awsOrganizationId } = work
  if (handle.kind === 'create_account') return endingTopic(awsOrganizationId, handle.requestId)
  if (handle.accountId !== undefined) return accountTopic(handle.accountId)
  return endingTopic(awsOrganizationId, nameOf(handle) ?? '')
}

const failureOf = (view: Extract<Ended, { state: 'failed' }>, attempts: number): StepFailure => ({
  code: view.code,
  message: attempts > 1 ? `${view.message} (asked ${attempts} times)` : view.message,
  correctable: view.remedy === 'correct' ? correctableOf('create-account') : [],
})

async function registerAccount(work: Work, accountId: string, ou: OuRef): Promise<null> {
  const { account } = await work.order()
  invariant(account, `The order ${work.workId} has no account name.`)
  await work.deps.orders.accountKnown(work.workId, { accountId, ...account, ouId: ou.id })
  return null
}

/** MoveAccount into a registered OU, and Control Tower enrols by itself; one move into an OU at a time. */
export function enrol(work: Work, accountId: string, ou: OuRef): Promise<void> {
  return work.ctx.holding('moves_per_ou', `${work.awsOrganizationId}/${ou.id}`, async () => {
    await work.ctx.step('move-account', async () => {
      await estateOf(work).organization.move(accountId, ou.id)
      return null
    })
    const handle: OperationHandle = { kind: 'enrolment', accountId, ouId: ou.id }
    const view = await lookUntilDone(work, 'enrolled', handle, work.deps.timings.enrolment)
    if (view.state === 'failed') await work.ctx.fail('move-account', failureOf(view, 1))
  })
}
