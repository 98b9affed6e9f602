import type { SlotRequest } from '../ports/queue.ts'
import type { Journal } from './journal.ts'
import { persistently, type Run } from './run.ts'
import type { Timeline } from './timeline.ts'

/** A grant is heard by NOTIFY within milliseconds; this only repairs a message that was lost. */
const ASK_AGAIN_MS = 3000

export const unitTopic = (id: string): string => `unit:${id}`

/** More pages than any journal has: a hold that failed is taken again, wherever the work goes on. The column is an integer. */
const NEVER_OVER = 2 ** 31 - 1

interface Execution {
  readonly timeline: Timeline
  readonly journal: Journal
  /** Rejects when another execution owns the work. */
  readonly fence: () => Promise<void>
}

/** Takes the unit unless it is held, runs the body, gives the unit back, and starts what the free unit was given to. */
export async function holdUnit<T>(
  run: Run,
  execution: Execution,
  request: SlotRequest,
  held: boolean,
  body: () => Promise<T>,
): Promise<T> {
  if (!held) await waitForUnit(run, execution, request)
  let pages = NEVER_OVER
  try {
    const result = await body()
    pages = execution.journal.pages()
    return result
  } finally {
    // Also after a failure: while a person decides, others use the quota. A fenced execution releases nothing.
    if (!run.stopping.aborted) {
      const release = { ...request, executorId: run.executorId, pages }
      run.start(await persistently(run, 'release', () => run.store.release(release)))
    }
  }
}

async function waitForUnit(
  run: Run,
  { timeline, journal, fence }: Execution,
  request: SlotRequest,
): Promise<void> {
  const heard = run.wakes.subscribe([unitTopic(`${request.workId}#${request.hold}`)])
  const step = `slot:${request.quota}`
  try {
    for (let asked = 0; ; asked++) {
      // An execution that lost its work is given nothing. It would ask for ever, and while it runs here this executor
      // does not take the work up again when the one that has it dies.
      await fence()
      const held = await persistently(run, 'acquire', () => run.store.acquire(request, run.executorId))
      if (held) {
        // A unit that was free at once is no news.
        if (asked > 0) timeline.tell({ type: 'succeeded', step, attempt: 1, replayed: false })
        return
      }
      if (asked === 0) timeline.tell({ type: 'waiting', step, attempt: 1 })
      await journal.turn()
      await heard.wait(ASK_AGAIN_MS, run.stopping)
    }
  } finally {
    heard.close()
  }
}
