import type { Estate } from '../ports/estate.ts'
import { type LifecycleStore, topicsOf } from '../ports/lifecycle.ts'

/**
 * Takes AWS's events of one AWS organisation until `stop` is aborted: keeps each once and wakes whoever waits. An event
 * is deleted from the queue only after that, so a crash in between delivers it again.
 */
export async function consumeLifecycle(
  lifecycle: LifecycleStore,
  estate: Estate,
  stop: AbortSignal,
): Promise<void> {
  await estate.events.ensureDelivery()
  await estate.events.receive((event) => lifecycle.keep(estate.id, event, topicsOf(estate.id, event)), stop)
}
