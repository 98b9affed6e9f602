import { sql } from 'kysely'
import type { ApplyState, StepState } from '../../domain/controls/kinds.ts'
import { systemActor } from '../../domain/people/roles.ts'
import type { ApplyJob, ControlStore, PlanJob, Standing, StepError, Undone } from '../../ports/controls.ts'
import { ownLimitsOf } from '../estate/quotas.ts'
import { sha256Of } from '../policies/save-guardrails.ts'
import { CENTRE_ONLY, type Changes, statement, type Tx, transact } from '../transact.ts'
import { tell } from './applies.ts'
import { beat, claim, demandHeld, type Held, isAnyOpen, letGo, release } from './claim.ts'
import { keep, keepTime } from './keep.ts'
import { keptOf } from './kept.ts'
import { partsInUse, saveReading } from './reading.ts'

const WORKER = systemActor('worker')

/** The side of the workers. `executor` is the id under which this worker is known to the others. */
export function controlStore(on: Changes, executor: string): ControlStore {
  const held = (job: Held, work: (tx: Tx) => Promise<void>): Promise<void> =>
    transact(on, WORKER, async (tx) => {
      await demandHeld(tx, executor, job)
      await work(tx)
    })
  return {
    // Asked now and then by every worker, and nearly always there is none: that costs one statement and no lock.
    claim: async () =>
      (await statement(on, WORKER, isAnyOpen)) ? transact(on, WORKER, (tx) => claim(tx, executor)) : null,
    beat: (job) => transact(on, WORKER, (tx) => beat(tx, executor, job)),
    release: (job) => transact(on, WORKER, (tx) => release(tx, executor, job)),
    standing: (awsOrganizationId, target) =>
      transact(on, WORKER, (tx) => standingOf(tx, awsOrganizationId, target)),
    planned: (job, outcome) => held(job, (tx) => planned(tx, job, outcome)),
    planFailed: (job, error) => held(job, (tx) => planFailed(tx, job, error)),
    refused: (job, message) => held(job, (tx) => over(tx, job, 'refused', { code: 'world_moved', message })),
    stepStarted: (job, number) => held(job, (tx) => stepStarted(tx, job, number)),
    stepBegun: (job, number, operation) =>
      held(job, async (tx) => {
        await setStep(tx, job, number, { operation: JSON.stringify(operation) })
        await tell(tx, job.id, 'step_begun', { step: number, operation })
      }),
    stepDone: (job, number, result) => held(job, (tx) => stepDone(tx, job, number, result)),
    stepTrouble: (job, number, error) =>
      held(job, async (tx) => {
        await setStep(tx, job, number, { error: JSON.stringify(error) })
        await tell(tx, job.id, 'step_trouble', { step: number, error })
      }),
    stepFailed: (job, number, error) => held(job, (tx) => stepFailed(tx, job, number, error)),
    stepUndone: (job, number, outcome) => held(job, (tx) => stepUndone(tx, job, number, outcome)),
    done: (job) =>
      held(job, async (tx) => {
        await keep(tx, job)
        await over(tx, job, 'done', null)
      }),
    givenUp: (job) => held(job, (tx) => over(tx, job, 'given_up', null)),
    partsInUse: (awsOrganizationId) => transact(on, WORKER, (tx) => partsInUse(tx, awsOrganizationId)),
    saw: (awsOrganizationId, sight) =>
      transact(on, WORKER, (tx) => saveReading(tx, awsOrganizationId, sight)),
  }
}

async function standingOf(tx: Tx, awsOrganizationId: string, target: string): Promise<Standing> {
  const sets = await tx.sql
    .selectFrom('control_assignment as at')
    .innerJoin('control_set as set', (join) =>
      join.onRef('set.name', '=', 'at.set_name').onRef('set.version', '=', 'at.set_version'),
    )
    .select(['set.name', 'set.version', 'set.body'])
    .where('at.aws_organization_id', '=', awsOrganizationId)
    .where('at.target_id', '=', target)
    .orderBy('set.name')
    .execute()
  const ownLimits = await ownLimitsOf(tx, awsOrganizationId)
  return { sets, ...(await keptOf(tx, awsOrganizationId)), ownLimits }
}

