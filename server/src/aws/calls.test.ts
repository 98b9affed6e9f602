import { DescribeAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { HttpResponse } from '@smithy/core/protocols'
import { expect, it } from 'vitest'
import { type AwsCall, instrument, inTurn } from './calls.ts'
import { iamActionOf } from './iam.ts'

/** A client whose n-th call gets the n-th reply. */
function scripted(replies: readonly { status: number; body: object }[], maxAttempts = 1) {
  let n = 0
  const client = new OrganizationsClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    maxAttempts,
    requestHandler: {
      async handle() {
        const reply = replies[n++]
        if (reply === undefined) throw new Error('One call too many.')
        const body = Buffer.from(JSON.stringify(reply.body))
        return { response: new HttpResponse({ statusCode: reply.status, headers: {}, body }) }
      },
    },
  })
  return { client, sent: () => n }
}

const expired = { status: 400, body: { __type: 'ExpiredTokenException', message: 'The session has ended.' } }
const described = { status: 200, body: { Account: { Id: '123456789012' } } }
const describe = new DescribeAccountCommand({ AccountId: '123456789012' })

it('signs once more with a new session when AWS says that ours has ended', async () => {
  const { client, sent } = scripted([expired, described])
  let forgotten = 0
  instrument(client, { forgetSession: () => forgotten++ })
  expect((await client.send(describe)).Account?.Id).toBe('123456789012')
  expect([forgotten, sent()]).toEqual([1, 2])
})

it('does not try a third time, and says that it was denied', async () => {
  const { client, sent } = scripted([expired, expired])
  instrument(client, { forgetSession: () => undefined })
  await expect(client.send(describe)).rejects.toMatchObject({ kind: 'denied', code: 'ExpiredTokenException' })
  expect(sent()).toBe(2)
})

it('reports each call with the IAM action that AWS checks', async () => {
  const { client } = scripted([described])
  const calls: AwsCall[] = []
  instrument(client, { onCall: (call) => calls.push(call) })
  await client.send(describe)
  expect(calls).toEqual([
    { client: 'OrganizationsClient', command: 'DescribeAccount', iamAction: 'organizations:DescribeAccount' },
  ])
})

it('knows the IAM actions that have another name than their operation', () => {
  expect(iamActionOf('BudgetsClient', 'UpdateBudget')).toBe('budgets:ModifyBudget')
  expect(iamActionOf('SQSClient', 'DeleteMessageBatch')).toBe('sqs:DeleteMessage')
  expect(iamActionOf('SSOAdminClient', 'ListInstances')).toBe('sso:ListInstances')
})

it('waits for a turn before each attempt, what the SDK sends again too, and signs after it', async () => {
  const throttled = { status: 400, body: { __type: 'TooManyRequestsException', message: 'Slow down.' } }
  const { client, sent } = scripted([throttled, described], 2)
  const turns: number[] = []
  inTurn(client, async () => void turns.push(sent()))
  await client.send(describe)
  expect(turns).toEqual([0, 1])
  const names = client.middlewareStack.identify().map((name) => name.split(/[ :]/)[0])
  const order = ['retryMiddleware', 'rankanTurn', 'httpSigningMiddleware'].map((name) => names.indexOf(name))
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(order).not.toContain(-1)
})
