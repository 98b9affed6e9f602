import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { systemClock } from '../../kernel/clock.ts'
import { RankanError } from '../../kernel/errors.ts'
import { idSource } from '../../kernel/ids.ts'
import { systemRandom } from '../../kernel/random.ts'
import { openDatabase } from '../../storage/database.ts'
import type { Config } from '../config.ts'
import { credentialEnvironment, prepareDemo, readCredentials } from '../demo.ts'
import { refuseFullDisk } from '../disk.ts'
import { untilStopped } from '../lifetime.ts'
import { lockDataFolder } from '../lock.ts'
import { startPostgres } from '../postgres.ts'
import { type Part, startPart } from '../supervise.ts'
import { migrateAll } from './migrate.ts'

/** How fast the demo's AWS runs: an account that takes AWS up to 30 minutes takes half a minute. */
const DEMO_TIME_SCALE = 60

/** `rankan start`: database, sandbox estate, API, portal and workers as one process group, with one data folder and one URL. */
export async function startCommand(config: Config): Promise<void> {
  const started = performance.now()
  prepareFolder(config.dataDir)
  refuseFullDisk(config.dataDir)
  await refuseTakenPort(config)
  const unlock = lockDataFolder(config.dataDir)
  const stops: (() => Promise<void>)[] = []
  const stopAll = async () => {
    for (const stop of stops.reverse()) await stop().catch((error: Error) => console.error(error.message))
    unlock()
  }
  try {
    const url = await bringUp(config, stops)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(
      `\n  欄干 Rankan is ready after ${seconds} s:  ${url}\n\n  Data: ${config.dataDir}   Stop: Ctrl-C\n`,
    )
  } catch (error) {
    await stopAll()
    throw error
  }
  await untilStopped(async () => {
    console.log('Stopping …')
    await stopAll()
    console.log('Stopped. Everything is kept in the data folder.')
  })
}

async function bringUp(config: Config, stops: (() => Promise<void>)[]): Promise<string> {
  const databaseUrl = await database(config, stops)
  const timeScale = String(config.timeScale ?? DEMO_TIME_SCALE)
  const credentials = path.join(config.dataDir, 'sandbox', 'credentials.json')
  const part = async (
    name: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<Part> => {
    const base = {
      RANKAN_DATABASE_URL: databaseUrl,
      RANKAN_DATA: config.dataDir,
      RANKAN_TIME_SCALE: timeScale,
    }
    const running = await startPart({
      name,
      args,
      env: { ...base, ...env },
      dataDir: config.dataDir,
      onRestart: announceRestart,
    })
    stops.push(() => running.stop())
    return running
  }
  const sandbox = await part('sandbox', ['sandbox'], {
    RANKAN_SANDBOX_PORT: String(config.sandboxPort),
    RANKAN_SANDBOX_CREDENTIALS: credentials,
  })
  const known = await readCredentials(credentials)
  await furnish(databaseUrl, known)
  const estate = {
    RANKAN_SANDBOX_URL: String(sandbox.details.url),
    RANKAN_SANDBOX_CREDENTIALS: credentials,
    ...trailsOf(config),
    ...credentialEnvironment(known),
  }
  const names = Array.from({ length: config.workers }, (_, i) => `worker-${i + 1}`)
  const [server] = await Promise.all([
    part('serve', ['serve'], estate),
    ...names.map((name) => part(name, ['worker'], { ...estate, RANKAN_EXECUTOR_ID: name })),
  ])
  const url = `http://${config.host}:${String(server?.details.port)}`
  writeFileSync(path.join(config.dataDir, 'server.json'), JSON.stringify({ url, pid: process.pid }))
  return url
}

/** The trails that are configured, or those that the sandbox itself writes and signs. */
function trailsOf({ trails, trailKeys, dataDir }: Config): Readonly<Record<string, string>> {
  if (trails !== undefined)
    return { RANKAN_TRAILS: trails, ...(trailKeys === undefined ? {} : { RANKAN_TRAIL_KEYS: trailKeys }) }
  const own = path.join(dataDir, 'sandbox', 'cloudtrail')
  return {
    RANKAN_TRAILS: `*=${path.join(own, 'AWSLogs', '{organizationId}')}`,
    RANKAN_TRAIL_KEYS: path.join(own, 'keys', 'public-keys'),
  }
}

async function furnish(url: string, credentials: Awaited<ReturnType<typeof readCredentials>>): Promise<void> {
  const db = openDatabase({ url, maxConnections: 2 })
  try {
    await prepareDemo({ db, clock: systemClock }, idSource(systemClock, systemRandom), credentials)
  } finally {
    await db.destroy()
  }
}

const announceRestart = (name: string) => console.error(`\`${name}\` had ended and was started again.`)

async function database(config: Config, stops: (() => Promise<void>)[]): Promise<string> {
  if (config.databaseUrl !== undefined) {
    await migrateAll(config.databaseUrl)
    return config.databaseUrl
  }
  const postgres = await startPostgres({ dir: config.dataDir, notice: (line) => console.log(line) })
  stops.push(() => postgres.stop())
  await migrateAll(postgres.url)
  return postgres.url
}

function prepareFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true })
    accessSync(dir, constants.W_OK)
  } catch (cause) {
    throw new RankanError(
      'unavailable',
      'data_folder',
      `The data folder \`${dir}\` cannot be written: ${(cause as Error).message}. Choose another with RANKAN_DATA.`,
      { cause },
    )
  }
}

/** Known before anything is started: the server would fail last, after half a minute of downloads and set-up. */
function refuseTakenPort(config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new RankanError(
              'conflict',
              'port_taken',
              `The port ${config.port} on ${config.host} is taken by another program. Choose another: RANKAN_PORT=${config.port + 1} npm start`,
            )
          : error,
      ),
    )
    probe.listen(config.port, config.host, () => probe.close(() => resolve()))
  })
}
