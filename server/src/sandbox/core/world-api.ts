/** The world as services see it. */
import { bug } from '../../kernel/errors.ts'
import type { Caller, Fault, FaultPoint, World } from './contract.ts'
import { emit } from './events.ts'
import { type FaultRule, fits, used } from './faults.ts'
import { draw, drawText } from './random.ts'
import { drawDuration } from './settings.ts'
import { type Core, virtualNow } from './state.ts'
import type { Change } from './store.ts'
import type { Timer } from './timers.ts'

export function worldOf(core: Core): World {
  const world: World = {
    table: (name) => core.store.table(name),
    now: () => virtualNow(core),
    virtualMs: (realMs) => realMs * (core.anchor.scale || 1),
    later: (delayMs, service, kind, payload) => later(core, delayMs, service, kind, payload),
    cancel: (id) => void core.store.table('core.timers').delete(id),
    emit: (event) => emit(core, world, event),
    random: () => draw(core.draws),
    id: (length, alphabet) => drawText(core.draws, length, alphabet),
    duration: (key) => durationOf(core, key),
    limit: (key) => limitOf(core, key),
    fault: (point) => strike(core, point),
    tell(change) {
      for (const service of core.options.services.values()) service.onOrganizationChange?.(world, change)
    },
    invoke: <O>(service: string, operation: string, input: unknown, as: Caller, region = 'us-east-1') =>
      invoke(core, world, service, operation, input, as, region) as O,
  }
  return world
}

function later(core: Core, delayMs: number, service: string, kind: string, payload: unknown): string {
  const seq = ++core.seq
  const timer: Timer = {
    id: `tmr-${seq}`,
    due: Math.ceil(virtualNow(core) + delayMs),
    seq,
    service,
    kind,
    payload,
  }
  core.store.table<Timer>('core.timers').put(timer.id, timer)
  core.newTimers.push(timer)
  return timer.id
}

function durationOf(core: Core, key: string): number {
  const changed = core.store.table<{ ms: number; jitter?: number }>('core.durations').get(key)
  const found = changed ?? core.options.settings.durations.get(key)
  if (!found) throw bug(`No dated setting gives the duration \`${key}\`.`)
  return drawDuration(found, () => draw(core.draws))
}

function limitOf(core: Core, key: string): number {
  const changed = core.store.table<{ value: number }>('core.limits').get(key)
  const found = changed ?? core.options.settings.limits.get(key)
  if (!found) throw bug(`No dated setting gives the limit \`${key}\`.`)
  return found.value
}

function strike(core: Core, point: FaultPoint): Fault | null {
  for (const rule of core.store.table<FaultRule>('core.faults').values()) {
    if (!fits(rule, point) || draw(core.faultDraws) >= rule.probability) continue
    spend(core, rule)
    return rule.fault
  }
  return null
}

// A fault is used up even when it makes the call fail and everything else is taken back.
function spend(core: Core, rule: FaultRule): void {
  const change: Change = ['core.faults', rule.id, used(rule)]
  core.store.apply([change])
  core.sticky.push(change)
}

function invoke(
  core: Core,
  world: World,
  service: string,
  operation: string,
  input: unknown,
  caller: Caller,
  region: string,
): unknown {
  const handler = core.options.services.get(service)?.operations[operation]
  if (!handler) throw bug(`The sandbox has no \`${service}:${operation}\` to call inside.`)
  const rest = {
    region,
    requestId: 'internal',
    waitedMs: 0,
    origin: 'http://localhost',
    source: { address: 'AWS Internal', userAgent: 'AWS Internal' },
  }
  return handler({ ...rest, service, operation, input, caller, world } as never)
}
