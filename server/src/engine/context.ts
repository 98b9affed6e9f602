import type { Claim } from '../ports/queue.ts'
import type { PollLimits, QuotaName, WorkflowContext } from '../ports/workflow.ts'
import { attemptUntilDone, type StepAt } from './attempts.ts'
import type { Journal, Recorded } from './journal.ts'
import { persistently, type Run, StepFailed } from './run.ts'
import { tellTimeline } from './timeline.ts'
import { holdUnit } from './units.ts'

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
  journal: Journal,
  fence: () => Promise<void>,
): WorkContext {
  let steps = 0
  let holds = 0
  const written = journal.pages()
  let admissionUsed = false
  const timeline = tellTimeline(run, claim.workId)
  const each = { workId: claim.workId, fence, timeline, journal, again: claim.epoch > 1 }

  const recorded = async <T>(name: string, body: (at: StepAt, index: number) => Promise<T>): Promise<T> => {
    const index = steps++
    const at: StepAt = { ...each, step: name, attempt: 1, announced: 0 }
    const startedMs = run.clock.now().getTime()
    const known = journal.replay(name)
    const outcome = known ?? (await asRecorded(() => body(at, index)))
    if (known === null) {
      journal.add(name, outcome)
      await journal.turnIfOld()
    }
    if (!outcome.ok) throw new StepFailed(outcome.step, outcome.failure)
    const durationMs = run.clock.now().getTime() - startedMs
    if (known === null) run.metrics.stepDone(name, durationMs / 1000)
    const attempt = known === null ? at.attempt : 0
    timeline.tell({ type: 'succeeded', step: name, attempt, replayed: known !== null })
    return outcome.value as T
  }

  return {
    workflowId: claim.workId,
    settled: timeline.settled,
    step: (name, effect) => recorded(name, (at) => attemptUntilDone(run, at, effect)),
    until: (name, topic, look, limits) =>
      recorded(name, (at, index) => poll(run, at, index, topic, look, limits)),
    // Not recorded: what led to it is, or happens again.
    fail: (step, failure) => Promise.reject(new StepFailed(step, failure)),
    async holding(quota: QuotaName, scope: string, body) {
      const number = holds++
      const isAdmission = !admissionUsed && quota === claim.admission.quota
      if (isAdmission) admissionUsed = true
      const hold = isAdmission ? 'admission' : String(number)
      const key = isAdmission ? claim.admission : { quota, scope }
      // A hold whose steps a crash kept from being written runs them again, so it needs the unit again.
      if ((claim.endedHolds.get(hold) ?? Number.POSITIVE_INFINITY) <= written) return body()
      const request = { ...key, workId: claim.workId, hold, epoch: claim.epoch }
      const held = isAdmission && claim.holdsAdmission
      return holdUnit(run, { timeline, journal, fence }, request, held, body)
    },
  }
}

async function asRecorded(body: () => Promise<unknown>): Promise<Recorded> {
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
  const heard = run.wakes.subscribe(topic === null ? [] : [topic])
  const pause = async (ms: number) => {
    await at.journal.turnIfOld(ms)
    await heard.wait(ms, run.stopping)
  }
  let endMs: number | null = null
  try {
    // What happened while no execution listened is seen at once.
    if (!at.again && limits.firstMs > 0) await pause(real(limits.firstMs))
    for (let looks = 0; ; looks++) {
      const seen = await attemptUntilDone(run, at, look)
      if (seen !== null) return seen
      endMs ??= run.clock.now().getTime() + real(limits.timeoutMs) - (await waitedMs(run, at, index))
      if (run.clock.now().getTime() >= endMs && looks >= LEAST_LOOKS) throw timedOut(at, limits)
      const slower = topic === null ? 1 : Math.min(SLOWEST, 1 + looks / 2)
      const jitter = 0.9 + run.random.next() * 0.2
      await pause(real(limits.everyMs) * slower * jitter)
    }
  } finally {
    heard.close()
  }
}

/** Since the first look of the first execution that saw nothing: a wait that ends at once leaves no trace. */
const waitedMs = (run: Run, at: StepAt, index: number): Promise<number> =>
  persistently(run, 'wait', () => run.store.waitedMs(at.workId, `${index}:${at.step}`))

const timedOut = (at: StepAt, limits: PollLimits): StepFailed =>
  new StepFailed(at.step, {
    code: 'timed_out',
    message: `AWS did not finish \`${at.step}\` within ${Math.round(limits.timeoutMs / 60_000)} minutes. Look at the operation in AWS, then retry or give up.`,
    correctable: [],
  })
