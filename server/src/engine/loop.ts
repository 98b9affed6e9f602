import type { Dispatcher } from './dispatch.ts'
import type { Run } from './run.ts'

/** How often an executor says that it lives; its lease is several times as long. */
const HEARTBEAT_MS = 1000
/** The slow sweep that repairs whatever a lost message or a crash left behind. */
const SWEEP_EVERY = 8 // heartbeats
/** New work arrives in batches: one look at the queue serves many messages. */
const GATHER_MS = 10

export interface Loop {
  grantSoon(): void
  readonly ended: Promise<void>
}

/** The heartbeat of an executor, the takeover of dead ones' work, the sweep, and the grants that a message asks for. */
export function keepAlive(run: Run, dispatch: Dispatcher): Loop {
  let gathering = false
  const grant = async () => {
    dispatch.start(await run.store.grant(run.executorId))
    await run.store.estimate()
  }
  const grantSoon = () => {
    if (gathering || run.stopping.aborted) return
    gathering = true
    void run.clock
      .sleep(GATHER_MS)
      .then(() => {
        gathering = false
        return grant()
      })
      .catch((error: unknown) => run.log.warn({ error: String(error) }, 'the queue could not be looked at'))
  }
  return { grantSoon, ended: beat(run, dispatch, grant) }
}

async function beat(run: Run, dispatch: Dispatcher, grant: () => Promise<void>): Promise<void> {
  for (let beats = 0; !run.stopping.aborted; beats++) {
    try {
      await takeOver(run, dispatch)
      if (beats % SWEEP_EVERY === 0) {
        const seen = await run.store.look(run.executorId)
        if (seen.waiting || seen.unestimated) await grant()
        await dispatch.reconcile(seen.assigned)
      }
    } catch (error) {
      run.log.warn({ error: String(error) }, 'a heartbeat failed; trying again')
    }
    await run.clock.sleep(HEARTBEAT_MS, run.stopping).catch(() => {})
  }
}

async function takeOver(run: Run, dispatch: Dispatcher): Promise<void> {
  const sentMs = performance.now()
  const taken = await run.store.heartbeat(run.executorId)
  run.lease.renewed(sentMs)
  if (taken.length === 0) return
  run.metrics.taken(taken.length)
  run.log.info({ work: taken.map((work) => work.workId) }, 'taking over work of an executor that died')
  // The dead one may have died right after it started the work: look before starting it.
  dispatch.start(taken.map((work) => ({ ...work, fresh: false })))
}
