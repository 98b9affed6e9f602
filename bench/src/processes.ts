import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverFile } from './server.ts'

const CLI = fileURLToPath(serverFile('bin/rankan.js'))
const READY_WITHIN_MS = 60_000
/** Clock ticks of /proc/<pid>/stat per second on Linux. */
const TICKS_PER_S = 100

export interface Running {
  readonly child: ChildProcess
  readonly details: Readonly<Record<string, unknown>>
  /** CPU spent before it was ready: the start of Node and of the program. */
  readonly startCpuMs: number
}

/** A part of the product as a process of its own, exactly as `rankan start` runs it. Its log goes to a file. */
export async function startPart(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  dir: string,
): Promise<Running> {
  const log = createWriteStream(path.join(dir, `${name}.log`), { flags: 'a' })
  const child = fork(CLI, [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: profiling(),
  })
  child.stdout?.pipe(log)
  child.stderr?.pipe(log)
  const details = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${name} was not ready in time, see ${dir}`)),
      READY_WITHIN_MS,
    )
    child.once('message', (message) => {
      clearTimeout(late)
      resolve(message as Record<string, unknown>)
    })
    child.once('exit', (code) =>
      reject(new Error(`${name} ended with ${code}, see ${path.join(dir, `${name}.log`)}`)),
    )
  })
  child.once('exit', (code, signal) => {
    if (!child.killed && code !== 0)
      console.error(`${name} ended by itself with ${signal ?? code}, see ${dir}`)
  })
  return { child, details, startCpuMs: cpuMs(child.pid) }
}

/** With `BENCH_PROFILE=<folder>` each part leaves a CPU profile there when it ends in order. */
function profiling(): string[] {
  const folder = process.env.BENCH_PROFILE
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

export async function stopPart({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(late)
}

/** CPU that a living process has used, in milliseconds, user and system; 0 when it is gone. */
export function cpuMs(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; utime and stime are the 12th and 13th fields after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_S
  } catch {
    return 0
  }
}

/** CPU of a process and its children that live or were waited for: PostgreSQL has one process for each connection. */
export function familyCpuMs(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const waited = ((Number(fields[13]) + Number(fields[14])) * 1000) / TICKS_PER_S
    return cpuMs(pid) + waited + children.reduce((sum, child) => sum + cpuMs(Number(child)), 0)
  } catch {
    return 0
  }
}
