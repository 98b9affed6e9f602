import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs'
import { invalid } from '../../kernel/errors.ts'
import { type AwsCall, instrument } from '../calls.ts'
import { receiveMessages, removeMessages, SQS_BATCH } from './messages.ts'

export interface EventQueueOptions {
  readonly url: string
  /** For how long messages that were received are not given to others, nor again. */
  readonly hiddenSeconds: number
  /** Whether the queue answers where its URL says; not so with an endpoint of one's own. */
  readonly atQueueUrl: boolean
  /** Region, credentials, endpoint: the SDK's own configuration when left out. */
  readonly client?: SQSClientConfig
  readonly onCall?: (call: AwsCall) => void
}

/** SQS's maximum: 12 hours. */
const MAX_HIDDEN_SECONDS = 43_200

/** A queue of CloudTrail events, as `EventQueue` of `analytics/stream` wants it. */
export function eventQueue(options: EventQueueOptions) {
  const sqs = new SQSClient({
    ...regionOf(options.url),
    useQueueUrlAsEndpoint: options.atQueueUrl,
    ...options.client,
  })
  instrument(sqs, options.onCall === undefined ? {} : { onCall: options.onCall })
  const visibilitySeconds = Math.min(options.hiddenSeconds, MAX_HIDDEN_SECONDS)
  return {
    async receive(waitSeconds: number, signal: AbortSignal) {
      const messages = await receiveMessages(sqs, options.url, signal, { visibilitySeconds, waitSeconds })
      return messages.map(({ MessageId = '', Body = '', ReceiptHandle = '' }) => ({
        id: MessageId,
        body: Body,
        receipt: ReceiptHandle,
      }))
    },
    async remove(receipts: readonly string[]): Promise<number> {
      let failed = 0
      for (let at = 0; at < receipts.length; at += SQS_BATCH)
        failed += (await removeMessages(sqs, options.url, receipts.slice(at, at + SQS_BATCH))).length
      return failed
    },
    close: () => sqs.destroy(),
  }
}

/** `https://sqs.ap-northeast-1.amazonaws.com/111122223333/name` says its region. */
function regionOf(url: string): { readonly region?: string } {
  if (!/^https?:\/\/[^/]+\/\d{12}\/[\w.-]+$/.test(url))
    throw invalid(
      'bad_queue_url',
      `\`${url}\` is no URL of a queue; \`aws sqs get-queue-url\` tells it, as \`https://sqs.ap-northeast-1.amazonaws.com/111122223333/name\`.`,
    )
  const region = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\//.exec(url)?.[1]
  return region === undefined ? {} : { region }
}
