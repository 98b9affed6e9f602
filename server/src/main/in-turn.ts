import type { Clock } from '../kernel/clock.ts'
import type { Turn } from '../storage/turn.ts'

/**
 * A paused process is replaced after at most `leaseMs + askMs`; one that left or is missed at once, because those who
 * hear of it ask. The lease bears two renewals that are late or fail.
 */
export const TURN = { leaseMs: 12_000, keepMs: 4_000, askMs: 10_000 } as const

/**
 * Runs `work` if it is this process's turn, and ends it when the turn is lost or `stop` is aborted. Returns when it is
 * not its turn (any more): the caller asks again after `askMs`, and when a process is missed.
 */
export async function inTurn(
  turn: Turn,
  clock: Clock,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (stop.aborted || !(await turn.take())) return
  const end = new AbortController()
  const signal = AbortSignal.any([stop, end.signal])
  const kept = keep(turn, clock, signal, () => end.abort(new Error('another process has the turn')))
  try {
    await work(signal)
  } finally {
    end.abort(new Error('the work has ended'))
    await kept
    await turn.giveBack()
  }
}

/** A renewal that fails is made again; while the database is away nobody else can take the turn either. */
async function keep(turn: Turn, clock: Clock, signal: AbortSignal, lost: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(TURN.keepMs, signal).catch(() => {})
    if (signal.aborted) return
    if (!(await turn.take().catch(() => true))) return lost()
  }
}
