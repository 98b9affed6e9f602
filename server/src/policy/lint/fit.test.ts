import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchCodes, patternCodes } from '../compile/glob.ts'
import { testFacts } from '../testing/facts.ts'
import { linter } from '../testing/lint.ts'
import { meet } from './resource-fit.ts'

const { facts } = testFacts((file) =>
  JSON.parse(readFileSync(new URL(`../../../data/iam/generated/${file}`, import.meta.url), 'utf8')),
)

const { lint, codes } = linter(facts)

const allow = (Action: string | readonly string[], Condition: object, Resource = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
})

describe('conditions and what they speak of', () => {
  it('finds a key that no action of the statement has, and says what the condition then does', () => {
    const type = { 'ec2:InstanceType': 't3.micro' }
    const message = (condition: object) => lint(allow('ec2:CreateTags', condition))[0]?.message
    expect(codes(allow(['ec2:RunInstances', 'ec2:CreateKeyPair'], { StringEquals: type }))).toEqual([])
    expect(lint(allow('s3:GetObject', { StringEquals: type }))).toMatchObject([
      { code: 'key_not_of_actions', hint: expect.stringContaining('`ec2:') },
    ])
    const key = { 'kms:ViaService': 'x' }
    expect(message({ StringEquals: key })).toContain('never holds')
    expect(message({ StringNotEquals: key })).toContain('always holds')
    expect(message({ StringEqualsIfExists: key })).toContain('always holds')
    expect(message({ Null: { 'kms:ViaService': 'true' } })).toContain('always holds')
  })

  it('judges tags of resources only beside other services: the reference lists them for too few actions', () => {
    const tag = (key: string) =>
      codes(allow(['ec2:StartInstances', 's3:*'], { StringNotEquals: { [key]: 'prod' } }))
    expect(tag('iam:ResourceTag/status')).toEqual(['key_not_of_actions'])
    expect(tag('ec2:ResourceTag/status')).toEqual([])
    expect(tag('aws:ResourceTag/status')).toEqual([])
    expect(codes(allow('sts:AssumeRole', { StringEquals: { 'iam:ResourceTag/status': 'prod' } }))).toEqual([])
    expect(codes(allow('iam:ListUsers', { StringNotEquals: { 'iam:ResourceTag/status': 'prod' } }))).toEqual(
      [],
    )
  })

  it.each([
    ['every action', allow('*', { StringEquals: { 'kms:ViaService': 'x' } })],
    [
      'an action whose resource type has them (RDS User Guide, Example policies: Using condition keys)',
      allow('rds:CreateDBInstance', { Bool: { 'rds:StorageEncrypted': 'false', 'rds:MultiAz': 'false' } }),
    ],
    ['every action in its longer spelling', allow('*:*', { StringEquals: { 'kms:ViaService': 'x' } })],
    ['NotAction', { ...allow([], {}), Effect: 'Deny', Action: undefined, NotAction: 'iam:*' }],
    [
      'a global key named after a service',
      allow('s3:GetObject', { ArnLike: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:*:*:function:x' } }),
    ],
    [
      'keys of access points',
      allow('s3:GetObject', { StringEquals: { 's3:DataAccessPointAccount': '111122223333' } }),
    ],
  ])('does not judge keys beside %s', (_, statement) => {
    expect(codes(JSON.parse(JSON.stringify(statement)))).toEqual([])
  })

  it.each([
    [{ StringEquals: { 'aws:SecureTransport': 'true' } }, 'operator_type'],
    [{ IpAddress: { 'aws:CurrentTime': '10.0.0.0/8' } }, 'operator_type'],
    [{ NumericLessThan: { 'aws:PrincipalArn': '3' } }, 'operator_type'],
    [{ StringLike: { 'aws:SourceIp': '10.*' } }, 'operator_type'],
    [{ DateGreaterThan: { 'aws:MultiFactorAuthAge': '2026-01-01T00:00:00Z' } }, 'operator_type'],
    [{ StringEquals: { 'aws:CalledVia': 'athena.amazonaws.com' } }, 'no_set_operator'],
    [{ StringNotEquals: { 'aws:Ec2InstanceSourcePrivateIPv4': '10.0.0.1' } }, 'operator_type'],
    [{ StringNotEquals: { 'aws:Ec2InstanceSourcePrivateIPv4': '$'.concat('{aws:VpcSourceIp}') } }, undefined],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, undefined],
    [{ NumericLessThan: { 'aws:EpochTime': '1800000000' } }, undefined],
    [{ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } }, undefined],
    [{ Null: { 'aws:SecureTransport': 'false' } }, undefined],
    [{ 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } }, undefined],
  ])('compares operators with the types of keys: %j', (condition, code) => {
    expect(codes({ ...allow('s3:GetObject', condition), Effect: 'Deny' })).toEqual(
      code === undefined ? [] : [code],
    )
  })
})

