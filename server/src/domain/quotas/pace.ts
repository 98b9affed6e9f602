/**
 * How calls of many workers are spread over time so that together they stay under a ceiling of AWS.
 *
 * All workers take calls from one schedule whose calls are `everyMs` apart. A call may be made `aheadMs` before its
 * moment (a burst after a pause) and must be made at most `validMs` after it, or it is lost: a worker that reserved
 * calls and then paused cannot make them later together with those of the others.
 */
export interface Pace {
  readonly everyMs: number
  readonly aheadMs: number
  readonly validMs: number
  /** The most that one worker reserves at a time. */
  readonly most: number
}

/** Share of the ceiling that is scheduled; the rest is what calls ahead of and after their moment may add. */
const SCHEDULED = 0.6
/** Share of one second's calls that workers may hold reserved. */
const HELD = 0.75
const VALID_MS = 250
/** No worker can use what is valid for less than a round trip to the database and a tick of its own. */
const LEAST_VALID_MS = 50
/**
 * More calls a second than the sandbox answers: one process, far below a thousand. Only a sandbox's time runs so fast that
 * a ceiling of AWS comes to this, and waiting for a turn would then cost work and spare nothing.
 */
const BEYOND_REACH = 2_000

/**
 * At AWS's own time, and up to 5 times as fast, any second of AWS's time sees at most `perSecond` calls. Faster still,
 * the calls fit into a bucket of `perSecond` calls that fills by as many a second. A property test holds both.
 *
 * @param perSecond the ceiling in AWS's time.
 * @param timeScale AWS's time per real time; the answer is in real time.
 * @returns null where the ceiling is out of reach and no pace is needed.
 */
export function paceOf(perSecond: number, timeScale: number): Pace | null {
  if (perSecond * timeScale >= BEYOND_REACH) return null
  const validMs = Math.max(VALID_MS / timeScale, LEAST_VALID_MS)
  const perMs = Math.min((SCHEDULED * perSecond * timeScale) / 1000, (HELD * perSecond) / validMs)
  const burst = Math.max(0, Math.floor(perSecond / 4) - 1)
  return { everyMs: 1 / perMs, aheadMs: burst / perMs, validMs, most: burst + 1 }
}

/** Calls that a worker reserved: `count` of them, the first one's moment at `firstMs` of its own clock. */
export interface Batch {
  readonly pace: Pace
  readonly firstMs: number
  readonly count: number
}

export interface NextCall {
  readonly atMs: number
  /** Not to be made after that. */
  readonly untilMs: number
  /** What is left then. */
  readonly rest: Batch
}

/** The next call that can still be made; null when none is left. */
export function nextCall(batch: Batch, nowMs: number): NextCall | null {
  const { everyMs, aheadMs, validMs } = batch.pace
  const lost = Math.max(0, Math.ceil((nowMs - validMs - batch.firstMs) / everyMs))
  if (lost >= batch.count) return null
  const momentMs = batch.firstMs + lost * everyMs
  return {
    atMs: Math.max(nowMs, momentMs - aheadMs),
    untilMs: momentMs + validMs,
    rest: { ...batch, firstMs: momentMs + everyMs, count: batch.count - lost - 1 },
  }
}
