import type { Logger } from 'pino'
import { systemClock } from '../../kernel/clock.ts'
import { listen } from '../../storage/database.ts'
import { REPLAY_CHANNEL } from '../../storage/policies/ask-replay.ts'
import { replayStore } from '../../storage/policies/run-replay.ts'
import type { Changes } from '../../storage/transact.ts'
import { runNextReplay } from '../../workflows/replay.ts'
import type { Config } from '../config.ts'
import type { Gone } from '../gone.ts'
import { pauses } from '../pauses.ts'
import { processRunner } from './runner.ts'
import { configuredTrails } from './trails.ts'

/** Looks also unasked, for replays whose worker was paused: of one that died it is told. */
const LOOK_EVERY_MS = 10_000

interface Parts {
  readonly config: Config
  readonly url: string
  readonly on: Changes
  readonly executor: string
  readonly gone: Gone
  readonly log: Logger
}

/** Runs replays until the worker stops: one at a time, woken when one is asked for. */
export async function runReplays(
  { config, url, on, executor, gone, log }: Parts,
  stop: AbortSignal,
): Promise<void> {
  const deps = {
    store: replayStore(on, executor),
    runner: processRunner({
      trails: configuredTrails(config.trails),
      dataDir: config.dataDir,
      keysFile: config.trailKeys ?? null,
    }),
    clock: systemClock,
  }
  const { ring, pause } = pauses(systemClock, stop)
  gone.on(ring)
  const listener = await listen(url, REPLAY_CHANNEL, ring, { onConnected: ring })
  while (!stop.aborted) {
    const ran = await runNextReplay(deps, stop).catch((err: unknown) => {
      if (!stop.aborted) log.warn({ err }, 'a replay could not be looked for')
      return false
    })
    if (!ran) await pause(LOOK_EVERY_MS)
  }
  await listener.stop()
}
