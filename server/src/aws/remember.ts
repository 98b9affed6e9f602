import type { Clock } from '../kernel/clock.ts'

/** Names and ids of AWS change rarely; what a person changes meanwhile is seen after this. Real time. */
const REMEMBERED_MS = 60_000
/** The least recently asked is forgotten beyond this. */
const MOST = 10_000

export interface Remembering<A extends readonly unknown[], T> {
  (...args: A): Promise<T>
  forget(): void
}

/** Asks once a minute for each arguments. Only a value that exists, and that `lasts`, is kept; errors are not. */
export function remembering<A extends readonly unknown[], T>(
  clock: Clock,
  ask: (...args: A) => Promise<T>,
  lasts: (value: T) => boolean = () => true,
): Remembering<A, T> {
  const known = new Map<string, { readonly value: T; readonly untilMs: number }>()
  const get = async (...args: A): Promise<T> => {
    const key = JSON.stringify(args)
    const nowMs = clock.now().getTime()
    const found = known.get(key)
    known.delete(key)
    const fresh = found !== undefined && found.untilMs > nowMs
    const value = fresh ? found.value : await ask(...args)
    if (value === null || !lasts(value)) return value
    known.set(key, fresh ? found : { value, untilMs: nowMs + REMEMBERED_MS })
    if (known.size > MOST) known.delete(known.keys().next().value ?? '')
    return value
  }
  return Object.assign(get, { forget: () => known.clear() })
}
