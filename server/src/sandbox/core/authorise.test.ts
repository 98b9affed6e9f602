import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { like, matches, type PolicyLayers, refusal, type Statement, trusts } from './authorise.ts'

const principalArn = 'arn:aws:sts::111122223333:assumed-role/R/s'
const request = (action: string, resource = '*', context = {}) => ({
  principalArn,
  action,
  resource,
  context,
})
const layers = (identity: Statement[], more: Partial<PolicyLayers> = {}): PolicyLayers => ({
  identity,
  boundary: null,
  session: null,
  scps: null,
  ...more,
})
const allow = (Action: string | string[], Resource: string | string[] = '*'): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
})
const deny = (Action: string | string[], Resource: string | string[] = '*'): Statement => ({
  Effect: 'Deny',
  Action,
  Resource,
})

describe('the matrix', () => {
  const cases: [name: string, PolicyLayers, action: string, resource: string, part: string | null][] = [
    [
      'nothing allows',
      layers([]),
      'iam:GetRole',
      '*',
      'because no identity-based policy allows the iam:GetRole action',
    ],
    ['exact action', layers([allow('iam:GetRole')]), 'iam:GetRole', '*', null],
    ['actions ignore case', layers([allow('IAM:getrole')]), 'iam:GetRole', '*', null],
    ['prefix', layers([allow('iam:Get*')]), 'iam:GetRole', '*', null],
    ['prefix of another', layers([allow('iam:Get*')]), 'iam:ListRoles', '*', 'no identity-based policy'],
    ['question mark', layers([allow('iam:GetRol?')]), 'iam:GetRole', '*', null],
    [
      'explicit deny wins',
      layers([allow('*'), deny('iam:*')]),
      'iam:GetRole',
      '*',
      'with an explicit deny in an identity-based policy',
    ],
    [
      'NotAction',
      layers([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
      'iam:GetRole',
      '*',
      'no identity-based policy',
    ],
    [
      'NotAction allows others',
      layers([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
      'sqs:SendMessage',
      '*',
      null,
    ],
    [
      'resource fits',
      layers([allow('*', 'arn:aws:iam::*:role/R*')]),
      'sts:AssumeRole',
      'arn:aws:iam::1:role/Rx',
      null,
    ],
    [
      'resource does not fit',
      layers([allow('*', 'arn:aws:iam::*:role/R')]),
      'sts:AssumeRole',
      'arn:aws:iam::1:role/Q',
      'on resource: arn:aws:iam::1:role/Q',
    ],
    [
      'NotResource',
      layers([allow('*'), { Effect: 'Deny', Action: '*', NotResource: 'arn:a*' }]),
      'a:B',
      'arn:b',
      'explicit deny',
    ],
    ['root has no identity layer', { ...layers([]), identity: null }, 'iam:GetRole', '*', null],
    [
      'boundary narrows',
      layers([allow('*')], { boundary: [allow('sqs:*')] }),
      'iam:GetRole',
      '*',
      'no permissions boundary allows',
    ],
    [
      'session narrows',
      layers([allow('*')], { session: [allow('sqs:*')] }),
      'iam:GetRole',
      '*',
      'no session policy allows',
    ],
    [
      'every SCP level must allow',
      layers([allow('*')], { scps: [[allow('*')], []] }),
      'iam:GetRole',
      '*',
      'no service control policy allows',
    ],
    [
      'an SCP alone grants nothing',
      layers([], { scps: [[allow('*')]] }),
      'iam:GetRole',
      '*',
      'no identity-based policy',
    ],
    [
      'an SCP denies even root',
      { ...layers([], { scps: [[allow('*'), deny('iam:*')]] }), identity: null },
      'iam:GetRole',
      '*',
      'explicit deny in a service control policy',
    ],
  ]
  test.each(cases)('%s', (_, given, action, resource, part) => {
    const why = refusal(request(action, resource), given)
    if (part === null) expect(why).toBeNull()
    else expect(why).toContain(part)
  })
})

const anyStatement = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  Action: fc.constantFrom('*', 'a:*', 'a:B', 'b:C', 'a:?'),
  Resource: fc.constantFrom('*', 'r*', 'r1'),
})
const anyRequest = fc.record({
  action: fc.constantFrom('a:B', 'a:C', 'b:C'),
  resource: fc.constantFrom('*', 'r1', 'q'),
})

test('deny_trumps_allow: a matching Deny anywhere refuses', () => {
  fc.assert(
    fc.property(
      fc.array(anyStatement),
      fc.array(anyStatement),
      anyRequest,
      (identity, scp, { action, resource }) => {
        const r = request(action, resource)
        const denied = [...identity, ...scp].some((s) => s.Effect === 'Deny' && matches(s, r))
        if (denied) expect(refusal(r, layers(identity, { scps: [scp] }))).not.toBeNull()
      },
    ),
  )
})

test('no_allow_no_access: without a matching Allow in the identity policy nothing passes', () => {
  fc.assert(
    fc.property(fc.array(anyStatement), anyRequest, (identity, { action, resource }) => {
      const r = request(action, resource)
      const allowed =
        identity.some((s) => s.Effect === 'Allow' && matches(s, r)) &&
        !identity.some((s) => s.Effect === 'Deny' && matches(s, r))
      expect(refusal(r, layers(identity)) === null).toBe(allowed)
    }),
  )
})

test('a pattern is its wildcards and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(like(text.replace(/[*?]/g, ''), text.replace(/[*?]/g, ''))).toBe(true)
    }),
  )
  expect(like('a.c', 'abc')).toBe(false)
  expect(like('a*c', 'a/b/c')).toBe(true)
})

