import { STSClient } from '@aws-sdk/client-sts'
import { HttpResponse } from '@smithy/core/protocols'
import { expect, it } from 'vitest'
import { manualClock } from '../../kernel/clock.ts'
import { assumedRole } from './session.ts'

const HOUR = 3_600_000
const ROLE = 'arn:aws:iam::123456789012:role/RankanControlPlane'

/** STS that gives the key of the n-th session, or fails when told to. */
function sts() {
  const state = { calls: 0, failing: false }
  const client = new STSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    maxAttempts: 1,
    requestHandler: {
      async handle() {
        state.calls++
        const status = state.failing ? 500 : 200
        const body = Buffer.from(state.failing ? '<Error/>' : answer(state.calls))
        return { response: new HttpResponse({ statusCode: status, headers: {}, body }) }
      },
    },
  })
  return { client, state }
}

const answer = (n: number) =>
  `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>key-${n}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`

it('assumes the role once for many callers, and again when most of its life is over', async () => {
  const { client, state } = sts()
  const clock = manualClock(new Date('2026-04-01T00:00:00Z'))
  const session = assumedRole(client, ROLE, clock)
  const keys = await Promise.all([1, 2, 3].map(() => session.provider()))
  expect(new Set(keys.map((k) => k.accessKeyId))).toEqual(new Set(['key-1']))
  clock.advance(0.7 * HOUR)
  expect((await session.provider()).accessKeyId).toBe('key-1')
  clock.advance(0.1 * HOUR)
  expect((await session.provider()).accessKeyId).toBe('key-2')
  expect(state.calls).toBe(2)
})

it('asks again after it was told to forget, and after a failure', async () => {
  const { client, state } = sts()
  const session = assumedRole(client, ROLE, manualClock(new Date('2026-04-01T00:00:00Z')))
  await session.provider()
  session.forget()
  state.failing = true
  await expect(session.provider()).rejects.toThrow()
  state.failing = false
  expect((await session.provider()).accessKeyId).toBe('key-3')
})
