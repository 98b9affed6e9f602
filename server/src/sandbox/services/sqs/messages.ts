import { AwsError, type Call, NotYet, type World } from '../../core/contract.ts'
import { enqueue } from './deliver.ts'
import { redriveOf } from './queues.ts'
import {
  type AttributeValue,
  deduplicationOf,
  isFifo,
  md5,
  md5OfAttributes,
  messagesOf,
  type Queue,
  queueOf,
  queuesOf,
  type StoredMessage,
  seconds,
} from './state.ts'

interface SendInput {
  readonly MessageBody: string
  readonly DelaySeconds?: number
  readonly MessageAttributes?: Readonly<Record<string, AttributeValue>>
  readonly MessageDeduplicationId?: string
  readonly MessageGroupId?: string
}

export const sendMessage = (call: Call<SendInput & { QueueUrl: string }>) =>
  send(call.world, queueOf(call), call.input, call.caller.userId)

const FIFO_WINDOW_MS = 300_000

function send(world: World, queue: Queue, input: SendInput, senderId: string) {
  checkBody(queue, input.MessageBody)
  const md5s = {
    MD5OfMessageBody: md5(input.MessageBody),
    MD5OfMessageAttributes: md5OfAttributes(input.MessageAttributes ?? {}),
  }
  const deduplicationId = isFifo(queue) ? deduplicationIdOf(queue, input) : null
  const seen =
    deduplicationId === null ? undefined : deduplicationOf(world).get(`${queue.arn} ${deduplicationId}`)
  if (seen && world.now() < seen.until)
    return { ...md5s, MessageId: seen.messageId, SequenceNumber: seen.sequence }
  const stored = enqueue(world, queue, {
    body: input.MessageBody,
    attributes: input.MessageAttributes,
    systemAttributes: { SenderId: senderId },
    delaySeconds: input.DelaySeconds,
    groupId: input.MessageGroupId,
    deduplicationId,
  })
  if (deduplicationId === null) return { ...md5s, MessageId: stored.id }
  const sequence = stored.key.padStart(20, '0')
  const until = world.now() + world.virtualMs(FIFO_WINDOW_MS)
  deduplicationOf(world).put(`${queue.arn} ${deduplicationId}`, { until, messageId: stored.id, sequence })
  return { ...md5s, MessageId: stored.id, SequenceNumber: sequence }
}

function checkBody(queue: Queue, body: string): void {
  if (body === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.')
  const max = seconds(queue, 'MaximumMessageSize')
  if (Buffer.byteLength(body) > max)
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${max} bytes.`,
    )
}

function deduplicationIdOf(queue: Queue, input: SendInput): string {
  if (input.MessageGroupId === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.')
  if (input.MessageDeduplicationId !== undefined) return input.MessageDeduplicationId
  if (queue.attributes.ContentBasedDeduplication === 'true') return md5(input.MessageBody)
  throw new AwsError(
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  )
}

interface ReceiveInput {
  readonly QueueUrl: string
  readonly MaxNumberOfMessages?: number
  readonly VisibilityTimeout?: number
  readonly WaitTimeSeconds?: number
  readonly AttributeNames?: readonly string[]
  readonly MessageSystemAttributeNames?: readonly string[]
  readonly MessageAttributeNames?: readonly string[]
}

export function receiveMessage(call: Call<ReceiveInput>) {
  const { input, world } = call
  const queue = queueOf(call)
  const max = inRange('MaxNumberOfMessages', input.MaxNumberOfMessages ?? 1, 1, 10)
  const wait = inRange(
    'WaitTimeSeconds',
    input.WaitTimeSeconds ?? seconds(queue, 'ReceiveMessageWaitTimeSeconds'),
    0,
    20,
  )
  const hidden = inRange(
    'VisibilityTimeout',
    input.VisibilityTimeout ?? seconds(queue, 'VisibilityTimeout'),
    0,
    43_200,
  )
  const taken = takeVisible(world, queue, max, world.virtualMs(hidden * 1000))
  if (taken.length === 0 && call.waitedMs < wait * 1000) throw new NotYet(wait * 1000)
  return taken.length === 0 ? {} : { Messages: taken.map((m) => wire(m, input)) }
}

function inRange(name: string, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${min} and ${max}, if provided.`,
  )
}

function takeVisible(world: World, queue: Queue, max: number, hiddenMs: number): StoredMessage[] {
  const messages = messagesOf(world, queue.arn)
  const now = world.now()
  const busyGroups = new Set<string>()
  const taken: StoredMessage[] = []
  // No copy: a table may be written while it is read, and a long queue is received from often.
  for (const message of messages.values()) {
    if (taken.length >= max) break
    if (message.expiresAt <= now) messages.delete(message.key)
    else if (message.visibleAt > now) {
      if (message.groupId !== null && isFifo(queue)) busyGroups.add(message.groupId)
    } else if (
      !(message.groupId !== null && busyGroups.has(message.groupId)) &&
      !buried(world, queue, message)
    )
      taken.push(take(world, queue, message, now + hiddenMs))
  }
  return taken
}

