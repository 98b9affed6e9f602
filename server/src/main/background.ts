import type { Logger } from 'pino'
import { systemClock } from '../kernel/clock.ts'
import { tryAlone } from '../storage/alone.ts'
import { remind } from '../storage/applications/reminders.ts'
import { loadApplicationSetup } from '../storage/applications/setup.ts'
import { controlStore } from '../storage/controls/store.ts'
import { sweepStore } from '../storage/estate/drift.ts'
import { lifecycleStore } from '../storage/estate/lifecycle.ts'
import { integrate } from '../storage/ledger/integrate.ts'
import type { Changes } from '../storage/transact.ts'
import { turnOf } from '../storage/turn.ts'
import { readCarriers } from '../workflows/controls/drift.ts'
import { consumeLifecycle } from '../workflows/lifecycle.ts'
import { sweep } from '../workflows/sweep.ts'
import type { Config } from './config.ts'
import type { Estates } from './estates.ts'
import type { Gone } from './gone.ts'
import { inTurn, TURN } from './in-turn.ts'
import { noticeTasks } from './notices.ts'
import { pauses } from './pauses.ts'
import { type Periodic, periodically } from './periodic.ts'

const MINUTE_MS = 60_000
/** AWS's time between two comparisons of the register with the whole estate; a sweep of 6,000 accounts is 600 calls: who they are, and where `FullAWSAccess` is. */
const SWEEP_MS = 60 * MINUTE_MS

export const refreshEstates = (estates: Estates, log: Logger, stop: AbortSignal): Promise<void> =>
  periodically(
    { name: 'AWS organisations', everyMs: 10_000, run: () => estates.refresh() },
    systemClock,
    log,
    stop,
  )

interface HouseworkParts {
  readonly config: Config
  readonly on: Changes
  readonly estates: Estates
  readonly timeScale: number
}

/** What one worker does for all. */
export function housework({ config, on, estates, timeScale }: HouseworkParts): readonly Periodic[] {
  const setup = loadApplicationSetup(config.rootMailDomain)
  const sweepEvery = Math.max(SWEEP_MS / timeScale, 5_000)
  return [
    { name: 'ledger integration', everyMs: 5_000, run: () => integrate(on) },
    { name: 'reminders', everyMs: MINUTE_MS, run: () => remind(on, setup) },
    ...noticeTasks(config, on),
    { name: 'sweep', everyMs: sweepEvery, run: () => sweepAll(on, estates, sweepEvery) },
  ]
}

/** A worker whose turn it just became does not sweep again what another one has just swept. */
async function sweepAll(on: Changes, estates: Estates, everyMs: number): Promise<void> {
  for (const id of estates.ids())
    await tryAlone(on, `sweep ${id}`, everyMs * 0.8, async () => {
      await sweep(sweepStore(on), estates.get(id))
      await readCarriers({ store: controlStore(on, 'housework'), estate: (one) => estates.get(one) }, id)
    })
}

export interface Turns {
  readonly on: Changes
  readonly executor: string
  readonly gone: Gone
  readonly log: Logger
}

/** Does `work` while it is this worker's turn; asks for it now and then, and as soon as another worker is gone. */
function whenInTurn(
  { on, executor, gone, log }: Turns,
  name: string,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const turn = turnOf(on, name, executor, TURN.leaseMs)
  const { ring, pause } = pauses(systemClock, stop)
  gone.on(ring)
  const run = () => inTurn(turn, systemClock, stop, work)
  return periodically({ name, everyMs: TURN.askMs, run, pause }, systemClock, log, stop)
}

export const keepHouse = (turns: Turns, tasks: readonly Periodic[], stop: AbortSignal): Promise<void> =>
  whenInTurn(turns, 'housekeeping', stop, async (signal) => {
    await Promise.all(tasks.map((task) => periodically(task, systemClock, turns.log, signal)))
  })

/**
 * Takes the lifecycle events of every AWS organisation, also of those that are connected later. One worker at a time
 * asks AWS for those of one organisation; it tells all others by NOTIFY. Events wait in the queue while it is replaced.
 */
export async function consumeAll(turns: Turns, estates: Estates, stop: AbortSignal): Promise<void> {
  const consuming = new Map<string, Promise<void>>()
  const lifecycle = lifecycleStore(turns.on)
  while (!stop.aborted) {
    for (const id of estates.ids().filter((one) => !consuming.has(one)))
      consuming.set(
        id,
        whenInTurn(turns, `events of ${id}`, stop, (signal) =>
          consumeLifecycle(lifecycle, estates.get(id), signal),
        ),
      )
    await systemClock.sleep(5_000, stop).catch(() => {})
  }
  await Promise.all(consuming.values())
}
