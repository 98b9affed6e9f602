import { describe, expect, it } from 'vitest'
import type { RankanError } from '../../kernel/errors.ts'
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

  it('is refused when a key has no prefix, as no condition asks for it', () => {
    expect(issues({ context: { SourceIp: '10.0.0.1' } })).toMatchObject({
      error: { issues: [{ path: 'context.SourceIp', code: 'bad_context_key' }] },
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

describe('levels', () => {
  const all = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
  const asked = (scps: unknown) => ask(REQUEST, { identity: all, scps })
  const refused = (scps: unknown) => {
    try {
      return asked(scps)
    } catch (error) {
      return (error as RankanError).issues.map(({ path, code }) => [path.join('.'), code])
    }
  }

  it.each([
    ['by target', [{ target: 'r-abcd', policies: [all] }]],
    ['with notes', [{ name: 'Root', comment: 'ours', policies: [all] }]],
    ['with one document', [{ target: 'r-abcd', policies: all }]],
    ['with and without a target', [{ target: 'r-abcd', policies: [all] }, [all]]],
    ['of none', []],
    ['of one document', all],
  ])('are read %s', (_, scps) => {
    expect(asked(scps)).toMatchObject({ verdict: 'allowed' })
  })

  it('are refused with what is missing', () => {
    expect(refused([{ target: 'r-abcd' }])).toEqual([['scps.0.policies', 'no_policies']])
    expect(refused([{ target: 'r-abcd', policies: null }])).toEqual([['scps.0.policies', 'no_policies']])
    expect(refused([[all], all])).toEqual([['scps.1', 'not_a_level']])
    expect(refused({ root: [all], account: [all] })).toEqual([['scps', 'not_levels']])
    expect(refused([{ target: 'r-abcd', policy: [all], policies: [] }])).toEqual([
      ['scps.0.policy', 'unknown_field'],
    ])
  })

  it('may stand in a set with notes', () => {
    expect(ask(REQUEST, { name: 'A', comment: 'ours', identity: all, scps: [[all]] })).toMatchObject({
      verdict: 'allowed',
    })
  })
})

describe('a file of requests', () => {
  const all = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
  const answers = (file: unknown, policies?: unknown) => evaluateJson(file, policies, { explain: false })
  const allowed = [{ verdict: 'allowed' }]

  it('may hold the policies of all its requests', () => {
    const file = { requests: [REQUEST], policies: { identity: all } }
    expect(answers(file)).toMatchObject(allowed)
    expect(() => answers(file, { identity: all })).toThrow(/Leave one of them out/)
    expect(
      answers({ requests: [{ ...REQUEST, policies: { identity: [] } }], policies: { identity: all } }),
    ).toMatchObject([{ verdict: 'denied' }])
    expect(() => answers({ requests: [REQUEST], policie: { identity: all } })).toThrow(
      expect.objectContaining({
        issues: [expect.objectContaining({ path: ['policie'], code: 'unknown_field' })],
      }),
    )
  })

  it('may have each request beside its policies and what somebody notes', () => {
    const one = { id: 'x', request: REQUEST, policies: { identity: all }, expect: 'allowed', comment: 'c' }
    for (const file of [one, [one], { cases: [one] }])
      expect(answers(file)).toMatchObject([{ id: 'x', ...allowed[0] }])
  })

  it('reads `null` as not given', () => {
    const request = { ...REQUEST, context: null, policies: null }
    expect(answers([request], { identity: all, scps: null, rcps: null, boundary: null })).toMatchObject(
      allowed,
    )
  })

  it("takes context keys as AWS's simulator does", () => {
    const policies = allowIf({ StringEquals: { 'aws:RequestTag/team': 'red' } })
    const context = [
      { ContextKeyName: 'aws:RequestTag/team', ContextKeyValues: ['red'], ContextKeyType: 'string' },
    ]
    expect(answers([{ ...REQUEST, context }], policies)).toMatchObject(allowed)
    const twice = [...context, { ContextKeyName: 'AWS:RequestTag/Team', ContextKeyValues: ['blue'] }]
    expect(answers([{ ...REQUEST, context: twice }], policies)).toMatchObject([
      { error: { issues: [{ path: 'context.1', code: 'same_key_twice' }] } },
    ])
  })

  it('names the item of a list that is no value', () => {
    const context = {
      'aws:TagKeys': ['a', ['b']],
      'a:b': [null],
      'c:d': { x: 1 },
      'e:f': [],
      'g:h': [1, true],
    }
    expect(answers([{ ...REQUEST, context }], { identity: all })).toMatchObject([
      {
        error: {
          issues: [
            { path: 'context.aws:TagKeys.1', message: expect.stringContaining('is a list') },
            { path: 'context.a:b.0', message: expect.stringContaining('is `null`') },
            { path: 'context.c:d' },
          ],
        },
      },
    ])
  })

  it('asks for the kind of policies that stand without it, and for the document of a statement', () => {
    for (const policies of [all, [all], JSON.stringify(all)])
      expect(answers([{ ...REQUEST, policies }])).toMatchObject([
        { error: { issues: [{ code: 'kind_not_told' }] } },
      ])
    expect(answers([{ ...REQUEST, policies: { identity: all.Statement } }])).toMatchObject([
      {
        error: {
          issues: [
            { path: 'identity', message: expect.stringContaining('a statement without its document') },
          ],
        },
      },
    ])
  })
})
