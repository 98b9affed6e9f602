import { setFlagsFromString } from 'node:v8'

/**
 * V8 collects garbage by what JavaScript itself takes: arrays of hundreds of megabytes lie in a thread that has nothing to do.
 * Threads that are started after this have a collector that they can call (V8's `--expose-gc`).
 */
export const exposeCollector = (): void => setFlagsFromString('--expose-gc')

/** Gives back what the last part took; between two parts, where it is worth the tenth of a second. */
export const giveBack = (): void => (globalThis as { readonly gc?: () => void }).gc?.()
