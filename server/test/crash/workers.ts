import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url))
const WORKERS = 2

export interface Workers {
  readonly ready: Promise<void>
  stop(): Promise<void>
}

/** Two workers that live, as a service manager keeps them: for each that dies a new one is started. */
export function keepWorkers(env: Readonly<Record<string, string>>): Workers {
  const living = new Set<ChildProcess>()
  let stopping = false
  const start = (): Promise<void> => {
    const child = fork(WORKER, {
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    living.add(child)
    const ready = new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code, signal) => reject(new Error(`A worker ended early: ${code ?? signal}`)))
    })
    child.once('exit', () => {
      living.delete(child)
      if (!stopping) void start().catch((error: unknown) => console.error(String(error)))
    })
    return ready
  }
  // One after the other: the first one makes the engine's tables.
  const ready = (async () => {
    for (let n = 0; n < WORKERS; n++) await start()
  })()
  return {
    ready,
    async stop() {
      stopping = true
      const ended = [...living].map((child) => new Promise((resolve) => child.once('exit', resolve)))
      for (const child of living) child.kill('SIGKILL')
      await Promise.all(ended)
    },
  }
}
