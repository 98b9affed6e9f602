import { invalid, notFound } from '../kernel/errors.ts'
import type { EngineControl, WorkItem, WorkStore } from '../ports/queue.ts'
import { type Durable, durableReader } from './dbos.ts'
import { durableIdOf } from './dispatch.ts'
import { pageWith, usefulPages } from './journal.ts'
import type { EngineLog } from './run.ts'

type Journals = Pick<Durable, 'pages'>

interface RepairParts {
  readonly store: Pick<WorkStore, 'find' | 'requeue'>
  readonly log: EngineLog
}

/** The engine as a process uses it that runs no work itself: the API. */
export async function engineControl(
  parts: RepairParts & { readonly databaseUrl: string; readonly store: WorkStore },
): Promise<EngineControl & { stop(): Promise<void> }> {
  const reader = await durableReader(parts.databaseUrl)
  return {
    signal: (topic) => parts.store.signal(topic),
    ...repairs(parts, () => reader),
    stop: () => reader.stop(),
  }
}

/** What a person may ask of work that waits for repair. */
export function repairs(
  parts: RepairParts,
  journals: () => Journals,
): Pick<EngineControl, 'retry' | 'abandon'> {
  return {
    async retry(workId, how = {}) {
      const item = await existing(parts, workId)
      const resumePage = await resumePageOf(journals(), item, how.fromStep)
      await parts.store.requeue(workId, { mode: item.mode, resumePage })
    },
    async abandon(workId, reason) {
      const item = await existing(parts, workId)
      parts.log.info({ workId, reason }, 'work is given up')
      // A clean-up that itself waits for repair goes on where it stopped.
      const resumePage = item.mode === 'give_up' ? await resumePageOf(journals(), item, undefined) : 0
      await parts.store.requeue(workId, { mode: 'give_up', resumePage })
    },
  }
}

async function existing(parts: RepairParts, workId: string): Promise<WorkItem> {
  const item = await parts.store.find(workId)
  if (item === null) throw notFound('work', workId)
  return item
}

/** The page of the wanted or the failed step. A step that never ended was on the page that comes next. */
async function resumePageOf(
  journals: Journals,
  item: WorkItem,
  fromStep: string | undefined,
): Promise<number> {
  const pages = await journals.pages(durableIdOf(item.workId, item.mode))
  const wanted = fromStep ?? item.failedStep
  const number = wanted === null ? null : pageWith(pages, wanted)
  if (number !== null) return number
  if (fromStep !== undefined && fromStep !== item.failedStep)
    throw invalid(
      'unknown_step',
      `The work \`${item.workId}\` has run no step \`${fromStep}\`; name one that it ran.`,
    )
  return usefulPages(pages)
}
