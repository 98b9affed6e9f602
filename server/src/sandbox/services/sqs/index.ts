import type { ServiceDefinition } from '../../core/contract.ts'
import * as messages from './messages.ts'
import * as queues from './queues.ts'
import { queueArn } from './state.ts'

export const sqs: ServiceDefinition = {
  signingName: 'sqs',
  model: 'sqs',
  iamPrefix: 'sqs',
  throttleCode: 'RequestThrottled',
  invalidCode: 'InvalidParameterValue',
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
  resources: ({ input, caller, region }) => {
    const { QueueName, QueueUrl } = input as { QueueName?: string; QueueUrl?: string }
    if (QueueUrl === undefined) return [queueArn(region, caller.accountId, QueueName ?? '*')]
    const [accountId, name] = QueueUrl.split('/').slice(-2)
    return [queueArn(region, accountId ?? '*', name ?? '*')]
  },
}
