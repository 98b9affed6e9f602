import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyKind } from '../policies.ts'
import { parsePolicy } from './policy.ts'
import { MEANING_IS_PLAIN } from './problem.ts'

const statement = { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' }
const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements })
const codesOf = (source: string | object, kind: PolicyKind = 'scp') =>
  parsePolicy(source, kind).problems.map(({ code, path }) => `${code} ${path}`)

describe('parsePolicy', () => {
  it('takes single values for lists, a single statement, and keys and operators in any case', () => {
    const { policy: parsed, problems } = parsePolicy(
      {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Deny',
          NotAction: 'IAM:Get*',
          NotResource: 'arn:aws:iam::*:role/Admin',
          Condition: {
            'forAnyValue:Stringlike': { 'AWS:PrincipalORGID': 'o-1' },
            BOOLIFEXISTS: { 'aws:ViaAWSService': false },
          },
        },
      },
      'scp',
    )
    expect(problems).toEqual([])
    expect(parsed?.statements[0]).toMatchObject({
      effect: 'Deny',
      action: { negated: true, patterns: ['IAM:Get*'] },
      resource: { negated: true, patterns: ['arn:aws:iam::*:role/Admin'] },
      conditions: [
        { operator: { name: 'StringLike', set: 'ForAnyValue', ifExists: false }, values: ['o-1'] },
        { operator: { name: 'Bool', set: null, ifExists: true }, values: ['false'] },
      ],
    })
  })

  it('takes the full language in SCPs: NotAction with Allow, NotResource, conditions on Allow, wildcards anywhere', () => {
    const source = policy(
      {
        Effect: 'Allow',
        NotAction: ['iam:*User*', 'ec2:Describe?pcs'],
        Resource: 'arn:aws:s3:::a',
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      },
      { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b/*' },
    )
    expect(parsePolicy(source, 'scp')).toMatchObject({ policy: { kind: 'scp' }, problems: [] })
  })

  it('refuses wildcards in the prefix of a service, as IAM does, but takes `*:*` for everything', () => {
    const codes = (Action: string) => codesOf(policy({ Effect: 'Allow', Action, Resource: '*' }), 'identity')
    const refused = ['*:Untag*', 'dynamodb*:TagResource', 's?:Get*', '*:GetObject']
    expect(refused.map(codes)).toEqual(refused.map(() => ['service_wildcard $.Statement[0].Action']))
    expect(['*:*', '*', 's3:*'].map(codes)).toEqual([[], [], []])
    const tolerant = parsePolicy(policy({ Effect: 'Allow', Action: '*:Untag*', Resource: '*' }), 'identity', {
      tolerate: MEANING_IS_PLAIN,
    })
    expect(tolerant.policy?.statements[0]?.action.patterns).toEqual(['*:Untag*'])
  })

  it('says where and what to do', () => {
    const text = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "deny", "Action": "GetObject", "Resource": "my-bucket" },
    { "Efect": "Allow", "Action": "s3:*", "Resource": "*",
      "Condition": { "StringEqual": { "aws:SourceIp": "x" }, "IpAddress": { "aws:SourceIp": "10.0.0.0/33" } } }
  ]
}`
    const problems = parsePolicy(text, 'identity').problems.map(({ code, line, column, hint }) => [
      code,
      line,
      column,
      hint,
    ])
    expect(problems).toEqual([
      ['bad_effect', 4, 17, 'Write `Allow` or `Deny`, with a capital letter.'],
      ['bad_action', 4, 35, 'Write `service:GetObject`, or `*` for everything.'],
      ['bad_resource', 4, 60, 'An ARN begins with `arn:`: `arn:aws:s3:::bucket/*`.'],
      ['unknown_element', 5, 7, 'Did you mean `Effect`?'],
      ['unknown_operator', 6, 22, 'Did you mean `StringEquals`?'],
      ['bad_condition_value', 6, 93, 'Write `203.0.113.0/24` or `2001:db8::/32`.'],
    ])
  })

  it.each<[string, PolicyKind, object, string]>([
    ['a principal in an SCP', 'scp', { ...statement, Principal: '*' }, 'principal_forbidden'],
    ['no principal in a resource policy', 'resource', statement, 'no_principal'],
    ['a resource in a trust policy', 'trust', { ...statement, Principal: '*' }, 'resource_forbidden'],
    [
      'NotPrincipal in a trust policy',
      'trust',
      { Effect: 'Deny', Action: 'sts:AssumeRole', NotPrincipal: { AWS: '111122223333' } },
      'not_principal_forbidden',
    ],
    [
      'an action that a trust policy cannot have',
      'trust',
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 's3:GetObject'],
        Principal: { Service: 'ec2.amazonaws.com' },
      },
      'bad_action',
    ],
    [
      'a group as a principal',
      'resource',
      { ...statement, Principal: { AWS: 'arn:aws:iam::111122223333:group/admins' } },
      'bad_principal',
    ],
    [
      'a resource as a principal',
      'resource',
      { ...statement, Principal: { AWS: 'arn:aws:s3:::bucket' } },
      'bad_principal',
    ],
    ['an empty list of principals', 'resource', { ...statement, Principal: { AWS: [] } }, 'no_values'],
    [
      'a day that no month has',
      'identity',
      { ...statement, Condition: { DateLessThan: { 'aws:CurrentTime': '2026-02-30T00:00:00Z' } } },
      'bad_condition_value',
    ],
    ['both Action and NotAction', 'scp', { ...statement, NotAction: 's3:*' }, 'both_elements'],
    [
      'a wildcard inside a principal',
      'resource',
      { ...statement, Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } },
      'bad_principal',
    ],
    [
      'NotAction in an RCP',
      'rcp',
      { Effect: 'Deny', Principal: '*', NotAction: 's3:*', Resource: '*' },
      'not_action_forbidden',
    ],
    [
      'Allow in an RCP',
      'rcp',
      { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' },
      'rcp_allow',
    ],
    [
      'bare * in an RCP',
      'rcp',
      { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' },
      'rcp_all_actions',
    ],
    [
      'an unsupported service in an RCP',
      'rcp',
      { Effect: 'Deny', Principal: '*', Action: 'ec2:*', Resource: '*' },
      'rcp_unsupported_service',
    ],
    [
      'a named principal in an RCP',
      'rcp',
      { Effect: 'Deny', Principal: { AWS: '111122223333' }, Action: 's3:*', Resource: '*' },
      'principal_not_everyone',
    ],
    [
      'a variable for a number',
      'identity',
      { ...statement, Condition: { NumericEquals: { 's3:max-keys': '$'.concat('{aws:username}') } } },
      'bad_condition_value',
    ],
    [
      'NullIfExists',
      'identity',
      { ...statement, Condition: { NullIfExists: { 'aws:username': 'true' } } },
      'unknown_operator',
    ],
  ])('finds %s', (_, kind, wrong, code) => {
    expect(codesOf(policy(wrong), kind).map((c) => c.split(' ')[0])).toEqual([code])
  })

  it('reads a misspelt element as what was meant, and does not miss it as well', () => {
    expect(
      codesOf({
        version: '2012-10-17',
        statements: [{ effect: 'Deny', Actions: 's3:*', resources: '*', Condition: {} }],
      }),
    ).toEqual([
      'unknown_element $.version',
      'unknown_element $.statements',
      'unknown_element $.statements[0].effect',
      'unknown_element $.statements[0].Actions',
      'unknown_element $.statements[0].resources',
    ])
    expect(codesOf(policy({ Deny: statement }))).toEqual(['unknown_element $.Statement[0].Deny'])
    expect(codesOf(policy({ ...statement, Action: 1, Resource: { Ref: 'Bucket' } }))).toEqual([
      'not_text $.Statement[0].Action',
      'not_text $.Statement[0].Resource',
    ])
  })

  it.each([
    ['s3/GetObject', 'Write `s3:GetObject`.'],
    ['s3.GetObject', 'Write `s3:GetObject`.'],
    ['s3: GetObject', 'Write `s3:GetObject`.'],
    ['s3:GetObject, s3:PutObject', 'Write each by itself: `["s3:GetObject", "s3:PutObject"]`.'],
    ['arn:aws:s3:::bucket', 'That belongs into `Resource`; an action is `s3:GetObject`.'],
    ['s3', 'If it is the service, write `s3:*`; if it is the action, `service:s3`.'],
  ])('says what to write for the action %s', (Action, hint) => {
    const { problems } = parsePolicy(policy({ ...statement, Action }), 'scp')
    expect(problems.map((one) => one.hint)).toEqual([hint])
  })

  it.each([
    ['ForAllValue:StringEquals', 'Did you mean `ForAllValues:StringEquals`?'],
    [
      'aws:RequestedRegion',
      'The operator stands outside and the key inside: `{"StringEquals": {"aws:RequestedRegion": …}}`.',
    ],
  ])('says what to write for the operator %s', (operator, hint) => {
    const wrong = { ...statement, Condition: { [operator]: { 'aws:TagKeys': 'x' } } }
    expect(parsePolicy(policy(wrong), 'scp').problems.map((one) => one.hint)).toEqual([hint])
  })

  it('says one thing of NotPrincipal in an RCP', () => {
    const wrong = { ...statement, NotPrincipal: { AWS: '111122223333' } }
    expect(codesOf(policy(wrong), 'rcp')).toEqual(['not_principal_forbidden $.Statement[0].NotPrincipal'])
  })

  it('takes RCPFullAWSAccess as it is', () => {
    const full = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }
    expect(parsePolicy(policy(full), 'rcp').problems).toEqual([])
  })

  it('reads a missing Version as 2008-10-17, which knows no variables', () => {
    expect(parsePolicy({ Statement: statement }, 'identity').policy?.version).toBe('2008-10-17')
  })

  it('never throws, whatever JSON comes, and gives no policy with an error', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom<PolicyKind>('scp', 'rcp', 'resource', 'trust', 'identity'),
        (value, kind) => {
          for (const source of [
            { Version: '2012-10-17', Statement: value },
            {
              Statement: [
                { Effect: 'Deny', Action: value, Resource: value, Condition: value, Principal: value },
              ],
            },
          ]) {
            const { policy: parsed, problems } = parsePolicy(source, kind)
            expect(parsed === null).toBe(problems.some(({ severity }) => severity === 'error'))
          }
        },
      ),
      { seed: 3, numRuns: 300 },
    )
  })
})
