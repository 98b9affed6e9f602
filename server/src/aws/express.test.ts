import { CreateGroupCommand, IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { HttpResponse } from '@smithy/core/protocols'
import type { HttpRequest } from '@smithy/types'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { endingWith, express } from './express.ts'

interface Reply {
  readonly status: number
  readonly body: object
  readonly headers?: Record<string, string>
}

const made: Reply = { status: 200, body: { GroupId: 'g-1', IdentityStoreId: 'd-1' } }
const throttled: Reply = { status: 400, body: { __type: 'ThrottlingException', message: 'Slow down.' } }
const taken: Reply = { status: 400, body: { __type: 'ConflictException', message: 'It exists.' } }
const broken: Reply = { status: 500, body: { __type: 'InternalServerException', message: 'Oops.' } }
const create = (name = 'a') => new CreateGroupCommand({ IdentityStoreId: 'd-1234567890', DisplayName: name })

/** A client whose n-th request gets the n-th reply; the first request is the SDK's own. */
function scripted(replies: readonly Reply[], at = new Date('2026-04-01T03:04:05Z')) {
  const requests: HttpRequest[] = []
  const turns: number[] = []
  const signals: AbortSignal[] = []
  const client = new IdentitystoreClient({
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' },
    maxAttempts: 2,
    cacheMiddleware: true,
    requestHandler: {
      async handle(request: HttpRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) {
        if (abortSignal !== undefined) signals.push(abortSignal)
        requests.push({ ...request, headers: { ...request.headers } })
        const reply = replies[requests.length - 1]
        if (reply === undefined) return new Promise<never>(() => {})
        const body = Buffer.from(JSON.stringify(reply.body))
        return {
          response: new HttpResponse({ statusCode: reply.status, headers: reply.headers ?? {}, body }),
        }
      },
    },
  })
  const clock = { now: () => at, sleep: async () => {} }
  express(client, { clock, turn: async () => void turns.push(requests.length) })
  return { client, requests, turns, signals }
}

/** What may differ between two requests of one command. */
const OF_THE_REQUEST = ['amz-sdk-invocation-id', 'amz-sdk-request', 'authorization', 'x-amz-date']

describe('express', () => {
  it('sends later calls as the SDK sent the first one', async () => {
    const { client, requests } = scripted([made, made])
    const first = await client.send(create())
    expect(await client.send(create())).toEqual({
      ...first,
      $metadata: { ...first.$metadata, attempts: undefined, totalRetryDelay: undefined },
    })
    const [usual, fast] = requests
    const plain = ({ headers, ...request }: HttpRequest) => ({
      ...request,
      body: new TextDecoder().decode(request.body),
      headers: Object.fromEntries(
        Object.entries(headers).filter(
          ([key]) => !OF_THE_REQUEST.includes(key) && key !== 'x-amz-content-sha256',
        ),
      ),
    })
    if (usual === undefined || fast === undefined) throw new Error('Two requests were sent.')
    expect(plain(fast)).toEqual(plain(usual))
    expect(fast.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20260401\/ap-northeast-1\/identitystore\/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
    )
  })

  it('tells the errors of AWS as the SDK does, and sends nothing again that would fail again', async () => {
    const { client, requests } = scripted([taken, made, taken])
    const usual = await client.send(create()).catch((error: unknown) => error)
    await client.send(create())
    const fast = await client.send(create()).catch((error: unknown) => error)
    expect(fast).toMatchObject({ name: 'ConflictException', message: 'It exists.', $fault: 'client' })
    expect((fast as Error).constructor).toBe((usual as Error).constructor)
    expect((fast as { $response: HttpResponse }).$response.statusCode).toBe(400)
    expect(requests.length).toBe(3)
  })

  it('sends again what passes, once, and waits for its turn before each attempt', async () => {
    const { client, requests, turns } = scripted([made, throttled, made, broken, throttled])
    await client.send(create())
    expect((await client.send(create())).GroupId).toBe('g-1')
    await expect(client.send(create())).rejects.toMatchObject({ name: 'ThrottlingException' })
    expect(requests.length).toBe(5)
    expect(turns).toEqual([1, 2, 3, 4])
  })

  it('ends a request with its signal, and sends it no second time', async () => {
    const { client, requests, signals } = scripted([made])
    await client.send(create())
    const end = new AbortController()
    const command = create()
    const sent = endingWith(end.signal, command, () => client.send(command))
    while (requests.length < 2) await new Promise((resolve) => setImmediate(resolve))
    end.abort(new Error('the worker stops'))
    await expect(sent).rejects.toThrow('the worker stops')
    expect(signals).toHaveLength(1)
    expect(requests.length).toBe(2)
  })

  it('leaves a refused clock to the SDK, and signs by the corrected one from then on', async () => {
    const ahead = new Date(Date.now() + 3_600_000).toUTCString()
    const skewed = {
      status: 403,
      body: { __type: 'InvalidSignatureException', message: 'Signature expired.' },
      headers: { date: ahead },
    }
    const { client, requests } = scripted([made, skewed, skewed, made, made], systemClock.now())
    await client.send(create())
    expect((await client.send(create())).GroupId).toBe('g-1')
    await client.send(create())
    const offsets = [1, 4].map((n) => dateOf(requests[n]?.headers['x-amz-date']) - Date.now())
    expect(Math.abs(offsets[0] ?? 0)).toBeLessThan(600_000)
    expect(Math.abs((offsets[1] ?? 0) - 3_600_000)).toBeLessThan(600_000)
  })
})

const dateOf = (text = '') =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
