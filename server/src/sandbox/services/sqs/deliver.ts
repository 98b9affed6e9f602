import { evaluateFast } from '../../../policy/compile/evaluate.ts'
import { NO_POLICIES } from '../../../policy/policies.ts'
import { contextOf } from '../../../policy/request.ts'
import { parsedPolicy } from '../../access/documents.ts'
import type { World } from '../../core/contract.ts'
import { organizationView } from '../organizations/scps.ts'
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
  if (!queue?.attributes.Policy || !mayDeliver(world, queue, sender)) return false
  enqueue(world, queue, { body, systemAttributes: { SenderId: 'AIDAISDQGDCIAGAMBNIWA' } })
  return true
}

/** A service's call is decided by the queue's policy and the RCPs over its owner; identities and SCPs have no say. */
function mayDeliver(world: World, queue: Queue, { service, sourceArn }: Sender): boolean {
  const place = organizationView.place(world, queue.accountId)
  const decision = evaluateFast(
    {
      action: 'sqs:SendMessage',
      resource: { arn: queue.arn, account: queue.accountId },
      principal: { type: 'service', arn: null, account: null, service },
      context: contextOf({
        'aws:PrincipalIsAWSService': true,
        'aws:PrincipalServiceName': service,
        'aws:SourceArn': sourceArn,
        'aws:SourceAccount': sourceArn.split(':')[4] ?? '',
        'aws:SourceOrgID':
          organizationView.place(world, sourceArn.split(':')[4] ?? '')?.organizationId ?? null,
        'aws:ResourceAccount': queue.accountId,
        'aws:ResourceOrgID': place?.organizationId ?? null,
        'aws:SecureTransport': true,
        'aws:RequestedRegion': queue.region,
        'aws:CurrentTime': new Date(world.now()).toISOString(),
      }),
      unlisted: 'absent',
    },
    {
      ...NO_POLICIES,
      resource: parsedPolicy('resource', queue.attributes.Policy ?? ''),
      rcps: organizationView.levels(world, queue.accountId, 'rcp'),
    },
  )
  return decision.verdict === 'allowed'
}
