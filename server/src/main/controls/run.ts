import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import { readLibrary } from '../../cli/control/library.ts'
import { systemClock } from '../../kernel/clock.ts'
import { CONTROL_CHANNEL } from '../../storage/controls/plans.ts'
import { controlStore } from '../../storage/controls/store.ts'
import { listen } from '../../storage/database.ts'
import type { Changes } from '../../storage/transact.ts'
import type { ControlDeps } from '../../workflows/controls/deps.ts'
import { runNextControls } from '../../workflows/controls/next.ts'
import type { Estates } from '../estates.ts'
import type { Gone } from '../gone.ts'
import { pauses } from '../pauses.ts'

/** Looks also unasked, for plans and applies whose worker was paused: of one that died it is told. */
const LOOK_EVERY_MS = 10_000

interface Parts {
  readonly url: string
  readonly on: Changes
  readonly executor: string
  readonly gone: Gone
  readonly estates: Pick<Estates, 'get'>
  readonly timeScale: number
  readonly log: Logger
}

/** Makes and applies plans of controls until the worker stops: one at a time, woken when one is asked for. */
export async function runControls(parts: Parts, stop: AbortSignal): Promise<void> {
  const { url, gone, log } = parts
  const deps = depsOf(parts)
  const { ring, pause } = pauses(systemClock, stop)
  gone.on(ring)
  const listener = await listen(url, CONTROL_CHANNEL, ring, { onConnected: ring })
  while (!stop.aborted) {
    const ran = await runNextControls(deps, stop).catch((err: unknown) => {
      if (!stop.aborted) log.warn({ err }, 'a plan or an apply of controls was interrupted')
      return false
    })
    if (!ran) await pause(LOOK_EVERY_MS)
  }
  await listener.stop()
}

function depsOf({ on, executor, estates, timeScale }: Parts): ControlDeps {
  let library: ControlDeps['library'] | undefined
  return {
    store: controlStore(on, executor),
    estate: (id) => estates.get(id),
    // Reading it takes as long as half of a worker's start; most workers make no plan.
    get library() {
      library ??= readLibrary()
      return library
    },
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    clock: systemClock,
    timeScale,
  }
}