describe('resources and actions', () => {
  const at = (Action: string | readonly string[], Resource: string | readonly string[]) =>
    codes({ Effect: 'Allow', Action, Resource })

  it('finds resources of another service or type, and actions without theirs', () => {
    expect(at('s3:GetObject', 'arn:aws:s3:::bucket')).toEqual(['resource_not_of_actions'])
    expect(at(['s3:GetObject', 's3:ListBucket'], 'arn:aws:s3:::bucket/*')).toEqual([
      'action_without_its_resource',
    ])
    expect(at('sqs:SendMessage', ['arn:aws:sqs:*:*:q', 'arn:aws:sns:*:*:t'])).toEqual([
      'resource_not_of_actions',
    ])
    expect(at('lambda:InvokeFunction', 'arn:aws:iam::111122223333:role/x')).toEqual([
      'resource_not_of_actions',
    ])
  })

  it('lets pass what may be meant', () => {
    expect(at(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'])).toEqual([])
    expect(at('s3:GetObject', 'arn:aws:s3:::$'.concat('{aws:username}*'))).toEqual([])
    expect(at('s3:ListAllMyBuckets', 'arn:aws:s3:::*')).toEqual([])
    expect(at(['*'], 'arn:aws:s3:::b')).toEqual([])
    expect(at('iam:PassRole', 'arn:*:iam::*:role/a/*')).toEqual([])
    // The last star of a part reaches over colons (IAM User Guide, Resource).
    expect(at('sqs:SendMessage', 'arn:aws:sqs:*')).toEqual([])
    expect(at('lambda:InvokeFunction', 'arn:aws:lambda:*:*:hello')).toEqual([])
  })

  it('knows that an action without resources has none of another service, and in EC2 none but `*`', () => {
    const found = ['resource_not_of_actions']
    expect(at('s3:ListAllMyBuckets', 'arn:aws:iam::111122223333:role/x')).toEqual(found)
    expect(at('iam:ListRoles', 'arn:aws:kms:*:*:key/*')).toEqual(found)
    expect(at(['ec2:DescribeInstances', 'ec2:DescribeVpcs'], 'arn:aws:ec2:*:*:instance/*')).toEqual(found)
    expect(at(['ec2:DescribeInstances', 'ec2:StopInstances'], 'arn:aws:ec2:*:*:instance/*')).toEqual([
      'action_without_its_resource',
    ])
    expect(
      lint({ Effect: 'Allow', Action: 'ec2:DescribeVpcs', Resource: 'arn:aws:ec2:*:*:vpc/*' }),
    ).toMatchObject([{ hint: expect.stringContaining('write `*`') }])
    expect(at('iam:ListRoles', 'arn:aws:iam::*:role/x')).toEqual([])
    expect(at('ssmmessages:OpenDataChannel', 'arn:aws:ssm:*:*:session/*')).toEqual([])
    expect(at('tag:TagResources', 'arn:aws:glue:*:*:session/*')).toEqual([])
    expect(at('iam:ListRoles', 'arn:aws:*:*:*:role/x')).toEqual(['arn_any_service'])
  })

  it('two patterns meet where some text matches both', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 })
    fc.assert(
      fc.property(pattern, pattern, text, (a, b, word) => {
        const both = [a, b].every((one) => matchCodes(patternCodes(one), patternCodes(word)))
        expect(!both || meet(patternCodes(a), patternCodes(b))).toBe(true)
        // Against a word without wildcards it is the match itself.
        expect(meet(patternCodes(a), patternCodes(word))).toBe(
          matchCodes(patternCodes(a), patternCodes(word)),
        )
      }),
    )
  })

  it('finds parts of ARNs that cannot be, or say too little', () => {
    const deny = (Resource: string) => codes({ Effect: 'Deny', Action: '*', Resource })
    expect(deny('arn:was:s3:::b')).toEqual(['arn_partition'])
    expect(deny('arn:aws:*:us-east-1:111122223333:x')).toEqual(['arn_any_service'])
    expect(deny('arn:aws:sqs:us-east-1:12345:q')).toEqual(['arn_account'])
    expect(
      ['us-east-1f', 'tokyo', 'us-east'].flatMap((name) => deny(`arn:aws:sqs:${name}:111122223333:q`)),
    ).toEqual(['arn_region', 'arn_region', 'arn_region'])
    const regions = ['us-gov-east-1', 'us-isob-east-1', 'eusc-de-east-1', 'me-central-1', 'us-*', '']
    expect(regions.flatMap((name) => deny(`arn:aws:sqs:${name}:111122223333:q`))).toEqual([])
    expect(
      ['arn:aws-eusc:s3:::b', 'arn:*:s3:::b', 'arn:aws:iam::aws:policy/X', 'arn:aws:*'].flatMap(deny),
    ).toEqual([])
  })

  it('finds entries that another one of the list covers', () => {
    expect(
      lint({ Effect: 'Allow', Action: ['s3:Get*', 'S3:GetObject', 's3:get*'], Resource: '*' }),
    ).toMatchObject([
      {
        code: 'redundant_action',
        message: expect.stringContaining('`S3:GetObject` adds nothing beside `s3:Get*`; so do `s3:get*`'),
      },
    ])
    expect(at('s3:*', ['arn:aws:s3:::b-*', 'arn:aws:s3:::b-c'])).toEqual(['redundant_resource'])
    expect(at('s3:*', ['arn:aws:s3:::b-*', 'arn:aws:s3:::b-*/*'])).toEqual([])
  })
})

