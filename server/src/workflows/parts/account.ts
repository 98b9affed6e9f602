import { correctableOf } from '../../domain/accounts/steps.ts'
import { invariant } from '../../kernel/errors.ts'
import type { AccountOrder, OperationHandle, OperationView, OuRef } from '../../ports/estate.ts'
import { endingTopic } from '../../ports/lifecycle.ts'
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

/** Makes the account, and moves it into the OU where the engine does not. Holds one account operation all the while. */
export function provideAccount(work: Work, ou: OuRef): Promise<string> {
  return work.ctx.holding('account_operations', work.awsOrganizationId, async () => {
    const { accountId, engine } = await createAccount(work, ou)
    await work.ctx.step('register-account', () => registerAccount(work, accountId, ou))
    if (engine === 'auto_enrolment') await enrol(work, accountId, ou)
    return accountId
  })
}

async function createAccount(work: Work, ou: OuRef): Promise<{ accountId: string; engine: Begun['engine'] }> {
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : `#${n}`
    const begun = await refusableStep(work, `create-account${suffix}`, () => begin(work, ou))
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

async function begin(work: Work, ou: OuRef): Promise<Begun> {
  const order = await work.deps.orders.load(work.workId)
  const attempt = await work.deps.orders.creationAttempt(work.workId)
  const { creation } = estateOf(work)
  const handle = await creation.begin(accountOrder(order, ou, attempt))
  return { attempt, handle, engine: creation.engine }
}

async function clear(work: Work, ou: OuRef, attempt: number): Promise<null> {
  const order = await work.deps.orders.load(work.workId)
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
    endingTopic(work.awsOrganizationId, handle.kind === 'create_account' ? 'creation' : 'management'),
    async () => {
      const view = await estateOf(work).creation.look(handle)
      return view.state === 'running' ? null : view
    },
    limits,
  )
}

const failureOf = (view: Extract<Ended, { state: 'failed' }>, attempts: number): StepFailure => ({
  code: view.code,
  message: attempts > 1 ? `${view.message} (asked ${attempts} times)` : view.message,
  correctable: view.remedy === 'correct' ? correctableOf('create-account') : [],
})

async function registerAccount(work: Work, accountId: string, ou: OuRef): Promise<null> {
  const { account } = await work.deps.orders.load(work.workId)
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
