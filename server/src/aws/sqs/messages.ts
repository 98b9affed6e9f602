import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'

/** SQS's maxima. */
const LONG_POLL_SECONDS = 20
export const SQS_BATCH = 10

export interface ReceiveOptions {
  /** For how long others do not see the messages; the queue's own setting when left out. */
  readonly visibilitySeconds?: number
  readonly waitSeconds?: number
}

/** Up to ten messages, after at most 20 s. */
export async function receiveMessages(
  sqs: SQSClient,
  url: string,
  signal: AbortSignal,
  { visibilitySeconds, waitSeconds = LONG_POLL_SECONDS }: ReceiveOptions = {},
): Promise<readonly Message[]> {
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: SQS_BATCH,
      WaitTimeSeconds: waitSeconds,
      ...(visibilitySeconds === undefined ? {} : { VisibilityTimeout: visibilitySeconds }),
    }),
    { abortSignal: signal },
  )
  return Messages ?? []
}

/** Deletes up to ten messages; @returns the positions of those that SQS did not delete. */
export async function removeMessages(
  sqs: SQSClient,
  url: string,
  receipts: readonly string[],
): Promise<readonly number[]> {
  const { Failed } = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: url,
      Entries: receipts.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle })),
    }),
  )
  return (Failed ?? []).map(({ Id }) => Number(Id))
}
