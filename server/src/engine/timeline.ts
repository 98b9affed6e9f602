import type { WorkMoment } from '../ports/queue.ts'
import type { Run } from './run.ts'

type Untimed<Moment> = Moment extends unknown ? Omit<Moment, 'at'> : never

/** Tells the observer in order without making the work wait for it; what fails there is logged and nothing more. */
export interface Timeline {
  tell(moment: Untimed<WorkMoment>): void
  /** Resolves when everything that was told is written. */
  settled(): Promise<void>
}

/** Steps that follow each other within this real time are written together: people do not see the difference. */
const GATHER_MS = 1_500

export function tellTimeline(run: Run, workId: string): Timeline {
  let gathered: WorkMoment[] = []
  let last: Promise<void> = Promise.resolve()
  let scheduled = false
  const flush = () => {
    const moments = gathered
    gathered = []
    if (moments.length === 0) return last
    last = last
      .then(() => run.observer.tell(workId, moments))
      .catch((error: unknown) => {
        run.log.warn({ workId, error: String(error) }, 'the timeline could not be written')
      })
    return last
  }
  return {
    tell(moment) {
      gathered.push({ ...moment, at: run.clock.now().toISOString() })
      if (scheduled) return
      scheduled = true
      void run.clock.sleep(GATHER_MS).then(() => {
        scheduled = false
        return flush()
      })
    },
    settled: () => flush(),
  }
}