async function planned(
  tx: Tx,
  job: PlanJob,
  { plan, digest }: Parameters<ControlStore['planned']>[1],
): Promise<void> {
  const body = JSON.stringify(plan)
  const { target, preventive } = plan
  await tx.sql
    .updateTable('control_plan')
    .set({
      state: 'ready',
      target_id: target.id,
      target_name: target.name,
      digest,
      body,
      steps: plan.steps.length,
      preventive,
      finished_at: tx.at,
    })
    .where('id', '=', job.id)
    .execute()
  const data = { target: target.id, plan: sha256Of(body), digest, steps: plan.steps.length, preventive }
  await tellPlan(tx, job, 'ready', data)
}

async function planFailed(
  tx: Tx,
  job: PlanJob,
  error: Parameters<ControlStore['planFailed']>[1],
): Promise<void> {
  await tx.sql
    .updateTable('control_plan')
    .set({ state: 'failed', error: JSON.stringify(error), finished_at: tx.at })
    .where('id', '=', job.id)
    .execute()
  await tellPlan(tx, job, 'failed', { error })
}

async function tellPlan(tx: Tx, job: PlanJob, what: string, data: object): Promise<void> {
  await letGo(tx, job)
  await tx.record({ kind: `control_plan.${what}`, organisationId: null, subject: job.id, data })
  await tx.notify('control_plans', job.id, CENTRE_ONLY)
}

interface StepChange {
  readonly state?: StepState
  readonly operation?: string | null
  readonly result?: string | null
  readonly error?: string | null
  readonly finished_at?: Date | null
}

const setStep = (tx: Tx, job: ApplyJob, number: number, change: StepChange) =>
  tx.sql
    .updateTable('control_step')
    .set(change)
    .where('apply_id', '=', job.id)
    .where('number', '=', number)
    .execute()

async function stepStarted(tx: Tx, job: ApplyJob, number: number): Promise<void> {
  const { attempts } = await tx.sql
    .updateTable('control_step')
    .set({ state: 'running', attempts: sql`attempts + 1`, started_at: sql`coalesce(started_at, ${tx.at})` })
    .where('apply_id', '=', job.id)
    .where('number', '=', number)
    .returning('attempts')
    .executeTakeFirstOrThrow()
  const effect = job.plan.steps.find((step) => step.number === number)?.effect
  await tell(tx, job.id, 'step_started', { step: number, attempt: attempts, do: effect?.do })
}

async function stepDone(
  tx: Tx,
  job: ApplyJob,
  number: number,
  result: Readonly<Record<string, string>>,
): Promise<void> {
  const change = { state: 'done' as const, result: JSON.stringify(result), error: null, finished_at: tx.at }
  await setStep(tx, job, number, change)
  await tell(tx, job.id, 'step_done', { step: number, result })
}

async function stepFailed(tx: Tx, job: ApplyJob, number: number, error: StepError): Promise<void> {
  await setStep(tx, job, number, { state: 'failed', operation: null, error: JSON.stringify(error) })
  await tx.sql
    .updateTable('control_apply')
    .set({ state: 'needs_repair', error: JSON.stringify(error) })
    .where('id', '=', job.id)
    .execute()
  await letGo(tx, job)
  await tell(tx, job.id, 'step_failed', { step: number, error })
}

async function stepUndone(tx: Tx, job: ApplyJob, number: number, outcome: Undone): Promise<void> {
  const { state } = outcome
  const error = outcome.state === 'kept' ? outcome.error : null
  await setStep(tx, job, number, {
    state,
    error: error === null ? null : JSON.stringify(error),
    finished_at: tx.at,
  })
  if (outcome.state === 'undone') await keepTime(tx, job, outcome.result)
  await tell(tx, job.id, `step_${state}`, { step: number, error })
}

async function over(tx: Tx, job: ApplyJob, state: ApplyState, error: StepError | null): Promise<void> {
  await tx.sql
    .updateTable('control_apply')
    .set({ state, finished_at: tx.at, error: error === null ? null : JSON.stringify(error) })
    .where('id', '=', job.id)
    .execute()
  await letGo(tx, job)
  await tell(tx, job.id, state, error === null ? {} : { error })
}
