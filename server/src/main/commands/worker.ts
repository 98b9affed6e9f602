import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { systemActor } from '../../domain/people/roles.ts'
import { type Engine, IDLE_TRANSACTION_MS, startEngine } from '../../engine/index.ts'
import { systemClock } from '../../kernel/clock.ts'
import { tryAlone } from '../../storage/alone.ts'
import { applicationOrders } from '../../storage/applications/order-store.ts'
import { remind } from '../../storage/applications/reminders.ts'
import { loadApplicationSetup } from '../../storage/applications/setup.ts'
import { openDatabase, openPool } from '../../storage/database.ts'
import { sweepStore } from '../../storage/estate/drift.ts'
import { lifecycleStore } from '../../storage/estate/lifecycle.ts'
import { composeOrderStore } from '../../storage/estate/order-store.ts'
import { accountRegister } from '../../storage/estate/register.ts'
import { timelineObserver } from '../../storage/estate/timeline.ts'
import { integrate } from '../../storage/ledger/integrate.ts'
import { workStore } from '../../storage/queue/store.ts'
import type { Changes } from '../../storage/transact.ts'
import { turnOf } from '../../storage/turn.ts'
import { consumeLifecycle } from '../../workflows/lifecycle.ts'
import { bindWorkflows } from '../../workflows/registry.ts'
import { sweep } from '../../workflows/sweep.ts'
import { TIMINGS } from '../../workflows/timings.ts'
import type { Config } from '../config.ts'
import { runControls } from '../controls/run.ts'
import { type Estates, openEstates } from '../estates.ts'
import { inTurn, TURN } from '../in-turn.ts'
import { reportReady, untilStopped } from '../lifetime.ts'
import { makeLog } from '../log.ts'
import { noticeTasks } from '../notices.ts'
import { type Periodic, periodically } from '../periodic.ts'
import { runReplays } from '../replay/run.ts'
import { requireDatabaseUrl } from './migrate.ts'

const MINUTE_MS = 60_000
/** AWS's time between two comparisons of the register with the whole estate; a sweep of 6,000 accounts is 600 calls: who they are, and where `FullAWSAccess` is. */
const SWEEP_MS = 60 * MINUTE_MS

/** `rankan worker`: runs workflows and everything that goes on by itself. Any number of them, on any number of machines. */
export async function workerCommand(config: Config): Promise<void> {
  const log = makeLog(config, 'worker')
  const url = requireDatabaseUrl(config)
  const timeScale = config.timeScale ?? 1
  const onError = (err: Error) => log.warn({ err }, 'a database connection was lost')
  const db = openDatabase({ url, steady: true, onError }, systemActor('worker'))
  const on: Changes = { db, clock: systemClock }
  const estates = await openEstates(on, systemClock, timeScale)
  const registry = new Registry()
  const durablePool = openPool({
    url,
    steady: true,
    maxConnections: 8,
    idleInTransactionMs: IDLE_TRANSACTION_MS,
    onError,
  })
  const engine = await runEngine({ config, url, on, durablePool, estates, log, timeScale, registry })
  const stop = new AbortController()
  const metrics = await serveMetrics(config, registry)
  const tasks = backgroundTasks({ config, on, estates, timeScale }).map((task) =>
    periodically(task, systemClock, log, stop.signal),
  )
  const events = consumeAll({ on, estates, engine, log }, stop.signal)
  const replays = runReplays({ config, url, on, executor: engine.executorId, log }, stop.signal)
  const controls = runControls({ url, on, executor: engine.executorId, estates, timeScale, log }, stop.signal)
  log.info({ executor: engine.executorId }, 'working')
  reportReady({ executor: engine.executorId })
  await untilStopped(async () => {
    stop.abort(new Error('the worker stops'))
    await engine.stop()
    await Promise.all([...tasks, events, replays, controls])
    metrics?.close()
    estates.destroy()
    await Promise.all([db.destroy(), durablePool.end()])
  })
}

