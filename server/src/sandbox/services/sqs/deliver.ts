import type { World } from '../../core/contract.ts'
import { uuid } from '../shared/world.ts'
import {
  type AttributeValue,
  messagesOf,
  type Queue,
  queuesOf,
  type StoredMessage,
  seconds,
} from './state.ts'

export interface NewMessage {
  readonly body: string
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  readonly systemAttributes?: Readonly<Record<string, string>>
  readonly delaySeconds?: number
  readonly groupId?: string | null
  readonly deduplicationId?: string | null
}

/** Puts a message into the queue. Time-outs run by the client's clock, so that a fast estate does not redeliver at once. */
export function enqueue(world: World, queue: Queue, message: NewMessage): StoredMessage {
  const sequence = queue.sequence + 1
  queuesOf(world).put(queue.arn, { ...queue, sequence })
  const now = world.now()
  const delay = message.delaySeconds ?? seconds(queue, 'DelaySeconds')
  const stored: StoredMessage = {
    key: String(sequence).padStart(12, '0'),
    id: uuid(world),
    body: message.body,
    attributes: message.attributes ?? {},
    systemAttributes: message.systemAttributes ?? {},
    sentAt: now,
    expiresAt: now + world.virtualMs(seconds(queue, 'MessageRetentionPeriod') * 1000),
    visibleAt: delay === 0 ? now : now + world.virtualMs(delay * 1000),
    receives: 0,
    firstReceivedAt: null,
    receipt: null,
    groupId: message.groupId ?? null,
    deduplicationId: message.deduplicationId ?? null,
  }
  messagesOf(world, queue.arn).put(stored.key, stored)
  return stored
}

interface Sender {
  readonly service: string
  readonly sourceArn: string
}

/** Another AWS service sends: only if the queue exists and its policy lets that service in. Silent otherwise, as in AWS. */
export function deliverToQueue(world: World, arn: string, body: string, sender: Sender): boolean {
  const queue = queuesOf(world).get(arn)
  if (!queue || !policyAllows(queue.attributes.Policy, sender)) return false
  enqueue(world, queue, { body, systemAttributes: { SenderId: 'AIDAISDQGDCIAGAMBNIWA' } })
  return true
}

interface Statement {
  readonly Effect?: string
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** The part of a queue policy that decides about a service principal: principal, effect and `aws:SourceArn`. */
function policyAllows(policy: string | undefined, sender: Sender): boolean {
  if (policy === undefined || policy === '') return false
  const { Statement: found } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] }
  const statements = (Array.isArray(found) ? found : [found ?? {}]) as readonly Statement[]
  const fitting = statements.filter((s) => namesService(s, sender.service) && sourceFits(s, sender.sourceArn))
  return fitting.some((s) => s.Effect === 'Allow') && !fitting.some((s) => s.Effect === 'Deny')
}

const list = (value: string | readonly string[] | undefined) => (value === undefined ? [] : [value].flat())

function namesService({ Principal }: Statement, service: string): boolean {
  if (typeof Principal === 'string') return Principal === '*'
  return list(Principal?.Service).includes(service) || list(Principal?.AWS).includes('*')
}

function sourceFits({ Condition = {} }: Statement, sourceArn: string): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      if (key.toLowerCase() !== 'aws:sourcearn' || !/^(Arn|String)(Equals|Like)/.test(operator)) return true
      return list(wanted).some((glob) =>
        new RegExp(`^${glob.split('*').map(literal).join('.*')}$`).test(sourceArn),
      )
    }),
  )
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
