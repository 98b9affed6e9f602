import { createHash } from 'node:crypto'
import { AwsError, type Call, type World } from '../../core/contract.ts'

export interface Queue {
  readonly arn: string
  readonly accountId: string
  readonly region: string
  readonly name: string
  /** Settable attributes as their texts, defaults included. */
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly changedAt: number
  /** Counts messages, for keys in order and FIFO sequence numbers. */
  readonly sequence: number
  readonly purgedAt: number | null
}

export interface AttributeValue {
  readonly DataType: string
  readonly StringValue?: string
  readonly BinaryValue?: string
}

export interface StoredMessage {
  readonly key: string
  readonly id: string
  readonly body: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly systemAttributes: Readonly<Record<string, string>>
  readonly sentAt: number
  readonly expiresAt: number
  /** In flight or delayed until then. */
  readonly visibleAt: number
  readonly receives: number
  readonly firstReceivedAt: number | null
  readonly receipt: string | null
  readonly groupId: string | null
  readonly deduplicationId: string | null
}

/** Key: ARN. */
export const queuesOf = (world: World) => world.table<Queue>('sqs.queues')
export const messagesOf = (world: World, arn: string) => world.table<StoredMessage>(`sqs.messages ${arn}`)
/** Deduplication ids of FIFO queues: `<arn> <id>` → until when, and the message they stand for. */
export const deduplicationOf = (world: World) =>
  world.table<{ until: number; messageId: string; sequence: string }>('sqs.seen')

export const DEFAULTS: Readonly<Record<string, string>> = Object.freeze({
  VisibilityTimeout: '30',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
})

/** AWS's ranges of numeric attributes. */
export const RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = Object.freeze({
  VisibilityTimeout: [0, 43_200],
  MaximumMessageSize: [1_024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  DelaySeconds: [0, 900],
  ReceiveMessageWaitTimeSeconds: [0, 20],
})

export const queueArn = (region: string, accountId: string, name: string) =>
  `arn:aws:sqs:${region}:${accountId}:${name}`
export const queueUrl = (origin: string, queue: Queue) => `${origin}/${queue.accountId}/${queue.name}`
export const isFifo = (queue: Queue) => queue.attributes.FifoQueue === 'true'
export const seconds = (queue: Queue, name: string) => Number(queue.attributes[name] ?? DEFAULTS[name] ?? 0)
export const md5 = (data: string | Buffer) => createHash('md5').update(data).digest('hex')

const noQueue = () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')

/** The queue of the request's URL (`…/<account>/<name>`). */
export function queueOf({ input, world, region }: Call<{ QueueUrl: string }>): Queue {
  const [accountId, name] = input.QueueUrl.split('/').slice(-2)
  const queue = queuesOf(world).get(queueArn(region, accountId ?? '', name ?? ''))
  if (!queue) throw noQueue()
  return queue
}

export function queueNamed(world: World, region: string, accountId: string, name: string): Queue {
  const queue = queuesOf(world).get(queueArn(region, accountId, name))
  if (!queue) throw noQueue()
  return queue
}

/** AWS's digest over message attributes: lengths as 4 bytes, type 1 for text and 2 for binary, names sorted. */
export function md5OfAttributes(attributes: Readonly<Record<string, AttributeValue>>): string | undefined {
  const names = Object.keys(attributes).sort()
  if (names.length === 0) return undefined
  const sized = (data: Buffer) => [Buffer.from(Uint32Array.of(data.length).buffer).swap32(), data]
  const parts = names.flatMap((name) => {
    const value = attributes[name]
    if (!value) return []
    const binary = value.DataType.startsWith('Binary')
    const data = binary
      ? Buffer.from(value.BinaryValue ?? '', 'base64')
      : Buffer.from(value.StringValue ?? '')
    return [
      ...sized(Buffer.from(name)),
      ...sized(Buffer.from(value.DataType)),
      Buffer.of(binary ? 2 : 1),
      ...sized(data),
    ]
  })
  return md5(Buffer.concat(parts))
}
