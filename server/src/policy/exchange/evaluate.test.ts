import { describe, expect, it } from 'vitest'
import { evaluateJson } from './evaluate.ts'

const REQUEST = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::docs/a',
  principal: 'arn:aws:iam::111122223333:user/alice',
}
const allowIf = (Condition: object) => ({
  identity: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition } },
})
const ask = (request: object, policies: object) => evaluateJson(request, policies, { explain: false })[0]

describe('what a request does not say', () => {
  const notFromHome = allowIf({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })

  it('is taken as absent, and the answer tells where the verdict rests on that', () => {
    expect(ask(REQUEST, notFromHome)).toMatchObject({ verdict: 'allowed', takenAsAbsent: ['aws:sourceip'] })
  })

  it('does not count where the verdict is the same', () => {
    const context = { 'aws:SourceIp': '203.0.113.7' }
    expect(ask({ ...REQUEST, context }, notFromHome)).toMatchObject({ verdict: 'denied', takenAsAbsent: [] })
    const both = allowIf({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      StringEquals: { 'aws:username': 'bob' },
    })
    expect(ask(REQUEST, both)).toMatchObject({ verdict: 'denied', takenAsAbsent: [] })
  })

  it('is nothing new where the request says how to read it', () => {
    expect(ask({ ...REQUEST, unlisted: 'absent' }, notFromHome)).toMatchObject({
      verdict: 'allowed',
      takenAsAbsent: [],
    })
    expect(ask({ ...REQUEST, unlisted: 'unknown' }, notFromHome)).toMatchObject({
      verdict: 'unknown',
      missing: [{ what: 'context', key: 'aws:sourceip' }],
      takenAsAbsent: [],
    })
  })

  it('is unknown for keys that every request has, unless the request says that all the others are absent', () => {
    const inTokyo = allowIf({ StringEquals: { 'aws:RequestedRegion': 'ap-northeast-1' } })
    expect(ask(REQUEST, inTokyo)).toMatchObject({ verdict: 'unknown', takenAsAbsent: [] })
    expect(ask({ ...REQUEST, unlisted: 'absent' }, inTokyo)).toMatchObject({ verdict: 'denied' })
  })
})

describe('a request that contradicts itself', () => {
  const issues = (request: object) => ask({ ...REQUEST, ...request }, { identity: [] })

  it('is refused when a key is there twice in another case', () => {
    expect(issues({ context: { 'aws:SourceIp': '10.0.0.1', 'AWS:sourceip': '10.0.0.2' } })).toMatchObject({
      error: { issues: [{ path: 'context.AWS:sourceip', code: 'same_key_twice' }] },
    })
  })

  it('is refused when account and ARN of the principal differ, or the account is none', () => {
    const principal = { arn: REQUEST.principal, account: '444455556666' }
    expect(issues({ principal })).toMatchObject({
      error: { issues: [{ path: 'principal.account', code: 'bad_account' }] },
    })
    expect(issues({ principal: { type: 'user', account: '12' } })).toMatchObject({
      error: { issues: [{ path: 'principal.account', code: 'bad_account' }] },
    })
  })

  it('is refused when a number has lost digits, or stands for an account', () => {
    expect(issues({ context: { 's3:max-keys': JSON.parse('12345678901234567890') } })).toMatchObject({
      error: { issues: [{ path: 'context.s3:max-keys', code: 'bad_context' }] },
    })
    expect(issues({ principal: 111122223333 })).toMatchObject({
      error: { issues: [{ path: 'principal', code: 'bad_principal' }] },
    })
  })
})

describe('what no policy is', () => {
  const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)

  it('is refused, however deep it is, and the other requests are answered', () => {
    const policies = { resource: { Version: '2012-10-17', Statement: deep } }
    expect(evaluateJson([{ ...REQUEST, policies }, REQUEST], undefined, { explain: false })).toMatchObject([
      { error: { code: 'too_deep' } },
      { verdict: 'denied' },
    ])
    expect(() => ask(REQUEST, policies)).toThrow('deeper')
  })

  it('is refused when a kind of policy is there under both of its names', () => {
    expect(() => ask(REQUEST, { identity: [], identityPolicies: [] })).toThrow('1 fault')
  })
})
