/**
 * The estate's state: tables, virtual time, timers, randomness. Everything that happens is a transaction of `run`:
 * timers that fell due first, then the work, then one journal record, then the reply.
 */
import type { Clock } from '../../kernel/clock.ts'
import { bug } from '../../kernel/errors.ts'
import type { Caller, EstateEvent, Fault, ServiceDefinition, World } from './contract.ts'
import { type FaultRule, fits, used } from './faults.ts'
import { compact, type Journal, lockFolder, memoryJournal, readJournal, resume } from './journal.ts'
import { type Draws, draw, drawText } from './random.ts'
import { type AllSettings, drawDuration } from './settings.ts'
import { type Change, createStore } from './store.ts'
import { type Timer, timerQueue } from './timers.ts'

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
}

/** What a mutating call did, for whoever counts effects. */
export interface EffectNote {
  readonly service: string
  readonly operation: string
  readonly accountId: string
  readonly arn: string
  readonly input: unknown
}

export interface Effect extends EffectNote {
  readonly seq: number
  readonly at: string
}

export interface Runtime {
  readonly world: World
  /** Runs the work as one transaction; throws what it throws, after taking its changes back. */
  run<T>(work: (world: World) => T, note?: EffectNote): T
  /** Runs timers that are due; more than one process tick apart from calls nothing moves. */
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

/** A journal line: virtual now, states of the two random streams, sequence, changes. */
interface Commit {
  readonly n: number
  readonly v: number
  readonly r: number
  readonly f: number
  readonly s: number
  readonly w: readonly Change[]
}

const COMPACT_ABOVE_BYTES = 4 << 20
const EFFECTS_KEPT = 50_000
const EFFECT_INPUT_BYTES = 2_000
// Receiving, deleting and assuming happen all the time and change no estate.
const NOT_EFFECTS = new Set(['sqs', 'sts'])

export function openWorld(options: WorldOptions): Runtime {
  const { clock, services, settings } = options
  let store = createStore()
  let queue = timerQueue()
  let journal: Journal = memoryJournal
  let commits = 0
  let seq = 0
  const draws: Draws = { state: options.seed >>> 0 }
  const faultDraws: Draws = { state: (options.seed ^ 0x5bd1e995) >>> 0 }
  let anchor = { virtual: clock.now().getTime(), real: clock.now().getTime(), scale: options.timeScale }
  let frozen: number | null = null
  let floor = 0
  let newTimers: Timer[] = []
  let sticky: Change[] = []
  let waiting: (() => void)[] = []
  let closed = false
  let alarm = new AbortController()
  let alarmAt = Number.POSITIVE_INFINITY
  let unlock = () => {}

  const flowing = () => Math.floor(anchor.virtual + (clock.now().getTime() - anchor.real) * anchor.scale)
  const virtualNow = () => frozen ?? Math.max(floor, flowing())

  const world: World = {
    table: (name) => store.table(name),
    now: virtualNow,
    virtualMs: (realMs) => realMs * (anchor.scale || 1),
    later(delayMs, service, kind, payload) {
      const timer: Timer = {
        id: `tmr-${++seq}`,
        due: Math.ceil(virtualNow() + delayMs),
        seq,
        service,
        kind,
        payload,
      }
      store.table<Timer>('core.timers').put(timer.id, timer)
      newTimers.push(timer)
      return timer.id
    },
    cancel: (id) => void store.table('core.timers').delete(id),
    emit: (event) => deliver({ ...event, id: uuid(), time: new Date(virtualNow()).toISOString() }),
    random: () => draw(draws),
    id: (length, alphabet) => drawText(draws, length, alphabet),
    duration(key) {
      const found =
        store.table<{ ms: number; jitter?: number }>('core.durations').get(key) ?? settings.durations.get(key)
      if (!found) throw bug(`No dated setting gives the duration \`${key}\`.`)
      return drawDuration(found, world.random)
    },
    limit(key) {
      const value =
        store.table<{ value: number }>('core.limits').get(key)?.value ?? settings.limits.get(key)?.value
      if (value === undefined) throw bug(`No dated setting gives the limit \`${key}\`.`)
      return value
    },
    fault(point) {
      for (const rule of store.table<FaultRule>('core.faults').values()) {
        if (!fits(rule, point) || draw(faultDraws) >= rule.probability) continue
        spend(rule)
        return rule.fault
      }
      return null
    },
    tell(change) {
      for (const service of services.values()) service.onOrganizationChange?.(world, change)
    },
    invoke: <O>(service: string, operation: string, input: unknown, as: Caller) =>
      invoke(service, operation, input, as) as O,
  }

  // A fault is used up even when it makes the call fail and everything else is taken back.
  const spend = (rule: FaultRule) => {
    const change: Change = ['core.faults', rule.id, used(rule)]
    store.apply([change])
    sticky.push(change)
  }

  const uuid = () => {
    const hex = drawText(draws, 32, '0123456789abcdef')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  const invoke = (service: string, operation: string, input: unknown, caller: Caller): unknown => {
    const handler = services.get(service)?.operations[operation]
    if (!handler) throw bug(`The sandbox has no \`${service}:${operation}\` to call inside.`)
    const call = {
      service,
      operation,
      input,
      caller,
      region: 'us-east-1',
      world,
      requestId: 'internal',
      waitedMs: 0,
      origin: 'http://localhost',
    }
    return handler(call as never)
  }

  // Services that react on their own (Control Tower) always see the event; faults strike only its public delivery.
  const deliver = (event: EstateEvent) => {
    const detail = JSON.stringify(event.detail)
    const name = /"eventName":"([^"]+)"/.exec(detail)?.[1] ?? event.detailType
    const fault = world.fault({ at: 'event', name, subject: `${event.accountId} ${detail}` })
    for (const service of services.values())
      if (service.signingName !== 'events') service.onEvent?.(world, event)
    publish(event, fault)
  }
  const publish = (event: EstateEvent, fault: Fault | null) => {
    if (fault?.do === 'drop') return
    if (fault?.do === 'delay') return void world.later(fault.ms, 'core', 'publish', event)
    services.get('events')?.onEvent?.(world, event)
    if (fault?.do === 'duplicate') services.get('events')?.onEvent?.(world, event)
  }

