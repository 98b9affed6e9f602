import type { ServiceDefinition } from '../../core/contract.ts'
import * as messages from './messages.ts'
import * as queues from './queues.ts'
import { queueArn, queuesOf } from './state.ts'

interface QueueNames {
  readonly QueueName?: string
  readonly QueueUrl?: string
  readonly QueueOwnerAWSAccountId?: string
}

export const sqs: ServiceDefinition = {
  signingName: 'sqs',
  model: 'sqs',
  iamPrefix: 'sqs',
  throttleCode: 'RequestThrottled',
  invalidCode: 'InvalidParameterValue',
  // As users report it, not in AWS's documents (awspring/spring-cloud-aws #861, microsoft/aspire #3333; read 2026-11-22).
  deniedWords: { lowerCaseAction: true },
  // Batches are authorised as the single call.
  actions: {
    SendMessageBatch: ['sqs:SendMessage'],
    DeleteMessageBatch: ['sqs:DeleteMessage'],
    ChangeMessageVisibilityBatch: ['sqs:ChangeMessageVisibility'],
  },
  operations: {
    CreateQueue: queues.createQueue,
    DeleteQueue: queues.deleteQueue,
    GetQueueAttributes: queues.getQueueAttributes,
    GetQueueUrl: queues.getQueueUrl,
    ListDeadLetterSourceQueues: queues.listDeadLetterSourceQueues,
    ListQueues: queues.listQueues,
    ListQueueTags: queues.listQueueTags,
    PurgeQueue: queues.purgeQueue,
    SetQueueAttributes: queues.setQueueAttributes,
    TagQueue: queues.tagQueue,
    UntagQueue: queues.untagQueue,
    ChangeMessageVisibility: messages.changeMessageVisibility,
    ChangeMessageVisibilityBatch: messages.changeMessageVisibilityBatch,
    DeleteMessage: messages.deleteMessage,
    DeleteMessageBatch: messages.deleteMessageBatch,
    ReceiveMessage: messages.receiveMessage,
    SendMessage: messages.sendMessage,
    SendMessageBatch: messages.sendMessageBatch,
  },
  resourcePolicy: (world, arn) => {
    const document = queuesOf(world).get(arn)?.attributes.Policy
    return document === undefined ? null : { kind: 'resource', document }
  },
  tagsOf: (world, arn) => queuesOf(world).get(arn)?.tags ?? null,
  resources: ({ input, caller, region }) => {
    const { QueueName, QueueUrl, QueueOwnerAWSAccountId } = input as QueueNames
    if (QueueUrl === undefined)
      return [queueArn(region, QueueOwnerAWSAccountId ?? caller.accountId, QueueName ?? '*')]
    const [accountId, name] = QueueUrl.split('/').slice(-2)
    return [queueArn(region, accountId ?? '*', name ?? '*')]
  },
}
