import { AccountClient, PutAlternateContactCommand } from '@aws-sdk/client-account'
import { DescribeAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols'
import { expect, it } from 'vitest'
import { type CallHooks, instrument } from './calls.ts'
import { lean } from './lean.ts'

interface Reply {
  readonly status: number
  readonly body: object
}

/** Where the n-th call gets the n-th reply. */
function scripted(replies: readonly Reply[]) {
  const sent: HttpRequest[] = []
  const config = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x', sessionToken: 'token' },
    maxAttempts: 2,
    cacheMiddleware: true,
    requestHandler: {
      async handle(request: HttpRequest) {
        const reply = replies[sent.push(request) - 1]
        if (reply === undefined) throw new Error('One call too many.')
        const body = Buffer.from(JSON.stringify(reply.body))
        return { response: new HttpResponse({ statusCode: reply.status, headers: {}, body }) }
      },
    },
  }
  return { config, sent }
}

function organizations(replies: readonly Reply[], hooks: CallHooks = {}) {
  const { config, sent } = scripted(replies)
  const client = new OrganizationsClient(config)
  instrument(client, hooks)
  const turns: number[] = []
  lean(client, async () => void turns.push(sent.length))
  return { client, sent, turns }
}

const described: Reply = { status: 200, body: { Account: { Id: '123456789012' } } }
const describe = new DescribeAccountCommand({ AccountId: '123456789012' })
const refused = (code: string): Reply => ({ status: 400, body: { __type: code, Message: 'No.' } })

/** What differs from one call to the next, and what only the SDK's retries say. */
const PASSING = new Set(['amz-sdk-invocation-id', 'amz-sdk-request', 'x-amz-date', 'authorization'])

function essence({ method, protocol, hostname, port, path, query, body, headers }: HttpRequest) {
  const lasting = Object.entries(headers).filter(([name]) => !PASSING.has(name))
  return { method, protocol, hostname, port, path, query, body, headers: Object.fromEntries(lasting) }
}

it('sends what the SDK would send, to the same place, signed for the same service', async () => {
  const { client, sent, turns } = organizations([described, described])
  const answers = [await client.send(describe), await client.send(describe)]
  const [first, second] = sent
  expect(second && essence(second)).toEqual(first && essence(first))
  const scope = (request?: HttpRequest) =>
    /Credential=[^,]*\/(us-east-1\/organizations\/aws4_request)/.exec(
      request?.headers.authorization ?? '',
    )?.[1]
  expect([scope(first), scope(second)]).toEqual(Array(2).fill('us-east-1/organizations/aws4_request'))
  expect(second?.headers.authorization).toMatch(/SignedHeaders=content-length;content-type;host;/)
  expect(answers.map((answer) => answer.Account?.Id)).toEqual(['123456789012', '123456789012'])
  // Once, and not for the call that went the SDK's way, which `inTurn` has.
  expect(turns).toEqual([1])
})

it('sends the same where the protocol is REST', async () => {
  const { config, sent } = scripted([
    { status: 200, body: {} },
    { status: 200, body: {} },
  ])
  const client = new AccountClient(config)
  lean(client)
  const put = new PutAlternateContactCommand({
    AccountId: '123456789012',
    AlternateContactType: 'SECURITY',
    EmailAddress: 'security@example.jp',
    Name: '保全 担当',
    PhoneNumber: '+81 3 0000 0000',
    Title: '係長',
  })
  await client.send(put)
  await client.send(put)
  expect(sent[1] && essence(sent[1])).toEqual(sent[0] && essence(sent[0]))
})

it('says of an error what the SDK says', async () => {
  const { client, sent } = organizations([described, refused('AccountNotFoundException')])
  await client.send(describe)
  await expect(client.send(describe)).rejects.toMatchObject({
    kind: 'not_found',
    code: 'AccountNotFoundException',
    cause: { $metadata: { httpStatusCode: 400 }, $response: { statusCode: 400 } },
  })
  expect(sent).toHaveLength(2)
})

it('tries again what may be, as often as the client is told to', async () => {
  const { client, sent, turns } = organizations([described, refused('TooManyRequestsException'), described])
  await client.send(describe)
  expect((await client.send(describe)).Account?.Id).toBe('123456789012')
  expect(sent).toHaveLength(3)
  // Each attempt waits for its turn.
  expect(turns).toEqual([1, 2])
})

it('tells of a throttle that lasts', async () => {
  const throttled = refused('TooManyRequestsException')
  const { client, sent } = organizations([described, throttled, throttled])
  await client.send(describe)
  await expect(client.send(describe)).rejects.toMatchObject({ kind: 'throttled' })
  expect(sent).toHaveLength(3)
})

it('lets the SDK correct the clock', async () => {
  const skewed = refused('RequestTimeTooSkewed')
  const { client, sent } = organizations([described, skewed, described])
  await client.send(describe)
  expect((await client.send(describe)).Account?.Id).toBe('123456789012')
  expect(sent[2]?.headers).toHaveProperty('amz-sdk-request')
})

it('signs once more with a new session when AWS says that ours has ended', async () => {
  let forgotten = 0
  const hooks = { forgetSession: () => forgotten++ }
  const { client, sent } = organizations([described, refused('ExpiredTokenException'), described], hooks)
  await client.send(describe)
  expect((await client.send(describe)).Account?.Id).toBe('123456789012')
  expect([forgotten, sent.length]).toEqual([1, 3])
})
