import type { Change, ChangeFeed, Log } from '../http/services.ts'
import { listen } from '../storage/database.ts'

/** Changes of all processes through PostgreSQL NOTIFY; after a lost connection everybody is told to look again. */
export async function changeFeed(url: string, log: Log): Promise<ChangeFeed & { stop(): Promise<void> }> {
  const listeners = new Set<(change: Change) => void>()
  const publish = (change: Change) => {
    for (const listener of listeners) listener(change)
  }
  const listener = await listen(
    url,
    'rankan_changes',
    (payload) => {
      try {
        publish(JSON.parse(payload) as Change)
      } catch (error) {
        log.warn({ err: error }, 'a change that is not JSON was ignored')
      }
    },
    { onConnected: () => publish({ topic: 'all', id: '', organisationId: null }) },
  )
  return {
    subscribe(onChange) {
      listeners.add(onChange)
      return () => void listeners.delete(onChange)
    },
    stop: () => listener.stop(),
  }
}
