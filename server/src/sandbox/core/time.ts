/** Virtual time: timers that fall due, the alarm that wakes us for the next one, and changes of the scale. */
import { bug } from '../../kernel/errors.ts'
import type { EstateEvent, World } from './contract.ts'
import { publish } from './events.ts'
import { type Core, flowing, realNow, virtualNow } from './state.ts'
import type { Timer } from './timers.ts'
import { transact } from './transaction.ts'

/** Runs all timers that are due by then, in their order, each at its own time. */
export function settle(core: Core, world: World, until: () => number = () => flowing(core)): void {
  if (core.frozen !== null) return
  for (let next = core.queue.peek(); next && next.due <= until(); next = core.queue.peek()) {
    core.queue.pop()
    if (core.store.table('core.timers').has(next.id)) fire(core, world, next)
  }
}

function fire(core: Core, world: World, timer: Timer): void {
  const at = Math.max(core.floor, timer.due)
  try {
    transact(core, at, () => {
      core.store.table('core.timers').delete(timer.id)
      ring(core, world, timer)
    })
  } catch (error) {
    // A timer that fails must not come back for ever; what it did is taken back and the failure is kept for people.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    core.options.log?.('a timer of the sandbox failed', { timer, error: message })
    transact(core, at, () => {
      core.store.table('core.timers').delete(timer.id)
      core.store.table('core.failures').put(timer.id, { ...timer, message })
    })
  }
}

function ring(core: Core, world: World, { service, kind, payload }: Timer): void {
  const delayed = (event: EstateEvent) => publish(core, world, event, null)
  const run =
    service === 'core'
      ? (_: World, event: never) => delayed(event)
      : core.options.services.get(service)?.timers?.[kind]
  if (!run) throw bug(`No service handles the timer \`${service}.${kind}\`.`)
  run(world, payload as never)
}

const LONGEST_SLEEP_MS = 60_000

/** Wakes up at the next due time, so that the estate moves without calls. */
export function arm(core: Core, world: World): void {
  const next = core.queue.peek()
  if (next?.due === core.alarmAt && !core.alarm.signal.aborted) return
  core.alarm.abort()
  core.alarmAt = next?.due ?? Number.POSITIVE_INFINITY
  if (!next || core.closed || core.anchor.scale <= 0) return
  const mine = new AbortController()
  core.alarm = mine
  const ms = Math.min(Math.max(0, (next.due - virtualNow(core)) / core.anchor.scale), LONGEST_SLEEP_MS)
  const wake = () => {
    if (mine.signal.aborted || core.closed) return
    mine.abort()
    settle(core, world)
    arm(core, world)
  }
  core.options.clock.sleep(ms, mine.signal).then(wake, () => {})
}

/** Virtual time goes on from there at that scale. */
export function moveAnchor(core: Core, world: World, virtual: number, scale: number): void {
  core.alarm.abort()
  core.anchor = { virtual, real: realNow(core), scale }
  transact(core, virtual, () => core.store.table('core.clock').put('scale', { scale }))
  arm(core, world)
}

/** Resolves at the next committed change, or after `ms` of real time. */
export function changed(core: Core, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = new AbortController()
    const done = () => {
      stop.abort()
      core.waiting = core.waiting.filter((other) => other !== done)
      resolve()
    }
    core.waiting.push(done)
    core.options.clock.sleep(ms, stop.signal).then(done, () => {})
  })
}

export function wakeAll(core: Core): void {
  const woken = core.waiting
  core.waiting = []
  for (const wake of woken) wake()
}
