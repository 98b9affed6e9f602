import type { Estate } from '../ports/estate.ts'
import { accountTopic, endingOf, endingTopic, type LifecycleStore, type Signal } from '../ports/lifecycle.ts'

export interface LifecycleDeps {
  readonly lifecycle: LifecycleStore
  readonly signal: Signal
}

/**
 * Takes AWS's events of one AWS organisation until `stop` is aborted: stores each once, then wakes whoever waits.
 * An event is deleted from the queue only after both, so a crash in between delivers it again.
 */
export async function consumeLifecycle(
  deps: LifecycleDeps,
  estate: Estate,
  stop: AbortSignal,
): Promise<void> {
  await estate.events.ensureDelivery()
  await estate.events.receive(async (event) => {
    await deps.lifecycle.storeOnce(estate.id, event)
    if (event.accountId !== null) await deps.signal(accountTopic(event.accountId))
    const ending = endingOf(event.name)
    if (ending !== null) await deps.signal(endingTopic(estate.id, ending))
  }, stop)
}
