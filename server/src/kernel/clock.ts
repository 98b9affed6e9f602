/** Time as a parameter: nothing below `main` reads the system clock or sleeps by itself. */
export interface Clock {
  now(): Date
  /** Resolves after `ms` of this clock's time, or rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', abort, { once: true })
    }),
}

/** A clock for tests that stands still until it is moved. */
export function manualClock(start: Date): Clock & { advance(ms: number): void } {
  let now = start.getTime()
  let waiting: { at: number; resolve: () => void }[] = []
  return {
    now: () => new Date(now),
    sleep: (ms) => new Promise((resolve) => void waiting.push({ at: now + ms, resolve })),
    advance(ms) {
      now += ms
      const due = waiting.filter((w) => w.at <= now).sort((a, b) => a.at - b.at)
      waiting = waiting.filter((w) => w.at > now)
      for (const w of due) w.resolve()
    },
  }
}
