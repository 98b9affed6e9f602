import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cpuMs, type Running, startPart, stopPart } from './processes.ts'
import { loadServer, type Server, serverFile } from './server.ts'

export interface WorldOptions {
  readonly workers: number
  readonly timeScale: number
  readonly keep: boolean
}

/** The product and its estate as processes: PostgreSQL, the sandbox, workers. */
export interface World {
  readonly server: Server
  readonly dir: string
  readonly databaseUrl: string
  readonly on: { readonly db: ReturnType<Server['openDatabase']>; readonly clock: Server['systemClock'] }
  /** Plain SQL as the owner of the database, for measuring. */
  query<T>(text: string, values?: readonly unknown[]): Promise<readonly T[]>
  readonly sandboxUrl: string
  readonly credentials: Awaited<ReturnType<Server['readCredentials']>>
  readonly workers: Workers
  readonly postgresPid: number
  readonly sandboxPid: number
  stop(): Promise<void>
}

export interface Workers {
  start(): Promise<void>
  /** SIGKILL to the one that is next, and a new one in its place. Returns its number. */
  killOne(): Promise<number>
  /** CPU of all workers that ever ran, beyond what each needed to start. */
  workCpuMs(): number
  startCpuMs(): number
  stop(): Promise<void>
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const server = await loadServer()
  const dir = await mkdtemp(path.join(tmpdir(), 'rankan-bench-'))
  await mkdir(path.join(dir, 'data'))
  const postgres = await server.startPostgres({ dir: path.join(dir, 'data'), unsafe: true })
  await server.migrateAll(postgres.url)
  const credentialsFile = path.join(dir, 'credentials.json')
  const base = {
    RANKAN_DATABASE_URL: postgres.url,
    RANKAN_DATA: path.join(dir, 'data'),
    RANKAN_TIME_SCALE: String(options.timeScale),
    RANKAN_LOG_LEVEL: 'info',
  }
  const sandbox = await startPart(
    'sandbox',
    ['sandbox'],
    { ...base, RANKAN_SANDBOX_CREDENTIALS: credentialsFile },
    dir,
  )
  const credentials = await server.readCredentials(credentialsFile)
  const sandboxUrl = String(sandbox.details.url)
  const db = server.openDatabase({ url: postgres.url, maxConnections: 8 })
  const on = { db, clock: server.systemClock }
  const [organization] = credentials.organizations
  if (organization === undefined) throw new Error('The sandbox has no organisation.')
  const one = { ...credentials, organizations: [organization] }
  await server.prepareDemo(on, server.idSource(server.systemClock, server.systemRandom), one)
  const env = { ...base, RANKAN_SANDBOX_URL: sandboxUrl, ...server.credentialEnvironment(one) }
  const measuring = plainSql(postgres.url)
  const workers = workerPool(options.workers, env, dir)
  return {
    server,
    dir,
    databaseUrl: postgres.url,
    on,
    query: measuring.query,
    sandboxUrl,
    credentials: one,
    workers,
    postgresPid: postgres.pid,
    sandboxPid: sandbox.child.pid ?? 0,
    async stop() {
      await workers.stop()
      await stopPart(sandbox)
      await db.destroy()
      await measuring.end()
      await postgres.stop()
      if (!options.keep) await rm(dir, { recursive: true, force: true })
    },
  }
}

interface PgModule {
  readonly Pool: new (config: {
    connectionString: string
    max: number
  }) => {
    query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
    end(): Promise<void>
    on(event: 'error', listener: () => void): void
  }
}

/** The server's own `pg`; rows within row-level security are seen as the centre sees them. */
function plainSql(url: string) {
  const pg = createRequire(serverFile('package.json'))('pg') as PgModule
  const scoped = `${url}?options=${encodeURIComponent('-c rankan.scope=all')}`
  const pool = new pg.Pool({ connectionString: scoped, max: 2 })
  pool.on('error', () => {})
  return {
    query: async <T>(text: string, values: readonly unknown[] = []): Promise<readonly T[]> =>
      (await pool.query(text, [...values])).rows as T[],
    end: () => pool.end(),
  }
}

function workerPool(count: number, env: Readonly<Record<string, string>>, dir: string): Workers {
  const running = new Map<number, Running>()
  let spent = 0
  let started = 0
  let next = 0
  const launch = async (n: number) => {
    const part = await startPart(
      `worker-${n}`,
      ['worker'],
      { ...env, RANKAN_EXECUTOR_ID: `worker-${n}` },
      dir,
    )
    started += part.startCpuMs
    running.set(n, part)
  }
  return {
    async start() {
      await Promise.all(Array.from({ length: count }, (_, i) => launch(i + 1)))
    },
    async killOne() {
      const n = (next++ % count) + 1
      const part = running.get(n)
      if (part === undefined) return n
      spent += cpuMs(part.child.pid) - part.startCpuMs
      running.delete(n)
      part.child.kill('SIGKILL')
      await launch(n)
      return n
    },
    workCpuMs: () =>
      [...running.values()].reduce((sum, part) => sum + cpuMs(part.child.pid) - part.startCpuMs, spent),
    startCpuMs: () => started,
    stop: async () => {
      await Promise.all([...running.values()].map(stopPart))
    },
  }
}