  const begin = (at: number) => {
    frozen = at
    newTimers = []
    sticky = []
  }
  const end = (changes: readonly Change[]) => {
    const now = virtualNow()
    const all = [...sticky, ...changes]
    if (all.length > 0) {
      const commit: Commit = { n: commits + 1, v: now, r: draws.state, f: faultDraws.state, s: seq, w: all }
      journal.append(commit)
      commits++
    }
    store.commit()
    floor = now
    frozen = null
    if (changes.length === 0) return
    for (const timer of newTimers) queue.add(timer)
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
    arm()
  }
  const abandon = () => {
    try {
      end([])
    } finally {
      frozen = null
    }
  }
  const transact = <T>(at: number, work: () => T, note?: EffectNote): T => {
    if (frozen !== null) throw bug('A transaction of the sandbox cannot begin inside another.')
    begin(at)
    try {
      const value = work()
      if (note) keepEffect(note)
      end(store.pending())
      return value
    } catch (error) {
      store.rollback()
      abandon()
      throw error
    }
  }

  const keepEffect = (note: EffectNote) => {
    if (NOT_EFFECTS.has(note.service) || ![...store.touched()].some((name) => !name.startsWith('core.')))
      return
    const effects = store.table<Effect>('core.effects')
    const text = JSON.stringify(note.input) ?? '{}'
    const input = text.length > EFFECT_INPUT_BYTES ? { tooLong: text.length } : note.input
    const effect = { ...note, input, seq: ++seq, at: new Date(virtualNow()).toISOString() }
    effects.put(String(effect.seq), effect)
    if (effects.size > EFFECTS_KEPT)
      for (const [oldest] of effects.entries()) return void effects.delete(oldest)
  }

  const fire = (timer: Timer) => {
    const gone = () => store.table('core.timers').delete(timer.id)
    try {
      transact(Math.max(floor, timer.due), () => {
        gone()
        if (timer.service === 'core') return publish(timer.payload as EstateEvent, null)
        const run = services.get(timer.service)?.timers?.[timer.kind]
        if (!run) throw bug(`No service handles the timer \`${timer.service}.${timer.kind}\`.`)
        run(world, timer.payload as never)
      })
    } catch (error) {
      // A timer that fails must not come back for ever; what it did is taken back and the failure is kept for people.
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
      options.log?.('a timer of the sandbox failed', { timer, error: message })
      transact(Math.max(floor, timer.due), () => {
        gone()
        store.table('core.failures').put(timer.id, { ...timer, message })
      })
    }
  }

