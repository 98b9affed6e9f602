import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tempFolder } from './folder.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface Product {
  readonly url: string
  readonly dataDir: string
  readonly process: ChildProcess
  /** Everything it printed so far. */
  output(): string
  /** Ctrl-C, and waits for the end. Keeps the data folder unless told otherwise. */
  stop(): Promise<number | null>
  remove(): Promise<void>
}

/** Runs the built product as a newcomer would (`rankan start`), on a folder and a port of its own. `npm test` has built it. */
export async function startProduct(
  env: Readonly<Record<string, string>> = {},
  dataDir?: string,
): Promise<Product> {
  const dir = dataDir ?? (await tempFolder('rankan-product-'))
  const child = spawn(process.execPath, ['server/bin/rankan.js', 'start'], {
    cwd: root,
    env: {
      ...process.env,
      RANKAN_DATA: dir,
      RANKAN_PORT: '0',
      RANKAN_SESSION_FILE: path.join(dir, 'sessions.json'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout?.on('data', (chunk) => (text += chunk))
  child.stderr?.on('data', (chunk) => (text += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGINT')
    return ended
  }
  const url = await readyUrl(() => text, ended, dir)
  return {
    url,
    dataDir: dir,
    process: child,
    output: () => text,
    stop,
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}

async function readyUrl(text: () => string, ended: Promise<unknown>, dir: string): Promise<string> {
  let over = false
  void ended.then(() => (over = true))
  for (let i = 0; i < 900; i++) {
    const url = /(http:\/\/127\.0\.0\.1:\d+)/.exec(text())?.[1]
    if (url !== undefined) return url
    if (over) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const logs = await Promise.all(
    ['serve', 'worker-1', 'sandbox'].map((name) =>
      readFile(path.join(dir, 'logs', `${name}.log`), 'utf8').catch(() => ''),
    ),
  )
  throw new Error(`The product did not start.\n${text()}\n${logs.map((log) => log.slice(-2000)).join('\n')}`)
}
