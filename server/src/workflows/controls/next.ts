import type { Clock } from '../../kernel/clock.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { ControlStore } from '../../ports/controls.ts'
import { runApply } from './apply.ts'
import type { ControlDeps } from './deps.ts'
import { makePlan } from './plan.ts'

/** How often a worker says that it still has the job. */
export const BEAT_MS = 2_000

/**
 * Takes the next plan or apply and works on it to its end. False: there was none. A worker that dies leaves it to the
 * next one, which goes on at the first step that was not recorded as done.
 */
export async function runNextControls(deps: ControlDeps, stop: AbortSignal): Promise<boolean> {
  const found = await deps.store.claim()
  if (found === null) return false
  const job = 'plan' in found ? found.plan : found.apply
  const end = new AbortController()
  const over = AbortSignal.any([stop, end.signal])
  const beating = keepAlive(deps, job, over, () => end.abort(new Error('another worker has the job')))
  try {
    if ('plan' in found) await makePlan(deps, found.plan)
    else
      await runApply(deps, found.apply, {
        sleep: (ms) => deps.clock.sleep(ms / deps.timeScale, over),
        ended: () => over.aborted,
      })
  } catch (error) {
    if (isLost(error) || end.signal.aborted) return true
    await deps.store.release(job).catch(() => {})
    if (!stop.aborted) throw error
  } finally {
    end.abort(new Error('the job is over'))
    await beating
  }
  return true
}

const isLost = (error: unknown): boolean => error instanceof RankanError && error.code === 'job_lost'

async function keepAlive(
  { store, clock }: { readonly store: Pick<ControlStore, 'beat'>; readonly clock: Clock },
  job: { readonly id: string; readonly attempt: number },
  over: AbortSignal,
  lost: () => void,
): Promise<void> {
  while (!over.aborted) {
    await clock.sleep(BEAT_MS, over).catch(() => {})
    if (over.aborted) return
    // While the database is away nobody else can take the job either.
    if (!(await store.beat(job).catch(() => true))) return lost()
  }
}
