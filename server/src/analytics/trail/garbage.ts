import { setFlagsFromString } from 'node:v8'

/**
 * Settings of V8 for the threads that are started after this. All leave to a thread what V8 would do beside it, or leave it undone: as
 * many threads read as there are processors, so that what helps one of them takes from another.
 *
 * - Garbage is collected by what JavaScript itself takes, so that arrays of hundreds of megabytes lie in a thread that has nothing to do:
 *   they have a collector that they can call.
 * - Young objects are copied without helping threads: a twentieth less processor time (2,000,000 events, three runs each, 2026-11-23).
 * - Old objects are marked when there are four times as many as before, where it was half more, which unpacked files alone make every
 *   few of them, and by the thread itself: a tenth less (2,400,000 events, 2026-11-23).
 * - Code is compiled by the thread itself: a twentieth less (8,000,000 and 2,400,000 events, four pairs of runs, one of them the other
 *   way round, 2026-11-23).
 */
export function prepareThreads(): void {
  for (const flag of [
    '--expose-gc',
    '--no-parallel-scavenge',
    '--heap-growing-percent=300',
    '--no-concurrent-marking',
    '--no-concurrent-recompilation',
  ])
    setFlagsFromString(flag)
}

/** Gives back what the last part took; between two parts, where it is worth the tenth of a second. */
export const giveBack = (): void => (globalThis as { readonly gc?: () => void }).gc?.()
