import type { ApplicationForm } from '../../domain/applications/form.ts'
import {
  type Accepted,
  type Application,
  approve,
  approveByPolicy,
  isWaiting,
  type Queued,
  REFUSAL_TEXTS,
  type Refusal,
  reject,
  sendBack,
  stageOf,
  submit,
  withdraw,
} from '../../domain/applications/life.ts'
import { passesByItself } from '../../domain/applications/policy.ts'
import { blocking, type Verdict } from '../../domain/applications/rules/evaluate.ts'
import type { Decision } from '../../domain/applications/view.ts'
import { isCentral } from '../../domain/people/roles.ts'
import { conflict, denied, type Issue, invalid, type RankanError } from '../../kernel/errors.ts'
import type { Result } from '../../kernel/result.ts'
import type { Tx } from '../transact.ts'
import { checkApplication } from './check.ts'
import { delegationsFor } from './delegations.ts'
import { grantExceptions, withdrawExceptions } from './exceptions.ts'
import { makeOrders } from './orders.ts'
import { actorWho, demandVersion, lockRow, saveState } from './persist.ts'
import { organisationOf } from './register.ts'
import { type Row, toApplication } from './rows.ts'
import type { ApplicationSetup } from './setup.ts'

const WRONG_WORLD: readonly Refusal[] = ['wrong_state']

function refuse(refusal: Refusal): RankanError {
  const text = REFUSAL_TEXTS[refusal]
  if (WRONG_WORLD.includes(refusal)) return conflict(refusal, text)
  if (refusal === 'comment_needed')
    return invalid(refusal, text, [{ path: ['comment'], code: refusal, message: text }])
  return denied(refusal, text)
}

function orThrow<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw refuse(result.error)
  return result.value
}

const verdictIssue = (verdict: Verdict): Issue => ({
  path: verdict.path,
  code: `rule.${verdict.rule}`,
  message: verdict.message.en,
})

/** Refuses what the schema or a rule refuses, with every place that is wrong. */
async function demandSound(tx: Tx, setup: ApplicationSetup, row: Row) {
  const checked = await checkApplication(tx, setup, row.form, row.id)
  const stopping = blocking(checked.verdicts)
  if (checked.form && stopping.length === 0) return { form: checked.form, verdicts: checked.verdicts }
  throw invalid('application_invalid', 'The application cannot go on: see the fields below.', [
    ...checked.issues,
    ...stopping.map(verdictIssue),
  ])
}

/** The applicant hands it in. The organisation comes first, or the policy in its place. */
export async function submitApplication(
  tx: Tx,
  setup: ApplicationSetup,
  id: string,
  version: number,
): Promise<Row> {
  const row = await lockRow(tx, id)
  demandVersion(row, version)
  const submitted = orThrow(submit(toApplication(row), tx.actor, tx.at))
  const { form, verdicts } = await demandSound(tx, setup, row)
  const organisation = await organisationOf(tx, row.form)
  if (!organisation || organisation.id !== row.organisation_id)
    throw conflict('organisation_changed', 'The organisation of this application changed; save it again.')
  await withdrawExceptions(tx, id)
  const saved = await saveState(tx, row, submitted, {
    action: 'submitted',
    data: { verdicts: outcomes(verdicts) },
  })
  return passOn(tx, setup, saved, form, verdicts)
}

const outcomes = (verdicts: readonly Verdict[]) =>
  Object.fromEntries(verdicts.map((v) => [v.rule, v.outcome]))

/** Lets the policy approve the stages that it may, one after the other, and queues the work when nobody is left. */
async function passOn(
  tx: Tx,
  setup: ApplicationSetup,
  row: Row,
  form: ApplicationForm,
  verdicts: readonly Verdict[],
): Promise<Row> {
  const application = toApplication(row)
  if (application.state === 'queued') {
    await makeOrders(tx, setup, row, form)
    return row
  }
  if (!isWaiting(application)) return row
  if (!passesByItself(stageOf(application), form, verdicts, setup.policy)) return row
  const next = approveByPolicy(application, setup.policy.version, tx.at)
  const by = { id: 'policy', name: `Approval policy ${setup.policy.version}`, role: 'system' }
  const saved = await saveState(tx, row, next, {
    action: 'approved',
    policyVersion: setup.policy.version,
    by,
  })
  return passOn(tx, setup, saved, form, verdicts)
}

export interface DecisionRequest {
  readonly decision: Decision
  readonly comment: string
  /** The version that the approver read: nobody approves what changed meanwhile. */
  readonly version: number
}

export async function decideApplication(
  tx: Tx,
  setup: ApplicationSetup,
  id: string,
  request: DecisionRequest,
): Promise<Row> {
  const row = await lockRow(tx, id)
  demandVersion(row, request.version)
  const application = toApplication(row)
  const delegations = await delegationsFor(tx, tx.actor.id)
  if (request.decision === 'approve')
    return approveOne(tx, setup, row, application, delegations, request.comment)
  const decide = request.decision === 'return' ? sendBack : reject
  const next = orThrow<Application>(decide(application, tx.actor, delegations, request.comment, tx.at))
  const action = request.decision === 'return' ? 'returned' : 'rejected'
  return saveState(tx, row, next, { action, comment: request.comment })
}

async function approveOne(
  tx: Tx,
  setup: ApplicationSetup,
  row: Row,
  application: Application,
  delegations: Awaited<ReturnType<typeof delegationsFor>>,
  comment: string,
): Promise<Row> {
  const next: Accepted | Queued = orThrow(approve(application, tx.actor, delegations, comment, tx.at))
  // The world may have moved since it was submitted: the rules are asked again before every approval.
  const { form, verdicts } = await demandSound(tx, setup, row)
  const approval = next.state === 'queued' ? next.centre : next.organisation
  const saved = await saveState(tx, row, next, {
    action: 'approved',
    comment,
    onBehalfOf: approval.onBehalfOf,
    data: { verdicts: outcomes(verdicts) },
  })
  if (next.state === 'queued' && isCentral(tx.actor)) await grantExceptions(tx, saved, verdicts, actorWho(tx))
  return passOn(tx, setup, saved, form, verdicts)
}

export async function withdrawApplication(tx: Tx, id: string, version: number): Promise<Row> {
  const row = await lockRow(tx, id)
  demandVersion(row, version)
  return saveState(tx, row, orThrow(withdraw(toApplication(row), tx.actor, tx.at)), { action: 'withdrawn' })
}
