import type { Clock } from '../kernel/clock.ts'

/** Pauses of a loop that looks now and then, and at once when it is told that there is something to see. */
export interface Pauses {
  /** Ends the pause; while there is none, the next one. */
  ring(): void
  /** Also ends when `stop` is aborted. */
  pause(ms: number): Promise<void>
}

export function pauses(clock: Clock, stop: AbortSignal): Pauses {
  let rung = false
  let end = () => {}
  return {
    ring() {
      rung = true
      end()
    },
    async pause(ms) {
      if (!rung && !stop.aborted) {
        const over = new AbortController()
        end = () => over.abort(new Error('the pause is over'))
        stop.addEventListener('abort', end, { once: true })
        await clock.sleep(ms, over.signal).catch(() => {})
        stop.removeEventListener('abort', end)
      }
      rung = false
    },
  }
}