  const settleUntil = (now: () => number) => {
    for (let next = queue.peek(); next && next.due <= now(); next = queue.peek()) {
      queue.pop()
      if (store.table('core.timers').has(next.id)) fire(next)
    }
  }
  const settle = () => {
    if (frozen === null) settleUntil(() => Math.max(floor, flowing()))
  }

  // Wakes up at the next due time, so that the estate moves without calls.
  const arm = () => {
    const next = queue.peek()
    if (next?.due === alarmAt && !alarm.signal.aborted) return
    alarm.abort()
    alarmAt = next?.due ?? Number.POSITIVE_INFINITY
    if (!next || closed || anchor.scale <= 0) return
    const mine = new AbortController()
    alarm = mine
    const ms = Math.min(Math.max(0, (next.due - virtualNow()) / anchor.scale), 60_000)
    clock.sleep(ms, mine.signal).then(
      () => {
        if (mine.signal.aborted || closed) return
        mine.abort()
        settle()
        arm()
      },
      () => {},
    )
  }

  const moveAnchor = (virtual: number, scale: number) => {
    alarm.abort()
    anchor = { virtual, real: clock.now().getTime(), scale }
    transact(virtual, () => store.table('core.clock').put('scale', { scale }))
    arm()
  }

  const load = () => {
    if (options.dataDir === null) return
    unlock = lockFolder(options.dataDir)
    const { snapshot, records, journalBytes } = readJournal(options.dataDir)
    const last = (snapshot as Commit[])[0]?.n ?? 0
    for (const commit of [...(snapshot as Commit[]), ...(records as Commit[]).filter(({ n }) => n > last)]) {
      store.apply(commit.w)
      ;[commits, floor, seq] = [commit.n, commit.v, commit.s]
      draws.state = commit.r
      faultDraws.state = commit.f
    }
    const scale = store.table<{ scale: number }>('core.clock').get('scale')?.scale ?? options.timeScale
    // AWS goes on while we are down, so time catches up with the real one; it never runs backwards.
    anchor = { virtual: Math.max(floor, clock.now().getTime()), real: clock.now().getTime(), scale }
    for (const timer of store.table<Timer>('core.timers').values()) queue.add(timer)
    const bound = options.compactAboveBytes ?? COMPACT_ABOVE_BYTES
    journal =
      journalBytes > bound ? compact(options.dataDir, snapshotOf()) : resume(options.dataDir, journalBytes)
  }

  function* snapshotOf(): Iterable<Commit> {
    const state = { n: commits, v: floor, r: draws.state, f: faultDraws.state, s: seq }
    yield { ...state, w: [] }
    for (const [name, rows] of store.tables()) {
      let w: Change[] = []
      for (const [key, value] of rows) {
        w.push([name, key, value])
        if (w.length < 500) continue
        yield { ...state, w }
        w = []
      }
      yield { ...state, w }
    }
  }

  try {
    load()
  } catch (error) {
    unlock()
    throw error
  }
  arm()
  return {
    world,
    run(work, note) {
      settle()
      return transact(Math.max(floor, flowing()), () => work(world), note)
    },
    settle,
    time: () => ({ virtual: virtualNow(), scale: anchor.scale }),
    setScale: (scale) => {
      settle()
      moveAnchor(virtualNow(), scale)
    },
    advance(ms) {
      const target = virtualNow() + ms
      settleUntil(() => target)
      moveAnchor(target, anchor.scale)
    },
    changed: (ms) =>
      new Promise((resolve) => {
        const stop = new AbortController()
        const done = () => {
          stop.abort()
          waiting = waiting.filter((other) => other !== done)
          resolve()
        }
        waiting.push(done)
        clock.sleep(ms, stop.signal).then(done, () => {})
      }),
    *pendingTimers() {
      yield* store.table<Timer>('core.timers').values()
    },
    tables: () => store.tables(),
    reset() {
      store = createStore()
      queue = timerQueue()
      draws.state = options.seed >>> 0
      faultDraws.state = (options.seed ^ 0x5bd1e995) >>> 0
      if (options.dataDir !== null) {
        journal.close()
        journal = compact(options.dataDir, snapshotOf())
      }
    },
    async close() {
      closed = true
      alarm.abort()
      for (const wake of waiting) wake()
      journal.close()
      unlock()
    },
  }
}
