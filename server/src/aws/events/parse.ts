import { z } from 'zod'
import type { LifecycleEvent } from '../../ports/estate.ts'

/** What EventBridge delivers; only what we use is asked for. Source: Control Tower guide, lifecycle-events. */
const Envelope = z.object({
  id: z.string(),
  time: z.string(),
  detail: z.looseObject({
    eventName: z.string(),
    serviceEventDetails: z.record(z.string(), z.unknown()).optional(),
    requestParameters: z.record(z.string(), z.unknown()).nullish(),
  }),
})

/** `serviceEventDetails` holds one status whose name depends on the event, e.g. `createManagedAccountStatus`. */
const Status = z.looseObject({
  state: z.string().optional(),
  message: z.string().optional(),
  /** Organizations' `createAccountStatus` names request and account directly. */
  id: z.string().optional(),
  accountId: z.string().optional(),
  account: z.looseObject({ accountId: z.string().optional(), accountName: z.string().optional() }).optional(),
  organizationalUnit: z.looseObject({ organizationalUnitId: z.string().optional() }).optional(),
})

/** Of an API call of Organizations, e.g. `MoveAccount`. */
const Request = z.looseObject({
  accountId: z.string().optional(),
  destinationParentId: z.string().optional(),
})

/**
 * One message of the queue. A body that is none of AWS's events still becomes an event (`Unreadable`), so that it is
 * recorded and never blocks the queue or vanishes.
 */
export function parseEvent(messageId: string, body: string, receivedAt: Date): LifecycleEvent {
  const envelope = Envelope.safeParse(parseJson(body))
  if (!envelope.success) return unreadable(messageId, body, receivedAt)
  const { id, time, detail } = envelope.data
  const status = firstStatus(detail.serviceEventDetails)
  const request = Request.safeParse(detail.requestParameters ?? {}).data
  const state = status?.state
  return {
    eventId: id,
    name: detail.eventName,
    accountId: status?.account?.accountId ?? status?.accountId ?? request?.accountId ?? null,
    accountName: status?.account?.accountName ?? null,
    requestId: status?.id ?? null,
    ouId: status?.organizationalUnit?.organizationalUnitId ?? request?.destinationParentId ?? null,
    state: state === 'SUCCEEDED' || state === 'FAILED' ? state : null,
    message: status?.message ?? null,
    time,
  }
}

function firstStatus(details: Readonly<Record<string, unknown>> | undefined) {
  const first = Object.values(details ?? {})[0]
  return Status.safeParse(first).data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const KEPT = 500

const unreadable = (messageId: string, body: string, receivedAt: Date): LifecycleEvent => ({
  eventId: messageId,
  name: 'Unreadable',
  accountId: null,
  accountName: null,
  requestId: null,
  ouId: null,
  state: null,
  message: body.slice(0, KEPT),
  time: receivedAt.toISOString(),
})
