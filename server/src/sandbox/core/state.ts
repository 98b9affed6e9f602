/** What the estate's machinery holds in memory while it runs: one mutable record, so that each part is a small function. */
import type { Clock } from '../../kernel/clock.ts'
import type { EstateEvent, ServiceDefinition } from './contract.ts'
import { type Journal, memoryJournal } from './journal.ts'
import type { Draws } from './random.ts'
import type { AllSettings } from './settings.ts'
import { type Change, createStore, type Store } from './store.ts'
import { type Timer, type TimerQueue, timerQueue } from './timers.ts'

export interface WorldOptions {
  /** null: memory only. */
  readonly dataDir: string | null
  readonly clock: Clock
  readonly seed: number
  /** Virtual seconds per real second at first start; later starts keep what was set. */
  readonly timeScale: number
  readonly services: ReadonlyMap<string, ServiceDefinition>
  readonly settings: AllSettings
  /** A start writes a snapshot when the journal is longer than this; otherwise a start is quick. */
  readonly compactAboveBytes?: number
  readonly log?: (message: string, fields: Record<string, unknown>) => void
  /** Sees each event that a service put on the default bus, once its transaction stands. */
  readonly onEvent?: (event: EstateEvent) => void
}

export interface Core {
  readonly options: WorldOptions
  store: Store
  queue: TimerQueue
  journal: Journal
  /** Number of the last journal line. */
  commits: number
  /** Last number given to a timer or an effect. */
  seq: number
  readonly draws: Draws
  readonly faultDraws: Draws
  /** Virtual time flows from here. */
  anchor: { readonly virtual: number; readonly real: number; readonly scale: number }
  /** Virtual now of the open transaction; null: none is open. */
  frozen: number | null
  /** Virtual time of the last commit: time never runs backwards behind it. */
  floor: number
  /** Timers of the open transaction. */
  newTimers: Timer[]
  /** Events of the open transaction. */
  newEvents: EstateEvent[]
  /** Changes that stay even if the transaction is taken back (used-up faults). */
  sticky: Change[]
  waiting: (() => void)[]
  closed: boolean
  alarm: AbortController
  alarmAt: number
  unlock: () => void
  /** Runs after each commit that changed something. */
  afterCommit: () => void
}

export function createCore(options: WorldOptions): Core {
  const now = options.clock.now().getTime()
  return {
    options,
    store: createStore(),
    queue: timerQueue(),
    journal: memoryJournal,
    commits: 0,
    seq: 0,
    draws: { state: seedOf(options) },
    faultDraws: { state: faultSeedOf(options) },
    anchor: { virtual: now, real: now, scale: options.timeScale },
    frozen: null,
    floor: 0,
    newTimers: [],
    newEvents: [],
    sticky: [],
    waiting: [],
    closed: false,
    alarm: new AbortController(),
    alarmAt: Number.POSITIVE_INFINITY,
    unlock: () => {},
    afterCommit: () => {},
  }
}

export const seedOf = ({ seed }: WorldOptions) => seed >>> 0
/** Another stream, so that a fault that is asked for shifts no id. */
export const faultSeedOf = ({ seed }: WorldOptions) => (seed ^ 0x5bd1e995) >>> 0

export const realNow = (core: Core) => core.options.clock.now().getTime()

/** Virtual time outside a transaction. */
export const flowing = (core: Core) =>
  Math.max(
    core.floor,
    Math.floor(core.anchor.virtual + (realNow(core) - core.anchor.real) * core.anchor.scale),
  )

export const virtualNow = (core: Core) => core.frozen ?? flowing(core)
