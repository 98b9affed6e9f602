import { digestOf } from '../../catalog/plan/digest.ts'
import limits from '../../catalog/plan/limits.json' with { type: 'json' }
import type { ControlPlan, PlanStep } from '../../domain/controls/plans.ts'
import type { ApplyJob, JobStep, StepError } from '../../ports/controls.ts'
import type { ControlDeps } from './deps.ts'
import { carryOut, type Outcome, type Waiting } from './step.ts'
import { type Needs, readWorld } from './world.ts'

/** Does exactly what the plan says, or undoes it. Steps that an earlier execution finished are not done again. */
export async function runApply(deps: ControlDeps, job: ApplyJob, waiting: Waiting): Promise<void> {
  if (job.mode === 'give_up') return giveUp(deps, job, waiting)
  const refusal = hasBegun(job) ? null : await refusalOf(deps, job, waiting)
  if (refusal !== null) return deps.store.refused(job, refusal)
  for (const group of groupsOf(
    job.plan.steps.filter(({ number }) => stateOf(job, number).state !== 'done'),
    operationsOf(job.plan),
  )) {
    const failures = await runGroup(deps, job, group, waiting)
    for (const { number, error } of failures) await deps.store.stepFailed(job, number, error)
    if (failures.length > 0) return
  }
  await deps.store.done(job)
}

const hasBegun = ({ steps }: ApplyJob): boolean => steps.some(({ attempts }) => attempts > 0)

/** Why the plan cannot be applied any more; null: it can. */
async function refusalOf(deps: ControlDeps, job: ApplyJob, waiting: Waiting): Promise<string | null> {
  try {
    return (await hasMoved(deps, job)) ? MOVED : null
  } catch (error) {
    if (waiting.ended()) throw error
    const why = error instanceof Error ? error.message : String(error)
    return `AWS could not be read to compare it with the plan: ${why} Nothing was done. Make the plan again.`
  }
}

const MOVED =
  'What the plan was made from has changed in AWS since. Nothing was done. Make the plan again and look at it.'

async function hasMoved(deps: ControlDeps, { awsOrganizationId, plan, digest }: ApplyJob): Promise<boolean> {
  const world = await readWorld(deps.estate(awsOrganizationId), needsOf(plan))
  return digestOf(world, plan, deps.hash) !== digest
}

function needsOf({ steps, carriers }: ControlPlan): Needs {
  const uses = (name: string) => [...steps, ...carriers].some(({ part }) => part === name)
  return {
    packs: uses('packs'),
    documents: uses('documents'),
    securityHub: uses('securityHub'),
    hooks: uses('hooks'),
  }
}

const FRESH = { state: 'pending', attempts: 0, operation: null } as const
const stateOf = ({ steps }: ApplyJob, number: number): Omit<JobStep, 'number'> =>
  steps.find((one) => one.number === number) ?? FRESH

/** Operations of Control Tower at a time, as the plan says of this organisation. */
const operationsOf = ({ quotas }: ControlPlan): number =>
  quotas.find(({ what }) => what === 'control_operations')?.limit ?? limits.tower.operations

/** Control Tower takes many operations at a time; all else goes one after the other, in the order of the plan. */
function groupsOf(steps: readonly PlanStep[], most: number): readonly (readonly PlanStep[])[] {
  const groups: PlanStep[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    const joins = last?.[0]?.part === 'tower' && step.part === 'tower' && last.length < most
    if (joins) last?.push(step)
    else groups.push([step])
  }
  return groups
}

interface Failure {
  readonly number: number
  readonly error: StepError
}

async function runGroup(
  deps: ControlDeps,
  job: ApplyJob,
  steps: readonly PlanStep[],
  waiting: Waiting,
): Promise<readonly Failure[]> {
  const all = await Promise.all(
    steps.map(async ({ number, effect }) => {
      const { attempts, operation } = stateOf(job, number)
      await deps.store.stepStarted(job, number)
      const outcome = await doEffect(deps, job, { number, effect }, attempts > 0, operation, waiting)
      if (outcome.ok) await deps.store.stepDone(job, number, outcome.result)
      return outcome.ok ? [] : [{ number, error: outcome.error }]
    }),
  )
  return all.flat()
}

const doEffect = (
  { store, estate }: ControlDeps,
  job: ApplyJob,
  { number, effect }: Pick<PlanStep, 'number' | 'effect'>,
  again: boolean,
  operation: JobStep['operation'],
  waiting: Waiting,
): Promise<Outcome> =>
  carryOut(
    estate(job.awsOrganizationId).controls,
    effect,
    again,
    operation,
    {
      begun: (one) => store.stepBegun(job, number, one),
      trouble: (error) => store.stepTrouble(job, number, error),
    },
    waiting,
  )

/** From the last step back. What cannot be undone stays and is shown; that does not keep the rest from being undone. */
async function giveUp(deps: ControlDeps, job: ApplyJob, waiting: Waiting): Promise<void> {
  const tried = job.plan.steps.filter(({ number }) => {
    const { state, attempts } = stateOf(job, number)
    return attempts > 0 && state !== 'undone' && state !== 'kept'
  })
  for (const { number, undo } of tried.reverse()) {
    const outcome: Outcome | null =
      undo === null ? null : await doEffect(deps, job, { number, effect: undo }, true, null, waiting)
    await deps.store.stepUndone(
      job,
      number,
      outcome?.ok === true
        ? { state: 'undone', result: outcome.result }
        : { state: 'kept', error: outcome?.error ?? null },
    )
  }
  await deps.store.givenUp(job)
}
