import { rm } from 'node:fs/promises'
import { lockFacts } from '../../analytics/trail/lock.ts'
import { partsFolder } from '../../analytics/trail/store.ts'
import { type Clock, systemClock } from '../../kernel/clock.ts'
import { RankanError } from '../../kernel/errors.ts'

const TRIES = 60
const PAUSE_MS = 500

/**
 * The lock that `rankan replay` and `trail follow` take, so that nobody else writes. The process of a worker that died
 * ends a moment after it. Throws `facts_in_use` when the folder stays in use.
 */
export async function lockWhenFree(
  dir: string,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<() => void> {
  for (let tries = 1; ; tries++) {
    try {
      return await lockFacts(dir)
    } catch (error) {
      if (!(error instanceof RankanError) || tries === TRIES) throw error
      await clock.sleep(PAUSE_MS, signal)
    }
  }
}

/** Nobody looks after the server's facts: where a part does not say what it was made of, all of them are read anew. */
export async function anewWhenBroken<T>(dir: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof RankanError && error.code === 'broken_facts')) throw error
    await rm(partsFolder(dir), { recursive: true, force: true })
    return read()
  }
}
