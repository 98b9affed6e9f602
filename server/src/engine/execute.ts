import type { OrderStore } from '../ports/orders.ts'
import type { Claim, WorkflowFunction, WorkOutcome } from '../ports/queue.ts'
import type { StepFailure } from '../ports/workflow.ts'
import { type WorkContext, workContext } from './context.ts'
import { type Durable, type DurableInput, isDurableControl, keepPage, lostWorkflow } from './dbos.ts'
import { durableIdOf } from './dispatch.ts'
import { type Journal, openJournal, usefulPages } from './journal.ts'
import { fenceOf } from './lease.ts'
import { persistently, type Run, StepFailed } from './run.ts'

export interface WorkKind {
  readonly kind: string
  readonly do: WorkflowFunction
  /** Runs when a person gives the work up; leaves a clean estate. */
  readonly giveUp: WorkflowFunction
}

export type Outcomes = Pick<OrderStore, 'started' | 'over' | 'needsRepair'>

/** Where nothing was learnt of the step: our own bug, outside of any step. */
const WHOLE_WORKFLOW = 'workflow'

/** One execution of a piece of work, from the claim to its end. Called by the durable engine, again after each crash. */
export async function executeWork(
  run: Run,
  durable: Pick<Durable, 'pages'>,
  kinds: ReadonlyMap<string, WorkKind>,
  orders: Outcomes,
  input: DurableInput,
): Promise<void> {
  const { workId } = input
  let claim: Claim | null = null
  const holds = () => persistently(run, 'fence', () => run.store.holdsLease(workId, claim?.epoch ?? -1))
  // Before the claim: a pause between the two must count as a gap.
  const fence = fenceOf(run.lease, holds, () => lostWorkflow(workId))
  claim = await persistently(run, 'claim', () => run.store.claim(workId, run.executorId))
  // Withdrawn, ended, or asked for in another mode meanwhile: nothing to do for this execution.
  if (claim === null || claim.mode !== input.mode) return
  if (claim.repaired && claim.mode === 'do') await persistently(run, 'started', () => orders.started(workId))
  const written = await pagesOf(run, durable, claim)
  const journal = await openJournal(written, keepPage, run.pageMs, () => performance.now())
  const ctx = workContext(run, claim, journal, fence)
  const { epoch } = claim
  // It may have died after its last effect with the pages before that unwritten.
  const over = claim.epoch > 1 && (await persistently(run, 'over', () => orders.over(workId)))
  const outcome = over ? ended(claim) : await outcomeOf(run, kinds, claim, ctx, journal)
  await ctx.settled()
  if (outcome.state === 'needs_repair') {
    const { step, failure } = outcome
    // Nobody is asked to repair what another executor goes on with.
    await fence()
    run.log.warn({ workId, step, code: failure.code }, failure.message)
    await persistently(run, 'needsRepair', () => orders.needsRepair(workId, { step, ...failure }))
  }
  const next = await persistently(run, 'end', () => run.store.end(workId, epoch, run.executorId, outcome))
  run.start(next)
}

async function outcomeOf(
  run: Run,
  kinds: ReadonlyMap<string, WorkKind>,
  claim: Claim,
  ctx: WorkContext,
  journal: Journal,
): Promise<WorkOutcome> {
  try {
    const kind = kinds.get(claim.kind)
    if (kind === undefined) throw new StepFailed(WHOLE_WORKFLOW, unknownKind(claim.kind))
    await (claim.mode === 'do' ? kind.do : kind.giveUp)(ctx, claim.workId)
    return ended(claim)
  } catch (error) {
    if (error instanceof StepFailed) {
      await journal.turn(error.step)
      return { state: 'needs_repair', step: error.step, failure: error.failure }
    }
    if (isDurableControl(error)) throw error
    run.log.error(
      { workId: claim.workId, stack: error instanceof Error ? error.stack : undefined },
      String(error),
    )
    const message = error instanceof Error ? error.message : String(error)
    return { state: 'needs_repair', step: WHOLE_WORKFLOW, failure: { code: 'bug', message, correctable: [] } }
  }
}

const ended = ({ mode }: Claim): WorkOutcome => ({ state: mode === 'do' ? 'done' : 'abandoned' })

/** The first execution has none, and asks for none. */
async function pagesOf(run: Run, durable: Pick<Durable, 'pages'>, claim: Claim): Promise<number> {
  if (claim.epoch === 1) return 0
  const pages = () => durable.pages(durableIdOf(claim.workId, claim.mode))
  return usefulPages(await persistently(run, 'pages', pages))
}

const unknownKind = (kind: string): StepFailure => ({
  code: 'unknown_kind',
  message: `This version of Rankan has no workflow for work of the kind \`${kind}\`. Update the workers, then retry.`,
  correctable: [],
})