describe('allowing too much', () => {
  const mfa = (Effect: string, condition: object) =>
    codes({ Effect, Action: 'iam:*', Resource: '*', Condition: condition })
  const present = (value: string) => ({ 'aws:MultiFactorAuthPresent': value })

  it('finds conditions on MFA that access keys get around', () => {
    expect(mfa('Allow', { Bool: present('false') })).toEqual(['mfa_allows_without'])
    expect(mfa('Allow', { BoolIfExists: present('true') })).toEqual(['mfa_if_exists_allows'])
    expect(mfa('Deny', { Bool: present('false') })).toEqual(['mfa_deny_misses_keys'])
    expect(mfa('Deny', { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '3600' } })).toEqual([
      'mfa_deny_misses_keys',
    ])
    expect(mfa('Deny', { BoolIfExists: present('false') })).toEqual([])
    expect(mfa('Allow', { Bool: present('true') })).toEqual([])
    expect(mfa('Allow', { BoolIfExists: present('true'), Null: present('false') })).toEqual([])
  })

  it('is content where another statement denies requests without the key', () => {
    const deny = { Effect: 'Deny', Action: 'iam:*', Resource: '*' }
    const both = [
      { ...deny, Sid: 'A', Condition: { Bool: present('false') } },
      { ...deny, Sid: 'B', Condition: { Null: present('true') } },
    ]
    expect(codes(both)).toEqual([])
  })

  it('finds Allow for everybody and for everything but a list', () => {
    const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }
    expect(codes(open, 'resource')).toEqual(['principal_everyone'])
    expect(
      codes({ ...open, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, 'resource'),
    ).toEqual([])
    expect(codes({ ...open, Effect: 'Deny' }, 'resource')).toEqual([])
    expect(codes({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }, 'trust')).toEqual([
      'principal_everyone',
    ])
    const but = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }
    expect([codes(but), codes(but, 'scp'), codes({ ...but, Effect: 'Deny' })]).toEqual([
      ['not_action_allow'],
      [],
      [],
    ])
    expect(codes({ Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::b' })).toEqual([
      'not_resource_allow',
    ])
  })
})
