import { setFlagsFromString } from 'node:v8'

/**
 * Settings of V8 for the threads that are started after this, each with what it saved of all processor time (2 processors, 2,400,000
 * events, 2026-11-23).
 *
 * - It collects garbage by what JavaScript itself takes, so that arrays of hundreds of megabytes lie in a thread that has nothing to
 *   do: they have a collector that they can call.
 * - It copies young objects with helping threads: where as many threads read as there are processors, a twentieth, and nothing was
 *   faster.
 * - It marks old objects anew each time these have grown by half, which unpacked files alone do every few of them: with four times as
 *   much instead, and marked where they are used, a tenth.
 */
export function prepareThreads(): void {
  for (const flag of [
    '--expose-gc',
    '--no-parallel-scavenge',
    '--heap-growing-percent=300',
    '--no-concurrent-marking',
  ])
    setFlagsFromString(flag)
}

/** Gives back what the last part took; between two parts, where it is worth the tenth of a second. */
export const giveBack = (): void => (globalThis as { readonly gc?: () => void }).gc?.()
