import { GetQueueUrlCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs'
import type { Clock } from '../../kernel/clock.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { LifecycleEvent } from '../../ports/estate.ts'
import { unless } from '../errors.ts'
import { receiveMessages, removeMessages, SQS_BATCH } from '../sqs/messages.ts'
import { parseEvent } from './parse.ts'
import { gatheringRemoval, type Removal } from './removal.ts'

const PAUSE_MS = 1_000

export const queueUrl = (sqs: SQSClient, name: string) =>
  unless(
    ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
    async () => (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? null,
    () => null,
  )

export interface ReceiveParts {
  readonly sqs: SQSClient
  readonly url: () => Promise<string>
  readonly clock: Clock
  /** How long to let more messages gather after some came, because nobody waits for them. Real time. */
  readonly gatherMs: number
  /** Told of each event that `take` refused; it comes back when its visibility ends. */
  readonly onError: (error: unknown, event: LifecycleEvent) => void
}

/** Runs until the signal; a queue that does not answer for a while is asked again, anything else is thrown. */
export async function receiveEvents(
  parts: ReceiveParts,
  take: (event: LifecycleEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const removal = gatheringRemoval(parts.clock, async (receipts) =>
    removeMessages(parts.sqs, await parts.url(), receipts),
  )
  try {
    while (!signal.aborted) await receiveOnce(parts, take, removal, signal)
  } finally {
    await removal.end()
  }
}

async function receiveOnce(
  parts: ReceiveParts,
  take: (event: LifecycleEvent) => Promise<void>,
  removal: Removal,
  signal: AbortSignal,
): Promise<void> {
  try {
    const messages = await receiveMessages(parts.sqs, await parts.url(), signal)
    const taken = await takeAll(parts, messages, take)
    removal.add(taken.map(receiptOf))
    if (messages.length > 0 && messages.length < SQS_BATCH)
      await parts.clock.sleep(parts.gatherMs, signal).catch(() => undefined)
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof RankanError) || !['throttled', 'unavailable'].includes(error.kind)) throw error
    await parts.clock.sleep(error.retryAfterMs ?? PAUSE_MS, signal).catch(() => undefined)
  }
}

/** All at once, so that their taker may keep them together. @returns the messages whose event was taken; the others stay in the queue. */
async function takeAll(
  parts: ReceiveParts,
  messages: readonly Message[],
  take: (event: LifecycleEvent) => Promise<void>,
): Promise<readonly Message[]> {
  const isTaken = async (message: Message): Promise<boolean> => {
    const event = parseEvent(message.MessageId ?? '', message.Body ?? '', parts.clock.now())
    try {
      await take(event)
      return true
    } catch (error) {
      parts.onError(error, event)
      return false
    }
  }
  const taken = await Promise.all(messages.map(isTaken))
  return messages.filter((_, i) => taken[i])
}

const receiptOf = ({ ReceiptHandle }: Message) => ReceiptHandle ?? ''
