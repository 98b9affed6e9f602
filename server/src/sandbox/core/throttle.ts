/**
 * Token buckets for each account and service. They fill in virtual time, or in real time where that is faster (time that
 * stands still must not lock people out). In memory: a restart refills them, as a pause would.
 */
import type { World } from './contract.ts'

export interface Throttle {
  /** False: too many calls. Settings `rate.<service>` (a second) and `burst.<service>`; without them there is no limit. */
  take(world: World, service: string, accountId: string): boolean
}

export function createThrottle(knows: (limit: string) => boolean, realNow: () => number): Throttle {
  const buckets = new Map<string, { tokens: number; at: number; real: number }>()
  return {
    take(world, service, accountId) {
      if (!knows(`rate.${service}`)) return true
      const [rate, burst] = [world.limit(`rate.${service}`), world.limit(`burst.${service}`)]
      const [now, real] = [world.now(), realNow()]
      const key = `${service}/${accountId}`
      const bucket = buckets.get(key) ?? { tokens: burst, at: now, real }
      bucket.tokens = Math.min(
        burst,
        bucket.tokens + (Math.max(0, now - bucket.at, real - bucket.real) / 1000) * rate,
      )
      bucket.at = now
      bucket.real = real
      buckets.set(key, bucket)
      if (bucket.tokens < 1) return false
      bucket.tokens -= 1
      return true
    },
  }
}
