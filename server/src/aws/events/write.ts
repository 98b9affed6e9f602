import { type EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { RankanError } from '../../kernel/errors.ts'
import { unless } from '../errors.ts'
import { queueUrl } from './read.ts'

/** Events that change what we know of accounts and OUs. Sources: Control Tower and Organizations guides. */
const PATTERN = {
  source: ['aws.controltower', 'aws.organizations'],
  'detail-type': ['AWS Service Event via CloudTrail', 'AWS API Call via CloudTrail'],
  detail: {
    eventName: [
      'CreateManagedAccount',
      'UpdateManagedAccount',
      'RegisterOrganizationalUnit',
      'DeregisterOrganizationalUnit',
      'SetupLandingZone',
      'UpdateLandingZone',
      'CreateAccountResult',
      'CloseAccountResult',
      'CloseAccount',
      'MoveAccount',
      'AccountJoinedOrganization',
      'AccountDepartedOrganization',
    ],
  },
} as const

/** AWS keeps an unread event this long: 14 days, its maximum. */
const RETENTION_SECONDS = '1209600'
/** Longer than a worker needs for ten events. */
const VISIBILITY_SECONDS = '30'
const TARGET_ID = 'rankan'

/** Puts replace, and a queue is created only where it is missing, so this can run at every start. */
export async function ensureDelivery(
  events: EventBridgeClient,
  sqs: SQSClient,
  name: string,
): Promise<string> {
  const url = (await queueUrl(sqs, name)) ?? (await createQueue(sqs, name))
  const { RuleArn } = await events.send(
    new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(PATTERN), State: 'ENABLED' }),
  )
  const queueArn = await arnOf(sqs, url)
  await allowEvents(sqs, url, queueArn, RuleArn ?? '')
  const answer = await events.send(
    new PutTargetsCommand({ Rule: name, Targets: [{ Id: TARGET_ID, Arn: queueArn }] }),
  )
  const failed = answer.FailedEntries?.[0]
  if (failed)
    throw new RankanError(
      'conflict',
      failed.ErrorCode ?? 'target_refused',
      `EventBridge refused the queue: ${failed.ErrorMessage}`,
    )
  return url
}

const createQueue = (sqs: SQSClient, name: string) =>
  unless(
    ['QueueNameExists', 'QueueAlreadyExists'],
    async () => {
      const { QueueUrl } = await sqs.send(
        new CreateQueueCommand({
          QueueName: name,
          Attributes: { MessageRetentionPeriod: RETENTION_SECONDS, VisibilityTimeout: VISIBILITY_SECONDS },
        }),
      )
      return QueueUrl ?? ''
    },
    async () => (await queueUrl(sqs, name)) ?? '',
  )

async function arnOf(sqs: SQSClient, url: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  )
  return Attributes?.QueueArn ?? ''
}

/** Only our rule may put messages into the queue. */
async function allowEvents(sqs: SQSClient, url: string, queueArn: string, ruleArn: string): Promise<void> {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'EventsOfRankan',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
    ],
  }
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: JSON.stringify(policy) } }),
  )
}
