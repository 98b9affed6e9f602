import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { RankanError } from '../kernel/errors.ts'

const CLI = fileURLToPath(new URL('./cli.js', import.meta.url))

export interface Part {
  readonly name: string
  /** What it said when it was ready. */
  readonly details: Readonly<Record<string, unknown>>
  stop(): Promise<void>
}

export interface PartOptions {
  readonly name: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly dataDir: string
  /** Called when the part died unasked and is started again. */
  readonly onRestart: (name: string, details: Readonly<Record<string, unknown>>) => void
}

const READY_WITHIN_MS = 60_000
const RESTART_AFTER_MS = [200, 1_000, 5_000, 15_000]

/** Runs a part as a process of its own, waits until it is ready, and starts it again when it dies unasked. */
export async function startPart(options: PartOptions): Promise<Part> {
  let stopping = false
  let failures = 0
  let running = await launch(options)
  const watch = (child: ChildProcess): void => {
    child.once('exit', () => {
      if (stopping) return
      const wait = RESTART_AFTER_MS[Math.min(failures++, RESTART_AFTER_MS.length - 1)] ?? 15_000
      setTimeout(() => void revive(), wait)
    })
  }
  const revive = async (): Promise<void> => {
    if (stopping) return
    try {
      running = await launch(options)
      failures = 0
      options.onRestart(options.name, running.details)
      watch(running.child)
    } catch {
      const wait = RESTART_AFTER_MS[Math.min(failures++, RESTART_AFTER_MS.length - 1)] ?? 15_000
      setTimeout(() => void revive(), wait)
    }
  }
  watch(running.child)
  return {
    name: options.name,
    details: running.details,
    stop: async () => {
      stopping = true
      await endChild(running.child)
    },
  }
}

interface Running {
  readonly child: ChildProcess
  readonly details: Readonly<Record<string, unknown>>
}

function launch(options: PartOptions): Promise<Running> {
  const logs = path.join(options.dataDir, 'logs')
  mkdirSync(logs, { recursive: true })
  const log = createWriteStream(path.join(logs, `${options.name}.log`), { flags: 'a' })
  // A full disk costs lines of a log, not the process that keeps all others running.
  log.on('error', () => {})
  const child = fork(CLI, [...options.args], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Out of the terminal's group: Ctrl-C reaches the supervisor, which stops the parts in order.
    detached: true,
  })
  let errors = ''
  child.stdout?.pipe(log)
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-2_000)
    log.write(chunk)
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => fail(`did not become ready within ${READY_WITHIN_MS / 1000} s`),
      READY_WITHIN_MS,
    )
    const fail = (what: string) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(
        new RankanError(
          'unavailable',
          'part_failed',
          `\`${options.name}\` ${what}.${errors === '' ? '' : `\n${errors.trim()}`}\nLog: ${path.join(logs, `${options.name}.log`)}`,
        ),
      )
    }
    child.once('exit', (code) => fail(`ended with code ${code}`))
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null || !('ready' in message)) return
      clearTimeout(timer)
      child.removeAllListeners('exit')
      resolve({ child, details: message as Record<string, unknown> })
    })
  })
}

const STOP_WITHIN_MS = 10_000

function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
