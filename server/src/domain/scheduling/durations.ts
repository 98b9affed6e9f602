import type { Expectation } from './fair.ts'

/** How long one finished piece of work held its unit and went on after it, in milliseconds of AWS's time. */
export interface Observation {
  readonly kind: string
  readonly slotMs: number
  readonly tailMs: number
}

export interface DurationPrior {
  readonly kind: string
  readonly slotMs: number
  readonly tailMs: number
  readonly source: string
  readonly asOf: string
}

/** The prior counts as much as this many observations, so that the first accounts of a new estate do not jump. */
const PRIOR_WEIGHT = 3
/** Without observations durations are taken to vary by this share of their mean. */
const PRIOR_SPREAD = 0.3

/** What to expect of each kind, in real milliseconds (AWS's time divided by `timeScale`). */
export function expectations(
  priors: readonly DurationPrior[],
  observed: readonly Observation[],
  timeScale: number,
): (kind: string) => Expectation {
  const kinds = new Map<string, Expectation>()
  const fallback = priors.find((p) => p.kind === '*') ?? { slotMs: 1_800_000, tailMs: 300_000 }
  return (kind) => {
    const known = kinds.get(kind)
    if (known) return known
    const prior = priors.find((p) => p.kind === kind) ?? fallback
    const mine = observed.filter((o) => o.kind === kind)
    const slot = blend(
      prior.slotMs,
      mine.map((o) => o.slotMs),
    )
    const tail = blend(
      prior.tailMs,
      mine.map((o) => o.tailMs),
    )
    const expected = {
      slotMs: slot.mean / timeScale,
      slotSdMs: slot.sd / timeScale,
      tailMs: tail.mean / timeScale,
      tailSdMs: tail.sd / timeScale,
    }
    kinds.set(kind, expected)
    return expected
  }
}

function blend(prior: number, observed: readonly number[]): { mean: number; sd: number } {
  const n = observed.length + PRIOR_WEIGHT
  // Many observations make the prior's bias negligible: it fades out instead of staying as 3 in n.
  const weight = observed.length >= 20 ? 0 : PRIOR_WEIGHT
  const sum = observed.reduce((a, b) => a + b, 0)
  const mean = (sum + prior * weight) / (observed.length + weight)
  const squares =
    observed.reduce((a, b) => a + (b - mean) ** 2, 0) + PRIOR_WEIGHT * (prior * PRIOR_SPREAD) ** 2
  return { mean, sd: Math.sqrt(squares / n) }
}