interface EngineParts {
  readonly config: Config
  readonly url: string
  readonly on: Changes
  readonly durablePool: ReturnType<typeof openPool>
  readonly estates: Estates
  readonly log: Logger
  readonly timeScale: number
  readonly registry: Registry
}

function runEngine(parts: EngineParts): Promise<Engine> {
  const { config, url, on, durablePool, estates, log, timeScale, registry } = parts
  const orders = composeOrderStore(on, applicationOrders(on))
  const workflows = bindWorkflows({
    orders,
    register: accountRegister(on),
    lifecycle: lifecycleStore(on),
    estate: (id) => estates.get(id),
    timings: TIMINGS,
  })
  return startEngine({
    databaseUrl: url,
    durablePool,
    store: workStore({ db: on.db, url, timeScale }),
    // A dead worker must never come back under its name, so that its leases can be told from its successor's.
    executorId: `${config.executorId ?? hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    kinds: workflows,
    orders,
    observer: timelineObserver(on),
    log,
    timeScale,
    registry,
  })
}

function backgroundTasks(
  parts: Pick<EngineParts, 'config' | 'on' | 'estates' | 'timeScale'>,
): readonly Periodic[] {
  const { on, estates } = parts
  const setup = loadApplicationSetup(parts.config.rootMailDomain)
  const sweepEvery = Math.max(SWEEP_MS / parts.timeScale, 5_000)
  return [
    {
      name: 'ledger integration',
      everyMs: 5_000,
      run: () => tryAlone(on, 'ledger', 4_500, () => integrate(on)),
    },
    { name: 'reminders', everyMs: MINUTE_MS, run: () => remind(on, setup) },
    ...noticeTasks(parts.config, on),
    { name: 'AWS organisations', everyMs: 10_000, run: () => estates.refresh() },
    { name: 'sweep', everyMs: sweepEvery, run: () => sweepAll(on, estates, sweepEvery) },
  ]
}

/** One worker of all sweeps at a time; the others see that it was done. */
async function sweepAll(on: Changes, estates: Estates, everyMs: number): Promise<void> {
  for (const id of estates.ids())
    await tryAlone(on, `sweep ${id}`, everyMs * 0.8, () => sweep(sweepStore(on), estates.get(id)))
}

interface EventParts {
  readonly on: Changes
  readonly estates: Estates
  readonly engine: Engine
  readonly log: Logger
}

/**
 * Takes the lifecycle events of every AWS organisation, also of those that are connected later. One worker at a time
 * asks AWS for those of one organisation; it tells all others by NOTIFY. Events wait in the queue while it is replaced.
 */
async function consumeAll({ on, estates, engine, log }: EventParts, stop: AbortSignal): Promise<void> {
  const consuming = new Map<string, Promise<void>>()
  const lifecycle = lifecycleStore(on)
  while (!stop.aborted) {
    for (const id of estates.ids().filter((one) => !consuming.has(one))) {
      const turn = turnOf(on, `events of ${id}`, engine.executorId, TURN.leaseMs)
      const run = () =>
        inTurn(turn, systemClock, stop, (signal) => consumeLifecycle(lifecycle, estates.get(id), signal))
      consuming.set(
        id,
        periodically({ name: `events of ${id}`, everyMs: TURN.askMs, run }, systemClock, log, stop),
      )
    }
    await systemClock.sleep(5_000, stop).catch(() => {})
  }
  await Promise.all(consuming.values())
}

async function serveMetrics(config: Config, registry: Registry): Promise<Server | null> {
  if (config.metricsPort === undefined) return null
  const server = createServer((request, response) => {
    if (request.url === '/healthz') return response.end('{"status":"ok"}')
    void registry.metrics().then((text) => response.setHeader('content-type', registry.contentType).end(text))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.metricsPort, config.host, resolve)
  })
  return server
}
