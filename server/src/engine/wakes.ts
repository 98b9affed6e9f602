import type { Clock } from '../kernel/clock.ts'

/** Who waits for which topic in this process. A topic wakes all its waiters, and each looks for itself. */
export interface Wakes {
  wake(topic: string): void
  wakeAll(): void
  /** Hears topics from now on, so that what happens between a look and the wait is not missed. */
  subscribe(topics: readonly string[]): Subscription
}

export interface Subscription {
  /** Resolves at the next wake, at once if there was one since the last wait, or after `ms`. True: it was woken. */
  wait(ms: number, signal: AbortSignal): Promise<boolean>
  close(): void
}

interface Waiter {
  woken: boolean
  notify: (() => void) | null
}

export function wakesOn(clock: Clock): Wakes {
  const waiters = new Map<string, Set<Waiter>>()
  const wakeOne = (waiter: Waiter) => {
    waiter.woken = true
    waiter.notify?.()
  }
  return {
    wake: (topic) => waiters.get(topic)?.forEach(wakeOne),
    wakeAll: () => {
      for (const set of waiters.values()) set.forEach(wakeOne)
    },
    subscribe(topics) {
      const waiter: Waiter = { woken: false, notify: null }
      for (const topic of topics) add(waiters, topic, waiter)
      return {
        wait: (ms, signal) => waitFor(clock, waiter, ms, signal),
        close: () => {
          for (const topic of topics) remove(waiters, topic, waiter)
        },
      }
    },
  }
}

async function waitFor(clock: Clock, waiter: Waiter, ms: number, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted()
  if (!waiter.woken) {
    const stop = new AbortController()
    const onAbort = () => stop.abort(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    await Promise.race([
      clock.sleep(ms, stop.signal).catch(() => {}),
      new Promise<void>((resolve) => {
        waiter.notify = resolve
      }),
    ])
    stop.abort()
    waiter.notify = null
    signal.removeEventListener('abort', onAbort)
    signal.throwIfAborted()
  }
  const woken = waiter.woken
  waiter.woken = false
  return woken
}

function add(waiters: Map<string, Set<Waiter>>, topic: string, waiter: Waiter): void {
  const set = waiters.get(topic) ?? new Set()
  set.add(waiter)
  waiters.set(topic, set)
}

function remove(waiters: Map<string, Set<Waiter>>, topic: string, waiter: Waiter): void {
  const set = waiters.get(topic)
  set?.delete(waiter)
  if (set?.size === 0) waiters.delete(topic)
}
