import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText } from '../exchange/check.ts'
import { checkLevels } from '../exchange/check-levels.ts'
import { parsePolicy } from '../parse/policy.ts'
import type { PolicyKind } from '../policies.ts'
import { KMS_ACTIONS_WITHOUT_KEY, RCP_ACTIONS_WITHOUT_RESOURCE, RCP_SERVICES } from '../rules/rules.ts'
import { testFacts } from '../testing/facts.ts'
import { linter } from '../testing/lint.ts'

const { facts, index } = testFacts((file) =>
  JSON.parse(readFileSync(new URL(`../../../data/iam/generated/${file}`, import.meta.url), 'utf8')),
)

const { lint, codes } = linter(facts)
const base = { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' }
const list = { ...base, Action: 's3:ListBucket' }

const variable = (inside: string) => `$\{${inside}}`

describe('lint', () => {
  it.each([
    ['aws:usrname', 'Did you mean `aws:username`?'],
    ['AWS::AccountId', 'It is of CloudFormation: put in what it stands for, or use `Fn::Sub`.'],
    ['var.bucket', 'Put in what your tool would put there; a variable has the name of a condition key.'],
  ])('finds the variable %s that no request fills', (inside, hint) => {
    const Resource = ['arn:aws:s3:::a', `arn:aws:s3:::b/${variable(inside)}/*`]
    expect(lint({ ...base, Action: 's3:*', Resource })).toMatchObject([
      { code: 'unknown_variable', path: '$.Statement.Resource[1]', hint },
    ])
  })

  it('says a variable as its author wrote it, once for a list of values', () => {
    const roles = ['a', 'b'].map((name) => `arn:${variable('PARTITION')}:iam::*:role/${name}`)
    const Condition = { ArnNotLike: { 'aws:PrincipalArn': roles } }
    expect(lint({ ...base, Condition }).map(({ code, message }) => [code, message])).toEqual([
      ['unknown_variable', `\`${variable('PARTITION')}\` is no policy variable: it matches nothing.`],
    ])
  })

  it('knows variables that requests fill', () => {
    const Resource = ['aws:username', '*', 'aws:PrincipalTag/team', "aws:PrincipalTag/x, 'none'"].map(
      (inside) => `arn:aws:s3:::b/${variable(inside)}/*`,
    )
    expect(codes({ ...base, Resource })).toEqual([])
  })

  it('finds private addresses where AWS sees public ones', () => {
    const from = (key: string, ...values: readonly string[]) => ({
      ...base,
      Condition: { NotIpAddressIfExists: { [key]: values } },
    })
    expect(codes(from('aws:SourceIp', '203.0.113.0/24', '10.1.0.0/16'))).toEqual(['private_address'])
    expect(codes(from('aws:SourceIp', '172.32.0.0/16', '2001:db8::/32', '0.0.0.0/0'))).toEqual([])
    expect(codes(from('aws:VpcSourceIp', '10.1.0.0/16'))).toEqual([])
  })

  it('has nothing to say of a plain policy with keys and actions of all shapes', () => {
    expect(
      codes([
        {
          Effect: 'Deny',
          Action: ['s3:Get*', 'ec2:Run?nstances', 'iam:*User*'],
          Resource: '*',
          Condition: {
            StringEquals: {
              'aws:PrincipalTag/team': 'a',
              'aws:RequestTag/x': 'b',
              'aws:PrincipalOrgID': 'o-1',
              'AWS:PrincipalARN': 'arn:aws:iam::111122223333:role/x',
            },
          },
        },
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Resource: '*',
          Condition: {
            StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:x/*' },
            StringEquals: { 'sts:ExternalId': 'x', 'saml:aud': 'y' },
          },
        },
        {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: '*',
          Condition: { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'x', 'aws:ResourceTag/a': 'b' } },
        },
      ]),
    ).toEqual([])
  })

  it('suggests what was meant by an unknown service, action or key', () => {
    const found = lint([
      { ...base, Action: ['s3:GetObjct', 'dynamdb:*', 'ec2:Runn*'] },
      { ...base, Condition: { StringEquals: { 'aws:PrincipleOrgID': 'o-1', 's3:prefx': 'x' } } },
    ])
    expect(found.map(({ code, hint }) => [code, hint])).toEqual([
      ['unknown_action', 'Did you mean `s3:GetObject`?'],
      ['unknown_service', 'Did you mean `dynamodb`?'],
      ['unknown_action', expect.any(String)],
      ['unknown_key', 'Did you mean `aws:PrincipalOrgID`?'],
      ['unknown_key', 'Did you mean `s3:prefix`?'],
    ])
  })

  it('finds statements that never match', () => {
    expect(codes({ Effect: 'Deny', NotAction: '*', Resource: '*' })).toEqual(['never_matches'])
    expect(codes({ Effect: 'Deny', Action: '*', NotResource: ['*', 'arn:aws:s3:::x'] })).toEqual([
      'never_matches',
      'redundant_resource',
    ])
    expect(
      codes({
        ...base,
        Condition: { StringEquals: { 'aws:username': 'a' }, stringequals: { 'aws:UserName': 'b' } },
      }),
    ).toEqual(['never_matches'])
  })

  it('finds ARN operators without an ARN, which never hold', () => {
    const on = (operator: string, ...values: readonly string[]) =>
      codes({ ...base, Condition: { [operator]: { 'aws:PrincipalArn': values } } })
    expect(on('ArnLike', '*', 'role/x')).toEqual(['never_matches'])
    expect([
      on('ArnLike', '*', 'arn:*:iam::*:role/x'),
      on('ArnLikeIfExists', '*'),
      on('ArnEquals', '$'.concat('{aws:username}')),
    ]).toEqual([[], [], []])
    expect(on('StringEquals', '111122223333', 'Admin')).toEqual(['never_matches'])
    expect(on('StringLike', 'role/*')).toEqual(['never_matches'])
    expect([
      on('StringEquals', 'Admin', 'arn:aws:iam::111122223333:role/Admin'),
      on('StringEquals', '$'.concat('{aws:SourceArn}')),
      on('StringLike', '*:role/Admin'),
      on('StringLike', 'a?n:*'),
      on('StringNotEquals', 'Admin'),
    ]).toEqual([[], [], [], [], []])
  })

  it('finds the statement that another one covers, and only that', () => {
    const wide = { Sid: 'Wide', Effect: 'Deny', Action: 's3:*', Resource: '*' }
    const narrow = {
      Sid: 'Narrow',
      Effect: 'Deny',
      Action: ['S3:Get*', 's3:PutObject'],
      Resource: 'arn:aws:s3:::x/*',
    }
    expect(lint([narrow, wide])).toMatchObject([{ code: 'shadowed', path: '$.Statement[0]' }])
    expect(
      codes([
        { ...wide, Sid: 'A' },
        { ...wide, Sid: 'B' },
      ]),
    ).toEqual(['shadowed'])
    expect(codes([narrow, { ...wide, Effect: 'Allow' }])).toEqual([])
    expect(codes([narrow, { ...wide, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }])).toEqual([])
  })

  it('warns of traps', () => {
    expect(
      codes({ ...base, Condition: { StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } } }),
    ).toEqual(['wildcard_without_like'])
    expect(
      codes(
        { Effect: 'Deny', NotPrincipal: { AWS: '111122223333' }, Action: 's3:*', Resource: '*' },
        'resource',
      ),
    ).toEqual(['not_principal'])
    expect(
      codes(
        { Effect: 'Allow', NotPrincipal: { AWS: '111122223333' }, Action: 's3:*', Resource: '*' },
        'resource',
      ),
    ).toEqual(['not_principal_allow'])
    expect(
      codes({ ...list, Condition: { StringLike: { 's3:prefix': 'home/' } } }).concat(
        codes({ ...list, Condition: { StringLike: { 's3:prefix': ['home', 'home/*'] } } }),
      ),
    ).toEqual(['like_without_wildcard'])
    expect(codes(base, 'boundary')).toEqual(['no_allow'])
  })

  it('warns of ForAllValues with Allow where the key may be absent, and only there', () => {
    const found = (Action: string | readonly string[], more: object = {}) =>
      codes({
        Effect: 'Allow',
        Action,
        Resource: '*',
        Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' }, ...more },
      })
    const asked = [
      { StringEquals: { 'aws:RequestTag/team': 'a' } },
      { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } },
      { Null: { 'aws:TagKeys': 'false' } },
    ]
    const open = [
      { StringEqualsIfExists: { 'aws:RequestTag/team': 'a' } },
      { StringNotEquals: { 'aws:RequestTag/team': 'a' } },
      { Null: { 'aws:TagKeys': 'true' } },
    ]
    expect(asked.flatMap((more) => found('ec2:RunInstances', more))).toEqual([])
    expect(open.map((more) => found('ec2:RunInstances', more))).toEqual(
      open.map(() => ['for_all_values_allow']),
    )
    expect(found(['ec2:CreateTags', 'iam:TagRole', 'logs:UntagResource'])).toEqual([])
    expect(found(['ec2:CreateTags', 'ec2:DeleteTags'])).toEqual(['for_all_values_allow'])
  })

  it('takes the keys that AWS uses in its own policies, and families of keys in any spelling', () => {
    const keys = ['s3:ExistingObjectTag/team', 'aws:PrincipalOrgMasterAccountId', 'ec2:ResourceTag/team']
    const Condition = { StringEquals: Object.fromEntries(keys.map((key) => [key, 'x'])) }
    expect(codes({ ...base, Action: ['s3:GetObject', 'ec2:StopInstances'], Condition })).toEqual([])
  })

  it('does not call an RCP without effect whose wildcards reach services that support RCPs', () => {
    const rcp = (Action: string) =>
      parsePolicy(
        { Version: '2012-10-17', Statement: { Effect: 'Deny', Principal: '*', Action, Resource: '*' } },
        'rcp',
      )
    expect(
      ['s*:Get*', '*:*', 'zz*:Get*'].map((action) => rcp(action).problems.map(({ code }) => code)),
    ).toEqual([['service_wildcard'], [], ['service_wildcard', 'rcp_unsupported_service']])
  })

  it('refuses a long document only where no place takes it: AWS itself has longer identity policies', () => {
    const text = (bytes: number) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::b/${'x'.repeat(bytes)}`,
        },
      })
    const found = (bytes: number, kind?: PolicyKind) =>
      checkText(text(bytes), kind).documents.map(({ valid, problems }) => [
        valid,
        problems.map(({ code }) => code),
      ])
    expect([found(7_000, 'identity'), found(11_000, 'identity'), found(11_000)]).toEqual([
      [[true, ['too_long']]],
      [[false, ['too_long']]],
      [[true, ['too_long']]],
    ])
  })

  it('knows the actions of KMS that name no key', () => {
    const actions = [...(facts.service('kms')?.actions ?? [])]
    expect([...KMS_ACTIONS_WITHOUT_KEY].sort()).toEqual(
      actions
        .filter(([, { resources }]) => resources.length === 0)
        .map(([name]) => `kms:${name}`)
        .sort(),
    )
  })

  it('counts characters as the quota of the kind does', () => {
    const statement = {
      Effect: 'Deny',
      Action: 's3:GetObject',
      Resource: Array.from({ length: 260 }, (_, i) => `arn:aws:s3:::bucket-number-${i}/*`),
    }
    const text = JSON.stringify({ Version: '2012-10-17', Statement: statement }, null, 2)
    expect(checkText(text, 'scp').documents[0]?.problems.map(({ code }) => code)).toEqual(['too_long'])
    expect(checkText(JSON.stringify(JSON.parse(text)), 'scp').documents[0]?.problems).toEqual([])
  })

  it('knows the services of RCPs that AWS lists', () => {
    expect([...RCP_SERVICES].sort()).toEqual([...index.rcpServices])
    const without = [...RCP_SERVICES].flatMap((prefix) => {
      const actions = [...(facts.service(prefix)?.actions ?? [])]
      const bare = actions.filter(([, { resources }]) => resources.length === 0)
      return bare.length === actions.length ? [] : bare.map(([name]) => `${prefix}:${name}`)
    })
    expect([...RCP_ACTIONS_WITHOUT_RESOURCE].sort()).toEqual(without.sort())
  })

  it('reads every service of the data', () => {
    let actions = 0
    for (const prefix of facts.services.keys()) actions += facts.service(prefix)?.actions.size ?? 0
    expect(actions).toBeGreaterThan(20_000)
    expect(facts.service('s3')?.actions.get('putobject')).toMatchObject({
      name: 'PutObject',
      level: 'write',
      resources: expect.arrayContaining([expect.objectContaining({ type: 'object' })]),
    })
  })
})

describe('lint of a level', () => {
  const level = (...statements: readonly object[]) =>
    checkLevels(
      JSON.stringify({
        scps: [
          { target: 'r-1', policies: [{ Version: '2012-10-17', Statement: { ...base, Effect: 'Allow' } }] },
          { target: 'ou-1', policies: statements.map((Statement) => ({ Version: '2012-10-17', Statement })) },
        ],
      }),
    ).map(({ code, message }) => `${code} ${/`([^`]+)`/.exec(message)?.[1]}`)

  it('tells a level that allows nothing, and one with too many policies', () => {
    expect(level({ ...base, Effect: 'Allow' }, base)).toEqual([])
    expect(level(base)).toEqual(['level_without_allow ou-1'])
    expect(level()).toEqual(['level_without_allow ou-1'])
    expect(level(...Array.from({ length: 11 }, () => ({ ...base, Effect: 'Allow' })))).toEqual([
      'too_many_attached ou-1',
    ])
    expect(checkLevels('{"Version": "2012-10-17"}')).toEqual([])
  })
})
