import type { ReplayProgress } from '../domain/policies/replays.ts'
import type { Clock } from '../kernel/clock.ts'
import { RankanError } from '../kernel/errors.ts'
import type { ReplayJob, ReplayRunner, ReplayStore, Standing } from '../ports/replays.ts'

export interface ReplayDeps {
  readonly store: ReplayStore
  readonly runner: ReplayRunner
  readonly clock: Clock
}

/** How often a running replay says that it is alive and how far; a cancel is seen within this time. */
export const BEAT_MS = 1_000

const BEGIN: ReplayProgress = {
  phase: 'reading',
  filesTotal: null,
  filesRead: 0,
  eventsRead: 0,
  factsTotal: null,
  factsAsked: 0,
}

/**
 * Runs the next replay to its end. False: there was none. A worker that dies leaves it to the next one, which reads only
 * what no part of the facts holds yet.
 */
export async function runNextReplay(deps: ReplayDeps, stop: AbortSignal): Promise<boolean> {
  const job = await deps.store.claim()
  if (job === null) return false
  const end = new AbortController()
  const watch = watchJob(deps, job, end)
  try {
    const outcome = await deps.runner.run(job, watch.progress, AbortSignal.any([stop, end.signal]))
    await watch.end()
    await deps.store.done(job, outcome)
  } catch (error) {
    await watch.end()
    await settle(deps.store, job, error, watch.standing(), stop.aborted)
  }
  return true
}

async function settle(
  store: ReplayStore,
  job: ReplayJob,
  error: unknown,
  standing: Standing,
  stopping: boolean,
): Promise<void> {
  if (standing === 'lost') return
  if (standing === 'cancelled') return store.cancelled(job)
  if (stopping) return store.release(job)
  await store.failed(job, wordsOf(error))
}

/** What a person reads: every fault that the error knows, a bounded number of them. */
function wordsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof RankanError))
    return { code: 'bug', message: error instanceof Error ? error.message : String(error) }
  const issues = error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${path.join(' ')}: ${message}`.slice(0, 500))
  return { code: error.code, message: [error.message, ...issues].join('\n') }
}

function watchJob({ store, clock }: ReplayDeps, job: ReplayJob, end: AbortController) {
  let progress = BEGIN
  let standing: Standing = 'go'
  const over = new AbortController()
  const loop = async () => {
    while (!over.signal.aborted && standing === 'go') {
      // While the database is away nobody else can take the replay either.
      standing = await store.beat(job, progress).catch((): Standing => 'go')
      if (standing !== 'go') end.abort(new Error(`the replay is ${standing}`))
      await clock.sleep(BEAT_MS, over.signal).catch(() => {})
    }
  }
  const beating = loop()
  return {
    progress(now: ReplayProgress) {
      progress = now
    },
    standing: () => standing,
    async end() {
      over.abort()
      await beating
    },
  }
}
