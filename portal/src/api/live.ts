import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { z } from 'zod'

const liveEvent = z.object({ topic: z.string(), id: z.string().optional() })

/** Several events of one burst become one reload of a topic; slower than an answer, or reloads would cancel each other. */
const GATHER_MS = 400
const RECONNECT_FIRST_MS = 1_000
const RECONNECT_MAX_MS = 30_000

/** The server lost its own line to the database for a while, and cannot say what changed meanwhile. */
const EVERYTHING = 'all'

/** Collects topics and loads each again once per burst. Returned `stop` forgets what is waiting. */
export function gatherer(client: Pick<QueryClient, 'invalidateQueries'>) {
  const waiting = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    if (waiting.has(EVERYTHING)) void client.invalidateQueries()
    else for (const topic of waiting) void client.invalidateQueries({ queryKey: [topic] })
    waiting.clear()
  }
  return {
    take(data: string) {
      const event = liveEvent.safeParse(safeJson(data))
      if (!event.success) return
      waiting.add(event.data.topic)
      timer ??= setTimeout(flush, GATHER_MS)
    },
    stop: () => clearTimeout(timer),
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export const reconnectDelay = (failures: number) =>
  Math.min(RECONNECT_MAX_MS, RECONNECT_FIRST_MS * 2 ** failures)

/**
 * Listens to `/api/events` as long as the page lives. The browser reconnects by itself after a broken line, but not
 * after an HTTP error, and events may be lost in between: so we open again, and then load everything again. The first
 * opening is no exception: what changed between the first answers and the open line would stay old on the page.
 */
export function useLiveUpdates(enabled: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!enabled) return
    const gather = gatherer(client)
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let failures = 0
    const open = () => {
      const opened = new EventSource('/api/events')
      source = opened
      opened.onopen = () => {
        void client.invalidateQueries()
        failures = 0
      }
      opened.addEventListener('change', (event) => gather.take(String(event.data)))
      opened.onerror = () => {
        opened.close()
        timer = setTimeout(open, reconnectDelay(failures))
        failures += 1
      }
    }
    open()
    return () => {
      clearTimeout(timer)
      gather.stop()
      source?.close()
    }
  }, [client, enabled])
}