describe('conditions', () => {
  const when = (Condition: Statement['Condition']) => layers([{ ...allow('*'), Condition }])
  const context = {
    'aws:requestedregion': ['ap-northeast-1'],
    'aws:principalarn': ['arn:aws:iam::1:role/admin/X'],
  }
  const cases: [Statement['Condition'], boolean][] = [
    [{ StringEquals: { 'aws:RequestedRegion': ['ap-northeast-1', 'ap-northeast-3'] } }, true],
    [{ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }, false],
    [{ StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } }, true],
    [{ StringEquals: { 'aws:Missing': 'x' } }, false],
    [{ StringEqualsIfExists: { 'aws:Missing': 'x' } }, true],
    [{ StringNotEquals: { 'aws:Missing': 'x' } }, true],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin/*' } }, true],
    [{ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin/*' } }, false],
    [{ Null: { 'aws:Missing': 'true' } }, true],
    [{ Null: { 'aws:RequestedRegion': 'true' } }, false],
    [{ StringLike: { 'aws:RequestedRegion': 'ap-*' }, Null: { 'aws:Missing': 'false' } }, false],
    [{ UnknownOperator: { 'aws:RequestedRegion': 'x' } }, false],
  ]
  test.each(cases)('%j is %s', (condition, holds) => {
    expect(refusal(request('a:B', '*', context), when(condition)) === null).toBe(holds)
  })
})

test('a trust policy names accounts, users and roles', () => {
  const who = {
    ...request('sts:AssumeRole'),
    accountId: '111122223333',
    roleArn: 'arn:aws:iam::111122223333:role/R',
  }
  const by = (AWS: string): Statement[] => [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }]
  for (const principal of [
    '*',
    '111122223333',
    'arn:aws:iam::111122223333:root',
    'arn:aws:iam::111122223333:role/R',
    principalArn,
  ])
    expect(trusts(by(principal), who)).toBe(true)
  for (const principal of [
    '444455556666',
    'arn:aws:iam::111122223333:role/Q',
    'arn:aws:iam::444455556666:root',
  ])
    expect(trusts(by(principal), who)).toBe(false)
  expect(trusts([...by('*'), { Effect: 'Deny', Principal: '*', Action: '*' }], who)).toBe(false)
})
