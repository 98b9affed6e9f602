import { documentErrors } from '../../access/documents.ts'
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import {
  DEFAULTS,
  messagesOf,
  type Queue,
  queueArn,
  queueNamed,
  queueOf,
  queuesOf,
  queueUrl,
  RANGES,
} from './state.ts'

type Attributes = Readonly<Record<string, string>>
type OnQueue = Call<{ QueueUrl: string }>

export function createQueue(call: Call<{ QueueName: string; Attributes?: Attributes; tags?: Attributes }>) {
  const { input, world, caller, region, origin } = call
  const attributes = input.Attributes ?? {}
  checkName(input.QueueName, attributes.FifoQueue === 'true')
  checkAttributes(world, attributes)
  const arn = queueArn(region, caller.accountId, input.QueueName)
  const existing = queuesOf(world).get(arn)
  if (existing) return { QueueUrl: queueUrl(origin, sameAs(existing, attributes)) }
  const now = world.now()
  const queue: Queue = {
    arn,
    accountId: caller.accountId,
    region,
    name: input.QueueName,
    attributes: { ...DEFAULTS, ...attributes },
    tags: input.tags ?? {},
    createdAt: now,
    changedAt: now,
    sequence: 0,
    purgedAt: null,
  }
  queuesOf(world).put(arn, queue)
  return { QueueUrl: queueUrl(origin, queue) }
}

