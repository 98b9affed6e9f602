import type { Claim } from '../ports/queue.ts'
import type { PollLimits, QuotaName, StepFailure, WorkflowContext } from '../ports/workflow.ts'
import { attemptUntilDone, type StepAt } from './attempts.ts'
import { persistently, type Run, StepFailed } from './run.ts'
import { tellTimeline } from './timeline.ts'
import { holdUnit } from './units.ts'

/** The durable engine underneath: records the value of `body` under the workflow's next step number, or replays it. */
export type RecordStep = <T>(name: string, body: () => Promise<T>) => Promise<T>

/** How a step ended, as it is recorded. A failure is a value: a replay must fail in the same way. */
type Recorded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly step: string; readonly failure: StepFailure }

export interface WorkContext extends WorkflowContext {
  /** Resolves when everything that was told to the timeline is written. */
  settled(): Promise<void>
}

/** Polling that a signal can cut short backs off to this many times its interval: it is only the safety net. */
const SLOWEST = 4
/** The time-out also passes while no executor lives: an execution looks this often before it says that AWS is late. */
const LEAST_LOOKS = 10

/** The context of one execution of a workflow. Steps of one workflow run one after the other. */
export function workContext(
  run: Run,
  claim: Claim,
  record: RecordStep,
  fence: () => Promise<void>,
): WorkContext {
  let steps = 0
  let holds = 0
  let admissionUsed = false
  const timeline = tellTimeline(run, claim.workId)

  const recorded = async <T>(name: string, body: (at: StepAt, index: number) => Promise<T>): Promise<T> => {
    const index = steps++
    const at: StepAt = { workId: claim.workId, step: name, fence, timeline, attempt: 1, announced: 0 }
    const startedMs = run.clock.now().getTime()
    let ran = false
    // No await before this call: the engine underneath numbers steps in the order of the calls.
    const outcome = await record<Recorded<T>>(name, async () => {
      ran = true
      return asRecorded(() => body(at, index))
    })
    if (!outcome.ok) throw new StepFailed(outcome.step, outcome.failure)
    const durationMs = run.clock.now().getTime() - startedMs
    if (ran) run.metrics.stepDone(name, durationMs / 1000)
    timeline.tell({ type: 'succeeded', step: name, attempt: ran ? at.attempt : 0, replayed: !ran })
    return outcome.value
  }

  return {
    workflowId: claim.workId,
    settled: timeline.settled,
    step: (name, effect) => recorded(name, (at) => attemptUntilDone(run, at, effect)),
    until: (name, topic, look, limits) =>
      recorded(name, (at, index) => poll(run, at, index, topic, look, limits)),
    fail: (step, failure) => recorded(`fail:${step}`, () => Promise.reject(new StepFailed(step, failure))),
    async holding(quota: QuotaName, scope: string, body) {
      const number = holds++
      const isAdmission = !admissionUsed && quota === claim.admission.quota
      if (isAdmission) admissionUsed = true
      const hold = isAdmission ? 'admission' : String(number)
      const key = isAdmission ? claim.admission : { quota, scope }
      if (claim.endedHolds.has(hold)) return body()
      const request = { ...key, workId: claim.workId, hold, epoch: claim.epoch }
      const held = isAdmission && claim.holdsAdmission
      return holdUnit(run, timeline, request, held, () => steps, body)
    },
  }
}

async function asRecorded<T>(body: () => Promise<T>): Promise<Recorded<T>> {
  try {
    return { ok: true, value: await body() }
  } catch (error) {
    if (error instanceof StepFailed) return { ok: false, step: error.step, failure: error.failure }
    throw error
  }
}

/**
 * Looks until there is something to see. All of it is inside one recorded step: thirty minutes of polling leave one
 * row, and the wait goes on where it was when another executor takes over.
 */
async function poll<T>(
  run: Run,
  at: StepAt,
  index: number,
  topic: string | null,
  look: () => Promise<T | null>,
  limits: PollLimits,
): Promise<T> {
  const real = (ms: number) => ms / run.timeScale
  const waited = await persistently(run, 'wait', () => run.store.waitedMs(at.workId, `${index}:${at.step}`))
  const endMs = run.clock.now().getTime() + real(limits.timeoutMs) - waited
  const heard = run.wakes.subscribe(topic === null ? [] : [topic])
  try {
    if (real(limits.firstMs) > waited) await heard.wait(real(limits.firstMs) - waited, run.stopping)
    for (let looks = 0; ; looks++) {
      const seen = await attemptUntilDone(run, at, look)
      if (seen !== null) return seen
      if (run.clock.now().getTime() >= endMs && looks >= LEAST_LOOKS) throw timedOut(at, limits)
      const slower = topic === null ? 1 : Math.min(SLOWEST, 1 + looks / 2)
      const jitter = 0.9 + run.random.next() * 0.2
      await heard.wait(real(limits.everyMs) * slower * jitter, run.stopping)
    }
  } finally {
    heard.close()
  }
}

const timedOut = (at: StepAt, limits: PollLimits): StepFailed =>
  new StepFailed(at.step, {
    code: 'timed_out',
    message: `AWS did not finish \`${at.step}\` within ${Math.round(limits.timeoutMs / 60_000)} minutes. Look at the operation in AWS, then retry or give up.`,
    correctable: [],
  })