function take(world: World, queue: Queue, message: StoredMessage, visibleAt: number): StoredMessage {
  const received = {
    ...message,
    visibleAt,
    receives: message.receives + 1,
    firstReceivedAt: message.firstReceivedAt ?? world.now(),
    receipt: Buffer.from(`${message.key}/${world.id(40)}`).toString('base64'),
  }
  messagesOf(world, queue.arn).put(message.key, received)
  return received
}

/** Received too often: moves to the dead-letter queue instead of being received again. */
function buried(world: World, queue: Queue, message: StoredMessage): boolean {
  const redrive = redriveOf(queue)
  if (!redrive || message.receives < redrive.maxReceiveCount) return false
  const grave = queuesOf(world).get(redrive.deadLetterTargetArn)
  if (!grave) return false
  const { key } = enqueue(world, grave, {
    ...message,
    systemAttributes: { ...message.systemAttributes, DeadLetterQueueSourceArn: queue.arn },
  })
  const moved = messagesOf(world, grave.arn).get(key)
  if (moved)
    messagesOf(world, grave.arn).put(key, {
      ...moved,
      id: message.id,
      sentAt: message.sentAt,
      expiresAt: message.expiresAt,
    })
  messagesOf(world, queue.arn).delete(message.key)
  return true
}

function wire(message: StoredMessage, input: ReceiveInput) {
  const systemNames = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]
  const system = chosen(systemAttributesOf(message), systemNames)
  const attributes = chosen(message.attributes, input.MessageAttributeNames ?? [])
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    Attributes: Object.keys(system).length > 0 ? system : undefined,
    MessageAttributes: Object.keys(attributes).length > 0 ? attributes : undefined,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
  }
}

const systemAttributesOf = (message: StoredMessage): Record<string, string> => ({
  ...message.systemAttributes,
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receives),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  ...(message.groupId === null ? {} : { MessageGroupId: message.groupId }),
  ...(message.deduplicationId === null
    ? {}
    : { MessageDeduplicationId: message.deduplicationId, SequenceNumber: message.key.padStart(20, '0') }),
})

function chosen<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  const wanted = (name: string) =>
    names.some(
      (n) => n === 'All' || n === '.*' || n === name || (n.endsWith('.*') && name.startsWith(n.slice(0, -1))),
    )
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted(name)))
}

/** The message of a receipt; only the latest receipt counts. Null: gone already. */
function messageOf(world: World, queue: Queue, receipt: string): StoredMessage | null {
  const key = Buffer.from(receipt, 'base64').toString().split('/')[0] ?? ''
  if (!/^\d{12}$/.test(key))
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receipt}" is not a valid receipt handle.`,
    )
  return messagesOf(world, queue.arn).get(key) ?? null
}

export function deleteMessage(call: Call<{ QueueUrl: string; ReceiptHandle: string }>) {
  const queue = queueOf(call)
  const message = messageOf(call.world, queue, call.input.ReceiptHandle)
  // AWS answers success for an old receipt too, but only the latest one surely deletes.
  if (message?.receipt === call.input.ReceiptHandle) messagesOf(call.world, queue.arn).delete(message.key)
  return {}
}

interface Visibility {
  readonly ReceiptHandle: string
  readonly VisibilityTimeout?: number
}

export const changeMessageVisibility = (call: Call<Visibility & { QueueUrl: string }>) =>
  changeVisibility(call.world, queueOf(call), call.input)

function changeVisibility(world: World, queue: Queue, { ReceiptHandle, VisibilityTimeout = 0 }: Visibility) {
  const hidden = inRange('VisibilityTimeout', VisibilityTimeout, 0, 43_200)
  const message = messageOf(world, queue, ReceiptHandle)
  if (message?.receipt !== ReceiptHandle || message.visibleAt <= world.now())
    throw new AwsError('MessageNotInflight', `The message referred to isn't in flight.`)
  messagesOf(world, queue.arn).put(message.key, {
    ...message,
    visibleAt: world.now() + world.virtualMs(hidden * 1000),
  })
  return {}
}

type Batch<E> = Call<{ QueueUrl: string; Entries: readonly (E & { Id: string })[] }>

/** Runs each entry; one that fails does not take the others with it. */
function eachEntry<E, O>({ input }: Batch<E>, run: (entry: E & { Id: string }) => O) {
  checkBatch(input.Entries)
  const Successful: (O & { Id: string })[] = []
  const Failed: { Id: string; SenderFault: boolean; Code: string; Message: string }[] = []
  for (const entry of input.Entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message })
    }
  }
  return { Successful, Failed: Failed.length > 0 ? Failed : undefined }
}

function checkBatch(entries: readonly { Id: string }[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.')
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    )
  if (new Set(entries.map((e) => e.Id)).size < entries.length)
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    )
}

export const sendMessageBatch = (call: Batch<SendInput>) =>
  eachEntry(call, (entry) => send(call.world, queueOf(call), entry, call.caller.userId))

export const deleteMessageBatch = (call: Batch<{ ReceiptHandle: string }>) =>
  eachEntry(call, (entry) =>
    deleteMessage({ ...call, input: { QueueUrl: call.input.QueueUrl, ReceiptHandle: entry.ReceiptHandle } }),
  )

export const changeMessageVisibilityBatch = (call: Batch<Visibility>) =>
  eachEntry(call, (entry) => changeVisibility(call.world, queueOf(call), entry))
