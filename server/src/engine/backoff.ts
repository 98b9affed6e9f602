import { type ErrorKind, RankanError } from '../kernel/errors.ts'

/** Durations are milliseconds of AWS's time. */
const FIRST_MS = 1000
const LONGEST_MS = 60_000
/** How long a step tries before a person is asked. A conflict that lasts half an hour is not going to pass. */
const GIVE_UP_MS: Readonly<Partial<Record<ErrorKind, number>>> = {
  throttled: 6 * 3_600_000,
  unavailable: 6 * 3_600_000,
  conflict: 1_800_000,
}
/** At a large time scale AWS's hours pass in seconds, but a database or a network still needs its real time to come back. */
const LEAST_REAL_MS = 120_000
const LEAST_DELAY_REAL_MS = 5
/**
 * A conflict is mostly what another worker just did, and the next attempt sees it. So it passes after so many attempts
 * even where one attempt of a slow machine takes longer than the half hour does at a large time scale.
 */
const LEAST_ATTEMPTS = 10

export interface Retry {
  readonly delayMs: number
}

/**
 * Whether and when a failed attempt is made again: exponential from 1 s to 60 s with jitter in its upper half, or when
 * AWS says. Null: not again. `attempt` counts from 1, `elapsedMs` since the first one in real time.
 */
export function retryAfter(
  error: RankanError,
  attempt: number,
  elapsedMs: number,
  timeScale: number,
  random: number,
): Retry | null {
  const giveUp = GIVE_UP_MS[error.kind]
  if (giveUp === undefined) return null
  const isConflict = error.kind === 'conflict'
  const patience = isConflict ? giveUp / timeScale : Math.max(giveUp / timeScale, LEAST_REAL_MS)
  if (elapsedMs >= patience && !(isConflict && attempt < LEAST_ATTEMPTS)) return null
  const exponential = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10))
  const wanted = Math.max(exponential * (0.5 + random / 2), error.retryAfterMs ?? 0)
  return { delayMs: Math.max(LEAST_DELAY_REAL_MS, wanted / timeScale) }
}

/** PostgreSQL's own codes for what passes: connection lost, shutting down, serialisation, deadlock, too many clients, no room, no memory. */
const PASSING_SQLSTATE = /^(08...|57P0[1-3]|40001|40P01|53[1-3]00|25P03)$/
const PASSING_SYSTEM: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]

/** Every error as one of our kinds. What is unknown is our bug, except what a database or network says when it is away. */
export function classify(error: unknown): RankanError {
  if (error instanceof RankanError) return error
  const { code, message } = describe(error)
  const passes =
    (code !== null && (PASSING_SQLSTATE.test(code) || PASSING_SYSTEM.includes(code))) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    )
  return passes
    ? new RankanError('unavailable', code ?? 'connection_lost', message, { cause: error })
    : new RankanError('bug', code ?? 'unexpected', message, { cause: error })
}

function describe(error: unknown): { code: string | null; message: string } {
  if (!(error instanceof Error)) return { code: null, message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  return { code, message: error.message }
}
