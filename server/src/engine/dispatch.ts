import { AsyncResource } from 'node:async_hooks'
import type { GrantedWork, TakenWork, WorkMode } from '../ports/queue.ts'
import type { Durable } from './dbos.ts'
import { usefulPages } from './journal.ts'
import type { Run } from './run.ts'

/** Giving up is a workflow of its own beside the one it ends. */
export const durableIdOf = (workId: string, mode: WorkMode): string =>
  mode === 'do' ? workId : `${workId}~give-up`

/** Brings what should run to run. Level-driven: called again with the same work it finds out what is missing. */
export interface Dispatcher {
  start(work: readonly GrantedWork[]): void
  /** Work that is assigned to this executor: whatever of it does not run here or wait in the durable engine is revived. */
  reconcile(work: readonly TakenWork[]): Promise<void>
  /** The executions in this process, counted by their durable id. */
  readonly running: Map<string, number>
}

/** An execution that another executor just took from the durable queue has not claimed its work yet. */
const GRACE_MS = 4000

export function dispatcher(run: Run, durable: () => Durable): Dispatcher {
  const running = new Map<string, number>()
  const missingSince = new Map<string, number>()
  // Work is often granted where another workflow gives its unit back. Started there it would become that workflow's
  // child and take one of its step numbers, and no replay would find the same steps: it is started outside of all.
  const outside = new AsyncResource('rankan-dispatch')
  const begin = async (work: GrantedWork): Promise<void> => {
    const id = durableIdOf(work.workId, work.mode)
    if (work.fresh) await durable().start(id, work)
    else await revive(run, durable(), work)
  }
  const tryTo = async (work: GrantedWork, how: (work: GrantedWork) => Promise<void>) => {
    try {
      await how(work)
    } catch (error) {
      // The sweep finds it again.
      if (!run.stopping.aborted)
        run.log.warn({ workId: work.workId, error: String(error) }, 'work could not be started yet')
    }
  }
  return {
    running,
    start: (works) => {
      if (run.stopping.aborted) return
      outside.runInAsyncScope(() => {
        for (const work of works) void tryTo(work, begin)
      })
    },
    async reconcile(works) {
      const now = run.clock.now().getTime()
      const missing = works.filter((work) => !running.has(durableIdOf(work.workId, work.mode)))
      const ids = new Set(missing.map((work) => work.workId))
      for (const id of missingSince.keys()) if (!ids.has(id)) missingSince.delete(id)
      for (const work of missing) {
        const since = missingSince.get(work.workId) ?? now
        missingSince.set(work.workId, since)
        if (now - since < GRACE_MS) continue
        missingSince.delete(work.workId)
        await tryTo(work, (one) => revive(run, durable(), one))
      }
    },
  }
}

/** Makes the durable workflow of granted or running work go on, whatever state a crash left it in. */
export async function revive(run: Run, durable: Durable, work: GrantedWork): Promise<void> {
  const id = durableIdOf(work.workId, work.mode)
  const item = await run.store.find(work.workId)
  if (item === null || (item.state !== 'granted' && item.state !== 'running')) return
  const state = await durable.state(id)
  run.log.info({ workId: work.workId, durable: state, resumePage: item.resumePage }, 'reviving work')
  if (state === 'absent') return durable.start(id, work)
  if (state === 'waiting') return durable.pickUp()
  if (state === 'running' && item.resumePage === null) return durable.takeOver(id)
  if (state === 'running') await durable.end(id)
  await durable.rewind(id, item.resumePage ?? usefulPages(await durable.pages(id)))
}
