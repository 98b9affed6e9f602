import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { configOf, post, rankan, refused, start } from './core-support.ts'
import { ALL, admin, catalogOf, minutes, ouNamed, provision, REGION, settled } from './vending-support.ts'

let sandbox: Sandbox
let sqs: SQSClient
let events: EventBridgeClient
let QueueUrl: string
let arn: string
let n = 0

beforeAll(async () => {
  sandbox = await start({ allowedActions: ALL, timeScale: 0 })
  sqs = new SQSClient(configOf(sandbox, admin(sandbox), REGION))
  events = new EventBridgeClient(configOf(sandbox, admin(sandbox), REGION))
})
afterAll(() => sandbox.stop())

const policyFor = (Resource: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource,
      },
    ],
  })

beforeEach(async () => {
  const QueueName = `queue-${++n}`
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? ''
  arn =
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))).Attributes
      ?.QueueArn ?? ''
})

async function receive(more: object = {}) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }),
  )
  return Messages
}

async function rule(pattern: object, policy = true): Promise<void> {
  const Name = `rule-${n}`
  if (policy)
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: policyFor(arn) } }))
  await events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }))
  await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'queue', Arn: arn }] }))
}

const put = (Source: string, Detail: object) =>
  events.send(
    new PutEventsCommand({ Entries: [{ Source, DetailType: 'test', Detail: JSON.stringify(Detail) }] }),
  )

describe('SQS', () => {
  test('hides what was received until it is deleted or becomes visible again', async () => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: '払い出し',
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'a' } },
      }),
    )
    const [first] = await receive({ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] })
    expect(first).toMatchObject({
      Body: '払い出し',
      MessageAttributes: { kind: { StringValue: 'a' } },
      Attributes: { ApproximateReceiveCount: '1' },
    })
    expect(await receive()).toEqual([])
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    )
    const [second] = await receive({ MessageSystemAttributeNames: ['All'] })
    expect(second?.Attributes?.ApproximateReceiveCount).toBe('2')
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }))
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    )
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    })
  })

  test('a long poll answers as soon as a message comes, and after its time without one', async () => {
    const started = Date.now()
    const waiting = receive({ WaitTimeSeconds: 10 })
    setTimeout(() => void sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late' })), 200)
    expect((await waiting).map((m) => m.Body)).toEqual(['late'])
    expect(Date.now() - started).toBeLessThan(5_000)
    const again = Date.now()
    expect(await receive({ WaitTimeSeconds: 1 })).toEqual([])
    expect(Date.now() - again).toBeGreaterThanOrEqual(950)
  })

  test('what is received too often goes to the dead-letter queue', async () => {
    const dead = await sqs.send(new CreateQueueCommand({ QueueName: `dead-${n}` }))
    const deadArn = (
      await sqs.send(new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ['QueueArn'] }))
    ).Attributes?.QueueArn
    const poor = await sqs.send(
      new CreateQueueCommand({
        QueueName: `poor-${n}`,
        Attributes: {
          VisibilityTimeout: '0',
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 2 }),
        },
      }),
    )
    await sqs.send(new SendMessageCommand({ QueueUrl: poor.QueueUrl, MessageBody: 'poison' }))
    QueueUrl = poor.QueueUrl ?? ''
    expect([(await receive()).length, (await receive()).length, (await receive()).length]).toEqual([1, 1, 0])
    QueueUrl = dead.QueueUrl ?? ''
    expect((await receive()).map((m) => m.Body)).toEqual(['poison'])
  })

  test('refuses with the names of AWS', async () => {
    expect(await refused(sqs.send(new GetQueueUrlCommand({ QueueName: 'nobody' })))).toMatchObject({
      name: expect.stringContaining('QueueDoesNotExist'),
    })
    const twice = { Id: 'same', MessageBody: 'x' }
    expect(
      await refused(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [twice, twice] }))),
    ).toMatchObject({ name: 'BatchEntryIdsNotDistinct' })
  })
})

describe('EventBridge', () => {
  test('delivers what fits the pattern to a queue whose policy lets it in', async () => {
    await rule({
      source: [{ prefix: 'gov.' }],
      detail: { kind: ['vend', 'close'], size: [{ numeric: ['>', 3] }], note: [{ exists: false }] },
    })
    await put('gov.rankan', { kind: 'vend', size: 5 })
    await put('gov.rankan', { kind: 'vend', size: 2 })
    await put('gov.rankan', { kind: 'vend', size: 5, note: 'x' })
    await put('other', { kind: 'vend', size: 5 })
    const bodies = (await receive()).map((m) => JSON.parse(m.Body ?? '{}'))
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toMatchObject({ source: 'gov.rankan', 'detail-type': 'test', detail: { size: 5 } })
  })

  test('a queue without such a policy gets nothing', async () => {
    await rule({ source: ['gov.closed'] }, false)
    await put('gov.closed', {})
    expect(await receive()).toEqual([])
  })

  test('refuses a pattern that it cannot read', async () => {
    const bad = events.send(new PutRuleCommand({ Name: 'bad', EventPattern: '{"source":"gov"}' }))
    expect(await refused(bad)).toMatchObject({ name: 'InvalidEventPatternException' })
  })

  test('brings the lifecycle event of a new account; a drop and a duplicate on demand', async () => {
    await rule({ source: ['aws.controltower'], 'detail-type': ['AWS Service Event via CloudTrail'] })
    const catalog = catalogOf(sandbox, await rankan(sandbox))
    const ou = await ouNamed(sandbox, 'Production')
    await post(sandbox, 'faults', {
      at: 'event',
      operation: 'CreateManagedAccount',
      times: 1,
      fault: { do: 'drop' },
    })
    await settled(sandbox, catalog, (await provision(catalog, { name: 'dropped', ou })).RecordId)
    expect(await receive()).toEqual([])
    await post(sandbox, 'faults', {
      at: 'event',
      operation: 'CreateManagedAccount',
      times: 1,
      fault: { do: 'duplicate' },
    })
    await settled(sandbox, catalog, (await provision(catalog, { name: 'twice', ou })).RecordId)
    await minutes(sandbox, 1)
    const [first, second, none] = (await receive()).map((m) => JSON.parse(m.Body ?? '{}'))
    expect(none).toBeUndefined()
    expect(second).toEqual(first)
    expect(first.detail).toMatchObject({
      eventName: 'CreateManagedAccount',
      serviceEventDetails: {
        createManagedAccountStatus: {
          state: 'SUCCEEDED',
          account: { accountName: 'twice' },
          organizationalUnit: { organizationalUnitId: ou },
        },
      },
    })
  })
})
