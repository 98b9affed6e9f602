/** Randomness as a parameter. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  bytes(n: number): Uint8Array
}

export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (n) => crypto.getRandomValues(new Uint8Array(n)),
}

/** Deterministic generator (mulberry32): one seed replays a whole run. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return { next, bytes: (n) => Uint8Array.from({ length: n }, () => Math.floor(next() * 256)) }
}
