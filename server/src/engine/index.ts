import type { Registry } from 'prom-client'
import type { Clock } from '../kernel/clock.ts'
import { systemClock } from '../kernel/clock.ts'
import { type Random, systemRandom } from '../kernel/random.ts'
import type { EngineControl, QueueStatus, WorkObserver, WorkStore } from '../ports/queue.ts'
import { repairs } from './control.ts'
import { type Durable, type DurableInput, type DurablePool, launchDurable, lostWorkflow } from './dbos.ts'
import { type Dispatcher, dispatcher, durableIdOf } from './dispatch.ts'
import { executeWork, type Outcomes, type WorkKind } from './execute.ts'
import { leaseOf } from './lease.ts'
import { keepAlive } from './loop.ts'
import { type EngineMetrics, engineMetrics } from './metrics.ts'
import type { EngineLog, Run } from './run.ts'
import { unitTopic } from './units.ts'
import { wakesOn } from './wakes.ts'

export { IDLE_TRANSACTION_MS } from './dbos.ts'
export type { Outcomes, WorkKind } from './execute.ts'
export type { EngineLog } from './run.ts'

export interface EngineOptions {
  readonly databaseUrl: string
  readonly store: WorkStore
  /** Unique for each process that ever ran, e.g. `<host>-<pid>-<random>`: a dead one must never come back under its name. */
  readonly executorId: string
  readonly kinds: readonly WorkKind[]
  readonly orders: Outcomes
  readonly observer: WorkObserver
  readonly log: EngineLog
  /** AWS's time per real time; 1 on real AWS. */
  readonly timeScale: number
  readonly clock?: Clock
  readonly random?: Random
  /** Where the metrics are registered; one of its own if not given. */
  readonly registry?: Registry
  readonly maxConnections?: number
  /** Connections for the durable engine, with `IDLE_TRANSACTION_MS` as their limit; it opens its own if not given. */
  readonly durablePool?: DurablePool
  /** Another executor left or is missed. */
  readonly onGone?: () => void
  /** See `Run.pageMs`; four seconds if not given. */
  readonly pageMs?: number
}

const PAGE_MS = 4000

export interface Engine extends EngineControl {
  readonly executorId: string
  readonly metrics: EngineMetrics
  status(): Promise<QueueStatus>
  /** Lets go of all work, so that others continue it at once. */
  stop(): Promise<void>
}

/** Runs work on this process until it is stopped. One per process. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const stop = new AbortController()
  const clock = options.clock ?? systemClock
  let durable: Durable | null = null
  const started = () => {
    if (durable === null) throw new Error('The engine is starting.')
    return durable
  }
  const run: Run = {
    executorId: options.executorId,
    store: options.store,
    observer: options.observer,
    clock,
    random: options.random ?? systemRandom,
    timeScale: options.timeScale,
    pageMs: options.pageMs ?? PAGE_MS,
    wakes: wakesOn(clock),
    metrics: engineMetrics(options.store, options.registry),
    log: options.log,
    stopping: stop.signal,
    lease: leaseOf(options.store.leaseMs, () => performance.now()),
    start: (work) => dispatch.start(work),
  }
  const dispatch: Dispatcher = dispatcher(run, started)
  const kinds = new Map(options.kinds.map((kind) => [kind.kind, kind]))
  // Alive before the first workflow can arrive, or another executor would take it away again.
  await options.store.announce(options.executorId)
  durable = await launchDurable({
    databaseUrl: options.databaseUrl,
    executorId: options.executorId,
    log: options.log,
    maxConnections: options.maxConnections ?? 8,
    ...(options.durablePool === undefined ? {} : { pool: options.durablePool }),
    run: (input) => counted(dispatch, input, () => executeWork(run, started(), kinds, options.orders, input)),
  })
  const loop = keepAlive(run, dispatch)
  const listening = await options.store.listen(options.executorId, {
    onStart: (executorId, work) => {
      if (executorId === run.executorId) dispatch.start([work])
    },
    onGranted: (id) => run.wakes.wake(unitTopic(id)),
    onSignal: (topic) => run.wakes.wake(topic),
    onFree: () => loop.grantSoon(),
    onGone: () => options.onGone?.(),
    onLost: () => run.lease.broken(),
    onGap: () => {
      run.lease.mended()
      run.wakes.wakeAll()
      loop.grantSoon()
    },
  })
  return {
    executorId: run.executorId,
    metrics: run.metrics,
    status: () => options.store.status(),
    signal: (topic) => options.store.signal(topic),
    ...repairs(run, started),
    async stop() {
      if (stop.signal.aborted) return
      stop.abort(lostWorkflow('the executor stops'))
      await listening.stop()
      await loop.ended
      await durable?.stop()
      await options.store.leave(options.executorId)
    },
  }
}

async function counted(dispatch: Dispatcher, input: DurableInput, work: () => Promise<void>): Promise<void> {
  const id = durableIdOf(input.workId, input.mode)
  dispatch.running.set(id, (dispatch.running.get(id) ?? 0) + 1)
  try {
    await work()
  } finally {
    const left = (dispatch.running.get(id) ?? 1) - 1
    if (left === 0) dispatch.running.delete(id)
    else dispatch.running.set(id, left)
  }
}
