import { streamSSE } from 'hono/streaming'
import { isCentral } from '../../domain/people/roles.ts'
import { route } from '../route.ts'
import type { Change } from '../services.ts'

/** Proxies close silent connections after about a minute. */
const HEARTBEAT_MS = 20_000

export const eventsRoute = route({
  method: 'get',
  path: '/api/events',
  action: 'events.read',
  tag: 'System',
  summary: 'Changes as server-sent events: `{topic, id}` of what changed and may be seen by the caller',
  replyType: 'text/event-stream',
  handle: async ({ raw, actor, services }) => {
    const mine = (change: Change) =>
      isCentral(actor) ||
      change.organisationId === null ||
      actor.organisationIds.includes(change.organisationId)
    return streamSSE(raw, async (stream) => {
      const waiting: Change[] = []
      let wake = () => {}
      const unsubscribe = services.changes.subscribe((change) => {
        if (!mine(change)) return
        waiting.push(change)
        wake()
      })
      stream.onAbort(() => {
        unsubscribe()
        wake()
      })
      await stream.writeSSE({ event: 'hello', data: '{}' })
      while (!stream.aborted) {
        const batch = waiting.splice(0)
        for (const { topic, id } of batch)
          await stream.writeSSE({ event: 'change', data: JSON.stringify({ topic, id }) })
        if (batch.length > 0) continue
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), stream.sleep(HEARTBEAT_MS)])
        if (waiting.length === 0 && !stream.aborted) await stream.writeSSE({ event: 'ping', data: '{}' })
      }
      unsubscribe()
    })
  },
})
