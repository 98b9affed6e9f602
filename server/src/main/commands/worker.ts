import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { systemActor } from '../../domain/people/roles.ts'
import { type Engine, IDLE_TRANSACTION_MS, startEngine } from '../../engine/index.ts'
import { systemClock } from '../../kernel/clock.ts'
import { applicationOrders } from '../../storage/applications/order-store.ts'
import { openDatabase, openPool } from '../../storage/database.ts'
import { lifecycleStore } from '../../storage/estate/lifecycle.ts'
import { composeOrderStore } from '../../storage/estate/order-store.ts'
import { accountRegister } from '../../storage/estate/register.ts'
import { timelineObserver } from '../../storage/estate/timeline.ts'
import { workStore } from '../../storage/queue/store.ts'
import type { Changes } from '../../storage/transact.ts'
import { bindWorkflows } from '../../workflows/registry.ts'
import { TIMINGS } from '../../workflows/timings.ts'
import { consumeAll, housework, keepHouse, refreshEstates } from '../background.ts'
import type { Config } from '../config.ts'
import { runControls } from '../controls/run.ts'
import { type Estates, openEstates } from '../estates.ts'
import { goneBell } from '../gone.ts'
import { reportReady, untilStopped } from '../lifetime.ts'
import { makeLog } from '../log.ts'
import { runReplays } from '../replay/run.ts'
import { requireDatabaseUrl } from './migrate.ts'

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
  const gone = goneBell()
  const engine = await runEngine({ config, url, on, durablePool, estates, log, timeScale, registry, gone })
  const executor = engine.executorId
  const stop = new AbortController()
  const metrics = await serveMetrics(config, registry)
  const turns = { on, executor, gone, log }
  const background = [
    refreshEstates(estates, log, stop.signal),
    keepHouse(turns, housework({ config, on, estates, timeScale }), stop.signal),
    consumeAll(turns, estates, stop.signal),
    runReplays({ config, url, on, executor, gone, log }, stop.signal),
    runControls({ url, on, executor, gone, estates, timeScale, log }, stop.signal),
  ]
  log.info({ executor }, 'working')
  reportReady({ executor })
  await untilStopped(async () => {
    stop.abort(new Error('the worker stops'))
    await engine.stop()
    await Promise.all(background)
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
  readonly gone: { ring(): void }
}

function runEngine(parts: EngineParts): Promise<Engine> {
  const { config, url, on, durablePool, estates, log, timeScale, registry, gone } = parts
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
    onGone: gone.ring,
  })
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
