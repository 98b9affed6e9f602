import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { READING_ENVIRONMENT } from '../../analytics/trail/environment.ts'
import type { TrailPlaces } from '../../http/policies/replays.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { ReplayOutcome, ReplayRunner } from '../../ports/replays.ts'
import type { FromReplay, ToReplay } from './messages.ts'

const PROCESS = fileURLToPath(new URL('./process.js', import.meta.url))
/** Of JavaScript; DuckDB has a limit of its own. */
const HEAP_MB = 768
/** A process that does not stop when it is asked to is in the middle of a long query. */
const STOP_WITHIN_MS = 5_000

interface RunnerPlaces {
  readonly trails: TrailPlaces
  readonly dataDir: string
  readonly keysFile: string | null
}

/**
 * Runs each replay in a process of its own: it never holds up the worker's other work, has its own bound of memory, and
 * can be ended at any moment, because parts of facts appear whole or not at all.
 */
export const processRunner = ({ trails, dataDir, keysFile }: RunnerPlaces): ReplayRunner => ({
  run(job, onProgress, signal) {
    const trail = trails.of(job.awsOrganizationId, job.world.organizationId)
    if (trail === null)
      throw new RankanError(
        'not_found',
        'no_trail',
        `No trail is configured for \`${job.awsOrganizationId}\` on this worker (RANKAN_TRAILS).`,
      )
    const child = fork(PROCESS, [], {
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      env: { ...READING_ENVIRONMENT, ...process.env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    send(child, { kind: 'start', job, trail, factsDir: path.join(dataDir, 'facts'), keysFile })
    return outcomeOf(child, onProgress, signal)
  },
})

const send = (child: ChildProcess, message: ToReplay): void => void child.send(message, () => {})

function outcomeOf(
  child: ChildProcess,
  onProgress: Parameters<ReplayRunner['run']>[1],
  signal: AbortSignal,
): Promise<ReplayOutcome> {
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-1_000)
  })
  return new Promise((resolve, reject) => {
    let result: { outcome: ReplayOutcome } | { error: RankanError } | null = null
    const stop = () => {
      send(child, { kind: 'stop' })
      setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS).unref()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    child.on('message', (message: FromReplay) => {
      if (message.kind === 'progress') onProgress(message.progress)
      else if (message.kind === 'done') result = { outcome: message.outcome }
      else result = { error: errorOf(message.error) }
    })
    // Its folder is free again when it has ended, not before.
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop)
      if (signal.aborted) reject(signal.reason)
      else if (result === null) reject(ended(code, words))
      else if ('error' in result) reject(result.error)
      else resolve(result.outcome)
    })
    child.once('error', reject)
  })
}

const errorOf = ({ kind, code, message, issues }: Extract<FromReplay, { kind: 'failed' }>['error']) =>
  new RankanError(kind, code, message, { issues })

const ended = (code: number | null, words: string) =>
  new RankanError(
    'unavailable',
    'replay_process_ended',
    `The process of the replay ended without a result (${code === null ? 'killed' : `code ${code}`}); it may have run out of memory.${words === '' ? '' : ` Its last words: ${words.trim()}`}`,
  )
