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

/** Looks also unasked, for plans and applies whose worker died. */
const LOOK_EVERY_MS = 5_000

interface Parts {
  readonly url: string
  readonly on: Changes
  readonly executor: string
  readonly estates: Pick<Estates, 'get'>
  readonly timeScale: number
  readonly log: Logger
}

/** Makes and applies plans of controls until the worker stops: one at a time, woken when one is asked for. */
export async function runControls(parts: Parts, stop: AbortSignal): Promise<void> {
  const { url, log } = parts
  const deps = depsOf(parts)
  let wake = () => {}
  const listener = await listen(url, CONTROL_CHANNEL, () => wake(), { onConnected: () => wake() })
  while (!stop.aborted) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    const ran = await runNextControls(deps, stop).catch((err: unknown) => {
      if (!stop.aborted) log.warn({ err }, 'a plan or an apply of controls was interrupted')
      return false
    })
    if (ran) continue
    await Promise.race([woken, systemClock.sleep(LOOK_EVERY_MS, stop)]).catch(() => {})
  }
  await listener.stop()
}

const depsOf = ({ on, executor, estates, timeScale }: Parts): ControlDeps => ({
  store: controlStore(on, executor),
  estate: (id) => estates.get(id),
  library: readLibrary(),
  hash: (text) => createHash('sha256').update(text).digest('hex'),
  clock: systemClock,
  timeScale,
})
