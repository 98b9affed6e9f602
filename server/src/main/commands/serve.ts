import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import { readLibrary } from '../../cli/control/library.ts'
import { engineControl } from '../../engine/control.ts'
import { createApp } from '../../http/app.ts'
import type { Services } from '../../http/services.ts'
import { mountSession } from '../../http/session/routes.ts'
import { serverMetrics } from '../../http/system/metrics.ts'
import { mountHealth, mountPortal, mountReference } from '../../http/system/mount.ts'
import { cedarAuthoriser } from '../../identity/authorise.ts'
import { systemClock } from '../../kernel/clock.ts'
import { RankanError } from '../../kernel/errors.ts'
import { idSource } from '../../kernel/ids.ts'
import { systemRandom } from '../../kernel/random.ts'
import { loadApplicationSetup } from '../../storage/applications/setup.ts'
import { openDatabase } from '../../storage/database.ts'
import { forgetOldKeys } from '../../storage/idempotency/keys.ts'
import { demoActors } from '../../storage/organisations/personas.ts'
import { estimateReader } from '../../storage/queue/estimates.ts'
import { queueContext, workStore } from '../../storage/queue/store.ts'
import { changeFeed } from '../changes.ts'
import type { Config } from '../config.ts'
import { readShippedSets } from '../controls/sets.ts'
import { openEstates } from '../estates.ts'
import { reportReady, untilStopped } from '../lifetime.ts'
import { makeLog } from '../log.ts'
import { configuredTrails } from '../replay/trails.ts'
import { allRoutes, type RouteParts } from '../routes.ts'
import { requireDatabaseUrl } from './migrate.ts'

const PORTAL = fileURLToPath(new URL('../../../../portal/dist', import.meta.url))
const HOUR_MS = 3_600_000

/** `rankan serve`: the API and the portal. Stateless; any number of them may run on one database. */
export async function serveCommand(config: Config): Promise<void> {
  refuseWithoutSignIn(config)
  const log = makeLog(config, 'serve')
  const url = requireDatabaseUrl(config)
  const db = openDatabase({
    url,
    maxConnections: 20,
    onError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  })
  const on = { db, clock: systemClock }
  const changes = await changeFeed(url, log)
  const services: Services = {
    on,
    clock: systemClock,
    ids: idSource(systemClock, systemRandom),
    authorise: cedarAuthoriser(),
    personas: config.sandboxUrl === undefined ? null : () => demoActors(on),
    sandboxControlUrl: config.sandboxUrl ?? null,
    changes,
    log,
    rootMailDomain: config.rootMailDomain,
    timeScale: config.timeScale ?? 1,
  }
  const parts = await openParts(services, config, url, log)
  const server = await listenHttp(buildApp(services, parts), config, log)
  const sweep = setInterval(
    () => void forgetOldKeys(on).catch((err) => log.warn({ err }, 'old idempotency keys were not forgotten')),
    HOUR_MS,
  )
  const port = (server.address() as AddressInfo).port
  log.info({ port }, 'serving')
  reportReady({ port })
  await untilStopped(async () => {
    clearInterval(sweep)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await parts.stop()
    await changes.stop()
    await db.destroy()
  })
}

interface OpenParts extends RouteParts {
  stop(): Promise<void>
}

/** What routes need beside the services: AWS organisations to look at, the queue's estimates, repairs of work. */
async function openParts(
  services: Services,
  config: Config,
  databaseUrl: string,
  log: Logger,
): Promise<OpenParts> {
  const { on, timeScale } = services
  const estates = await openEstates(on, services.clock, timeScale)
  const store = workStore({ db: on.db, url: databaseUrl, timeScale })
  const engine = await engineControl({ databaseUrl, store, log })
  const refresh = setInterval(
    () => void estates.refresh().catch((err) => log.warn({ err }, 'AWS organisations were not read')),
    10_000,
  )
  return {
    applications: {
      setup: loadApplicationSetup(services.rootMailDomain),
      estimates: estimateReader(queueContext({ db: on.db, timeScale })),
    },
    estate: { engine, queueStatus: () => store.status(), estate: (id) => estates.get(id) },
    trails: configuredTrails(config.trails),
    catalog: readLibrary(),
    controlSets: readShippedSets(),
    controlsOf: (id) => estates.get(id).controls,
    async stop() {
      clearInterval(refresh)
      await engine.stop()
      estates.destroy()
    },
  }
}

function buildApp(services: Services, parts: RouteParts) {
  const metrics = serverMetrics()
  const app = createApp(services, allRoutes(parts), metrics.timer)
  mountSession(app, services)
  mountHealth(app, services, metrics.registry)
  mountReference(app)
  mountPortal(app, PORTAL)
  return app
}

/** Choosing a persona is no proof of identity: it must never guard real accounts. */
function refuseWithoutSignIn(config: Config): void {
  if (config.sandboxUrl !== undefined) return
  throw new RankanError(
    'denied',
    'no_sign_in',
    'The estate is real AWS (`RANKAN_SANDBOX_URL` is not set), and this version of Rankan has only the demo sign-in. The server does not start without real sign-in; workers, migrations and the sandbox do.',
  )
}

function listenHttp(app: ReturnType<typeof buildApp>, config: Config, log: Logger) {
  const server = createServer(getRequestListener(app.fetch))
  return new Promise<typeof server>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error)
      log.error({ port: config.port }, 'the port is taken')
      reject(
        new RankanError(
          'conflict',
          'port_taken',
          `The port ${config.port} on ${config.host} is taken by another program. Choose another with RANKAN_PORT.`,
        ),
      )
    })
    server.listen(config.port, config.host, () => resolve(server))
  })
}
