import { GetQueueUrlCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs'
import type { Clock } from '../../kernel/clock.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { LifecycleEvent } from '../../ports/estate.ts'
import { unless } from '../errors.ts'
import { receiveMessages, removeMessages } from '../sqs/messages.ts'
import { parseEvent } from './parse.ts'

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
  /** Told of each event that `take` refused; it comes back when its visibility ends. */
  readonly onError: (error: unknown, event: LifecycleEvent) => void
}

/** Runs until the signal; a queue that does not answer for a while is asked again, anything else is thrown. */
export async function receiveEvents(
  parts: ReceiveParts,
  take: (event: LifecycleEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const url = await parts.url()
      const messages = await receiveMessages(parts.sqs, url, signal)
      const taken = await takeAll(parts, messages, take)
      if (taken.length > 0) await removeMessages(parts.sqs, url, taken.map(receiptOf))
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof RankanError) || !['throttled', 'unavailable'].includes(error.kind)) throw error
      await parts.clock.sleep(error.retryAfterMs ?? PAUSE_MS, signal).catch(() => undefined)
    }
  }
}

/** @returns the messages whose event was taken; the others stay in the queue. */
async function takeAll(
  parts: ReceiveParts,
  messages: readonly Message[],
  take: (event: LifecycleEvent) => Promise<void>,
): Promise<readonly Message[]> {
  const taken: Message[] = []
  for (const message of messages) {
    const event = parseEvent(message.MessageId ?? '', message.Body ?? '', parts.clock.now())
    try {
      await take(event)
      taken.push(message)
    } catch (error) {
      parts.onError(error, event)
    }
  }
  return taken
}

const receiptOf = ({ ReceiptHandle }: Message) => ReceiptHandle ?? ''
