import type { WorkObserver } from '../ports/queue.ts'
import type { Run } from './run.ts'

type Told<K extends keyof WorkObserver> = Parameters<WorkObserver[K]>[0]

/** Tells the observer in order without making the work wait for it; what fails there is logged and nothing more. */
export interface Timeline {
  stepStarted(at: Told<'stepStarted'>): void
  stepSucceeded(at: Told<'stepSucceeded'>): void
  attemptFailed(at: Told<'attemptFailed'>): void
  settled(): Promise<void>
}

export function tellTimeline(run: Run): Timeline {
  let last: Promise<void> = Promise.resolve()
  const tell = (what: string, work: () => Promise<void>) => {
    last = last.then(work).catch((error: unknown) => {
      run.log.warn({ what, error: String(error) }, 'the timeline could not be written')
    })
  }
  return {
    stepStarted: (at) => tell('stepStarted', () => run.observer.stepStarted(at)),
    stepSucceeded: (at) => tell('stepSucceeded', () => run.observer.stepSucceeded(at)),
    attemptFailed: (at) => tell('attemptFailed', () => run.observer.attemptFailed(at)),
    settled: () => last,
  }
}
