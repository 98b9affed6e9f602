/**
 * How often a property is tried. `POLICY_RUNS=1` is the full strength (`4` four times of it), the default a third of it, so that
 * a push is not kept waiting; `POLICY_SEED` tries other examples. What fails shrinks into the corpus, which always runs whole.
 */
export const runs = (seed: number, full: number): { seed: number; numRuns: number } => ({
  seed: Number(process.env.POLICY_SEED ?? seed),
  numRuns: share(full),
})

/** The part of a number that goes with the number of runs. */
export const share = (full: number): number =>
  Math.max(1, Math.ceil(full * Number(process.env.POLICY_RUNS ?? 1 / 3)))
