/**
 * The estate's state: tables, virtual time, timers, randomness. Everything that happens is a transaction of `run`:
 * timers that fell due first, then the work, then one journal record, then the reply.
 */
import type { World } from './contract.ts'
import { load, writeEmpty } from './persist.ts'
import {
  type Core,
  createCore,
  faultSeedOf,
  flowing,
  seedOf,
  virtualNow,
  type WorldOptions,
} from './state.ts'
import { createStore } from './store.ts'
import { arm, changed, moveAnchor, settle, wakeAll } from './time.ts'
import { type Timer, timerQueue } from './timers.ts'
import { type Effect, type EffectNote, transact } from './transaction.ts'
import { worldOf } from './world-api.ts'

export type { Effect, EffectNote, WorldOptions }

export interface Runtime {
  readonly world: World
  /** Runs the work as one transaction; throws what it throws, after taking its changes back. */
  run<T>(work: (world: World) => T, note?: EffectNote): T
  /** Runs timers that are due. */
  settle(): void
  time(): { virtual: number; scale: number }
  setScale(scale: number): void
  /** Virtual time jumps; timers on the way run in their order. */
  advance(ms: number): void
  /** Resolves at the next committed change, or after `ms` of real time. */
  changed(ms: number): Promise<void>
  pendingTimers(): Iterable<Timer>
  tables(): Iterable<[string, ReadonlyMap<string, unknown>]>
  reset(): void
  close(): Promise<void>
}

export function openWorld(options: WorldOptions): Runtime {
  const core = createCore(options)
  const world = worldOf(core)
  core.afterCommit = () => {
    wakeAll(core)
    arm(core, world)
  }
  load(core)
  arm(core, world)
  return {
    world,
    run(work, note) {
      settle(core, world)
      return transact(core, flowing(core), () => work(world), note)
    },
    settle: () => settle(core, world),
    time: () => ({ virtual: virtualNow(core), scale: core.anchor.scale }),
    setScale(scale) {
      settle(core, world)
      moveAnchor(core, world, virtualNow(core), scale)
    },
    advance(ms) {
      const target = virtualNow(core) + ms
      settle(core, world, () => target)
      moveAnchor(core, world, target, core.anchor.scale)
    },
    changed: (ms) => changed(core, ms),
    pendingTimers: () => core.store.table<Timer>('core.timers').values(),
    tables: () => core.store.tables(),
    reset: () => reset(core),
    close: async () => close(core),
  }
}

function reset(core: Core): void {
  core.store = createStore()
  core.queue = timerQueue()
  core.draws.state = seedOf(core.options)
  core.faultDraws.state = faultSeedOf(core.options)
  writeEmpty(core)
}

function close(core: Core): void {
  core.closed = true
  core.alarm.abort()
  wakeAll(core)
  core.journal.close()
  core.unlock()
}