function sameAs(existing: Queue, wanted: Attributes): Queue {
  const different = Object.entries(wanted).find(
    ([name, value]) => !equalAttribute(existing.attributes[name], value),
  )
  if (different)
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${different[0]}`,
    )
  return existing
}

const equalAttribute = (a: string | undefined, b: string) =>
  a === b || (isJson(a) && isJson(b) && sameJson(a, b))
const isJson = (text: string | undefined): text is string => text?.trimStart().startsWith('{') === true
const sameJson = (a: string, b: string) => JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b))

function checkName(name: string, fifo: boolean): void {
  const fits = fifo ? /^[A-Za-z0-9_-]{1,75}\.fifo$/ : /^[A-Za-z0-9_-]{1,80}$/
  if (fits.test(name)) return
  const message = fifo
    ? 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length'
    : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length'
  throw new AwsError('InvalidParameterValue', message)
}

const SETTABLE = new Set([
  ...Object.keys(DEFAULTS),
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'FifoQueue',
  'ContentBasedDeduplication',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'DeduplicationScope',
  'FifoThroughputLimit',
])

function checkAttributes(world: World, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!SETTABLE.has(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
    const range = RANGES[name]
    const number = Number(value)
    if (range && !(Number.isInteger(number) && number >= range[0] && number <= range[1]))
      throw badValue(name, value)
    if (name === 'Policy' && value !== '' && documentErrors('resource', value).length > 0)
      throw badValue(name, value)
    if (name === 'RedrivePolicy' && value !== '') checkRedrive(world, value)
  }
}

const badValue = (name: string, value: string) =>
  new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}. Reason: \`${value}\` is not allowed.`,
  )

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function checkRedrive(world: World, value: string): void {
  if (!parses(value)) throw badValue('RedrivePolicy', value)
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(value) as Record<string, unknown>
  const count = Number(maxReceiveCount)
  if (!Number.isInteger(count) || count < 1 || count > 1000) throw badValue('RedrivePolicy', value)
  if (typeof deadLetterTargetArn !== 'string' || !queuesOf(world).has(deadLetterTargetArn))
    throw new AwsError(
      'InvalidAttributeValue',
      `Value ${value} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    )
}

export function setQueueAttributes(call: Call<{ QueueUrl: string; Attributes: Attributes }>) {
  const queue = queueOf(call)
  checkAttributes(call.world, call.input.Attributes)
  const attributes = { ...queue.attributes, ...call.input.Attributes }
  const kept = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
  queuesOf(call.world).put(queue.arn, { ...queue, attributes: kept, changedAt: call.world.now() })
  return {}
}

export function getQueueAttributes(call: Call<{ QueueUrl: string; AttributeNames?: readonly string[] }>) {
  const queue = queueOf(call)
  const wanted = call.input.AttributeNames ?? []
  const all: Attributes = {
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAt / 1000)),
    ...counts(call.world, queue),
  }
  const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name))
  return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) }
}

function counts(world: World, queue: Queue): Attributes {
  const now = world.now()
  const tally = { ready: 0, inFlight: 0, delayed: 0 }
  for (const message of messagesOf(world, queue.arn).values()) {
    if (message.visibleAt <= now) tally.ready++
    else if (message.receives > 0) tally.inFlight++
    else tally.delayed++
  }
  return {
    ApproximateNumberOfMessages: String(tally.ready),
    ApproximateNumberOfMessagesNotVisible: String(tally.inFlight),
    ApproximateNumberOfMessagesDelayed: String(tally.delayed),
  }
}

export function getQueueUrl(call: Call<{ QueueName: string; QueueOwnerAWSAccountId?: string }>) {
  const { input, world, caller, region, origin } = call
  const owner = input.QueueOwnerAWSAccountId ?? caller.accountId
  return { QueueUrl: queueUrl(origin, queueNamed(world, region, owner, input.QueueName)) }
}

export function listQueues(
  call: Call<{ QueueNamePrefix?: string; NextToken?: string; MaxResults?: number }>,
) {
  const { input, world, caller, region, origin } = call
  const mine = [...queuesOf(world).values()].filter(
    (q) =>
      q.accountId === caller.accountId &&
      q.region === region &&
      q.name.startsWith(input.QueueNamePrefix ?? ''),
  )
  const size = input.MaxResults ?? 1000
  const { items, next } = pageOf(mine, { token: input.NextToken, size, badToken: 'InvalidParameterValue' })
  return {
    QueueUrls: items.map((q) => queueUrl(origin, q)),
    NextToken: input.MaxResults === undefined ? undefined : next,
  }
}

export function listDeadLetterSourceQueues(call: OnQueue) {
  const { arn } = queueOf(call)
  const sources = [...queuesOf(call.world).values()].filter((q) => redriveOf(q)?.deadLetterTargetArn === arn)
  return { queueUrls: sources.map((q) => queueUrl(call.origin, q)) }
}

export function redriveOf(queue: Queue): { deadLetterTargetArn: string; maxReceiveCount: number } | null {
  const policy = queue.attributes.RedrivePolicy
  if (policy === undefined) return null
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as Record<string, unknown>
  return { deadLetterTargetArn: String(deadLetterTargetArn), maxReceiveCount: Number(maxReceiveCount) }
}

export function deleteQueue(call: OnQueue) {
  const { arn } = queueOf(call)
  clear(call.world, arn)
  queuesOf(call.world).delete(arn)
  return {}
}

export function purgeQueue(call: OnQueue) {
  const queue = queueOf(call)
  const now = call.world.now()
  if (queue.purgedAt !== null && now < queue.purgedAt + call.world.virtualMs(60_000))
    throw new AwsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
    )
  clear(call.world, queue.arn)
  queuesOf(call.world).put(queue.arn, { ...queue, purgedAt: now })
  return {}
}

function clear(world: World, arn: string): void {
  const messages = messagesOf(world, arn)
  for (const message of [...messages.values()]) messages.delete(message.key)
}

export function tagQueue(call: Call<{ QueueUrl: string; Tags: Attributes }>) {
  const queue = queueOf(call)
  queuesOf(call.world).put(queue.arn, { ...queue, tags: { ...queue.tags, ...call.input.Tags } })
  return {}
}

export function untagQueue(call: Call<{ QueueUrl: string; TagKeys: readonly string[] }>) {
  const queue = queueOf(call)
  const tags = Object.fromEntries(
    Object.entries(queue.tags).filter(([key]) => !call.input.TagKeys.includes(key)),
  )
  queuesOf(call.world).put(queue.arn, { ...queue, tags })
  return {}
}

export const listQueueTags = (call: OnQueue) => ({ Tags: queueOf(call).tags })
