import { z } from 'zod'

/** What EventBridge puts around a CloudTrail event ("AWS API Call via CloudTrail"); a bare record is taken, too. */
const record = z.looseObject({ eventID: z.string().min(1), eventSource: z.string(), eventName: z.string() })
const envelope = z.looseObject({ detail: record })

export interface StreamEvent {
  readonly id: string
  /** The record as one line of JSON. */
  readonly line: string
}

/** `null`: no CloudTrail event. */
export function readMessage(body: string): StreamEvent | null {
  const json = parsed(body)
  const found = envelope.safeParse(json).data?.detail ?? record.safeParse(json).data
  return found === undefined ? null : { id: found.eventID, line: JSON.stringify(found) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
