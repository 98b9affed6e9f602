/** Events on their way from a service to whoever listens. */
import type { EstateEvent, Fault, World } from './contract.ts'
import { drawText } from './random.ts'
import { type Core, virtualNow } from './state.ts'

export function emit(core: Core, world: World, event: Omit<EstateEvent, 'id' | 'time'>): void {
  deliver(core, world, { ...event, id: uuid(core), time: new Date(virtualNow(core)).toISOString() })
}

function uuid({ draws }: Core): string {
  const hex = drawText(draws, 32, '0123456789abcdef')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

// Services that react on their own (Control Tower) always see the event; faults strike only its public delivery.
function deliver(core: Core, world: World, event: EstateEvent): void {
  core.newEvents.push(event)
  const detail = JSON.stringify(event.detail)
  const name = /"eventName":"([^"]+)"/.exec(detail)?.[1] ?? event.detailType
  const fault = world.fault({ at: 'event', name, subject: `${event.accountId} ${detail}` })
  for (const service of core.options.services.values())
    if (service.signingName !== 'events') service.onEvent?.(world, event)
  publish(core, world, event, fault)
}

/** Puts the event on the account's bus, as the fault says. */
export function publish(core: Core, world: World, event: EstateEvent, fault: Fault | null): void {
  if (fault?.do === 'drop') return
  if (fault?.do === 'delay') return void world.later(fault.ms, 'core', 'publish', event)
  const bus = core.options.services.get('events')
  bus?.onEvent?.(world, event)
  if (fault?.do === 'duplicate') bus?.onEvent?.(world, event)
}
