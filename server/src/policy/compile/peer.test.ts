import { runSimulation } from '@cloud-copilot/iam-simulate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPolicySet } from '../exchange/policy-set.ts'
import { createReader, settle } from '../exchange/reader.ts'
import { readRequest } from '../exchange/request.ts'
import { runs, share } from '../testing/runs.ts'
import { evaluate } from './evaluate.ts'

/**
 * Our engine against an independent one, on generated requests over what both support. The peer is only called.
 *
 * Errata: where they differ on purpose, the generator stays away, and the corpus says what we do:
 * - a session policy does not limit what a resource policy grants to the session itself or to everyone ("Permissions granted
 *   directly to a session are not limited by an implicit deny in an identity-based policy, a permissions boundary, or session
 *   policy", IAM User Guide, Policy evaluation logic): no session policies together with resource policies here
 * - the root user has full access ("All requests are implicitly denied with the exception of the AWS account root user"): no root
 * - a federated user without a session policy has nothing of the identity (same page, step 7): no federated users
 * - a role's trust policy must allow by itself ("IAM role trust policies and KMS key policies are exceptions"): no `sts:AssumeRole`
 * - `NotPrincipal` with an account's ARN does not spare everybody in the account (IAM User Guide, NotPrincipal: Bob): not generated
 * - `ForAnyValue:…IfExists` on an absent key holds here ("If the key is not present, evaluate the condition element as true",
 *   IAM User Guide, ...IfExists condition operators); the peer lets it fail: not generated
 * - in RCPs and in `NotResource` the peer does not let `arn:aws:sqs:*` reach over colons ("If the * wildcard is the last
 *   character of a resource ARN segment, it can expand to match beyond the colon boundaries", IAM User Guide, Resource): six
 *   parts here
 * - `NotIpAddress` of one IPv4 address without a prefix holds for an IPv6 caller ("All IP addresses except the specified IP address
 *   or range", IAM User Guide, IP address operators); the peer lets it fail: a prefix on all ranges here
 * - several values without a set operator: AWS does not say; not generated
 * - `StringEquals` with `\${*}`, IPv6 addresses in another spelling, `NotResource` with an unresolvable variable: not generated
 * - an RCP has no effect on actions that name no resource (Organizations User Guide, Resource control policies); the peer applies
 *   it to `kms:ListKeys`: no RCPs there
 * - the peer drops context keys that an action does not have; all keys here belong to the actions
 *
 * 100,000 more of these cases (seed 20261124) had no difference. A wider generator (36,000 cases, 2026-11-23: odd values, letter cases, kinds of principals, patterns cut anywhere) found no other
 * difference than these, which are not generated either:
 * - the peer fills in variables in documents of version 2008-10-17, too ("Version 2012-10-17 … required for policy variables", IAM
 *   User Guide, Version)
 * - it reads no exponents (`3e2`), no epoch seconds in date conditions, and `0.0.0.0/0` as no address
 * - it compares the name of a role in `Principal` without regard to case ("when you use the name in a policy … the name is case
 *   sensitive", IAM User Guide, IAM identifiers)
 * - wildcards inside the type of a resource (`security-group*\/*`) match nothing there; AWS's own managed policies have them
 * - it compares an empty text under `ForAllValues` as any other ("or if the context key value resolves to a null dataset, such as an
 *   empty string", IAM User Guide, Condition operators), lets `*` stop at line breaks, and compares partition, service and Region
 *   of a resource without regard to case, of which AWS says nothing
 * - a canonical user id is not known here unless the request tells it: `unknown`
 * - values that are of no type (`True ` with a space, an ARN of five parts) are compared by each in its own way
 */
const A = '111122223333'
const B = '444455556666'
const ACTIONS = [
  ['ec2:CreateTags', `arn:aws:ec2:ap-northeast-1:${A}:instance/i-1`],
  ['ec2:CreateTags', `arn:aws:ec2:ap-northeast-1:${A}:volume/vol-1`],
  ['kms:TagResource', `arn:aws:kms:ap-northeast-1:${A}:key/1`],
  ['sqs:TagQueue', `arn:aws:sqs:ap-northeast-1:${A}:queue`],
  ['s3:GetObject', 'arn:aws:s3:::docs/red/a.txt'],
  ['s3:ListBucket', 'arn:aws:s3:::docs'],
  ['lambda:InvokeFunction', `arn:aws:lambda:ap-northeast-1:${A}:function:hello`],
  ['kms:Decrypt', `arn:aws:kms:ap-northeast-1:${A}:key/1`],
  ['kms:ListKeys', '*'],
  ['kms:CreateAlias', `arn:aws:kms:ap-northeast-1:${A}:alias/app`],
  ['iam:PassRole', `arn:aws:iam::${A}:role/Worker`],
  ['dynamodb:GetItem', `arn:aws:dynamodb:ap-northeast-1:${A}:table/t`],
] as const
/** Actions that set tags; the peer drops keys that an action does not have. */
const TAGGING = ['ec2:CreateTags', 'kms:TagResource', 'sqs:TagQueue']
const PRINCIPALS = [
  `arn:aws:iam::${A}:user/alice`,
  `arn:aws:iam::${A}:user/bob`,
  `arn:aws:sts::${A}:assumed-role/Worker/run`,
  `arn:aws:iam::${B}:user/eve`,
] as const
const NAMED = [
  A,
  B,
  `arn:aws:iam::${A}:root`,
  `arn:aws:iam::${A}:user/alice`,
  `arn:aws:iam::${A}:role/Worker`,
  `arn:aws:sts::${A}:assumed-role/Worker/run`,
  `arn:aws:iam::${B}:user/eve`,
  '*',
] as const

const TEAM = '$'.concat('{aws:PrincipalTag/team}')
const DEFAULT = '$'.concat("{aws:PrincipalTag/team, 'red'}")
const ESCAPED_STAR = 'r$'.concat('{*}')
const ABSENT_DEFAULT = '$'.concat("{aws:PrincipalTag/nobody, 'a/b'}")
const CONDITIONS: readonly (readonly [
  operators: readonly string[],
  key: string,
  values: readonly string[],
  multi?: boolean,
])[] = [
  [
    ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    'aws:RequestTag/team',
    ['red', 'BLUE', 'a*', TEAM, DEFAULT],
  ],
  [['StringLike', 'StringNotLike'], 'aws:RequestTag/team', ['r*', '?ed', '*', TEAM, `${TEAM}*`]],
  [
    ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'],
    'aws:PrincipalTag/team',
    ['red', 'blue'],
  ],
  [
    ['StringEquals', 'StringLike', 'StringNotEquals', 'StringNotLike'],
    'aws:TagKeys',
    ['team', 'cost', 't*'],
    true,
  ],
  [
    ['IpAddress', 'NotIpAddress'],
    'aws:SourceIp',
    ['203.0.113.0/24', '203.0.113.7/32', '10.0.0.0/8', '2001:db8::/32'],
  ],
  [['Bool'], 'aws:SecureTransport', ['true', 'false']],
  [
    [
      'DateLessThan',
      'DateGreaterThan',
      'DateEquals',
      'DateNotEquals',
      'DateLessThanEquals',
      'DateGreaterThanEquals',
    ],
    'aws:CurrentTime',
    ['2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z'],
  ],
  [
    ['NumericLessThan', 'NumericGreaterThan', 'NumericEquals', 'NumericNotEquals', 'NumericLessThanEquals'],
    'aws:MultiFactorAuthAge',
    ['300', '3600'],
  ],
  [
    ['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals'],
    'aws:PrincipalArn',
    [`arn:aws:iam::${A}:user/*`, 'arn:aws:iam::*:role/Worker', `arn:*:iam::${B}:*`],
  ],
  [['StringEquals', 'StringNotEquals'], 'aws:RequestedRegion', ['ap-northeast-1', 'us-east-1']],
  [['Null'], 'aws:RequestTag/team', ['true', 'false']],
  [['STRINGLIKE', 'stringNotLike'], 'AWS:PrincipalTag/team', [ESCAPED_STAR, 'r*', ABSENT_DEFAULT]],
  [['StringEquals', 'StringNotEquals'], 'aws:PrincipalTag/cost/center', ['a/b', 'A/b', ABSENT_DEFAULT]],
  [
    ['dateLessThan', 'DateGreaterThanEquals', 'DateEquals', 'DateNotEquals'],
    'aws:TokenIssueTime',
    ['2026-01-01T09:00:00+09:00', '2026-01-01', '2025-12-31T23:30:00-00:30'],
  ],
  [['Bool', 'bool'], 'aws:ViaAWSService', ['True', 'FALSE']],
  [
    ['ArnLike', 'ArnNotEquals', 'StringLike'],
    'aws:SourceArn',
    ['arn:aws:events:*:*:rule/*', `arn:aws:sns:us-east-1:${B}:?opic`, 'arn:*:*:*:*:*'],
  ],
]

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values)
const some = <T>(values: readonly T[]) => fc.uniqueArray(pick(values), { minLength: 1, maxLength: 2 })

const condition = fc
  .tuple(pick(CONDITIONS), fc.nat(), pick(['ForAllValues:', 'ForAnyValue:']), pick(['', '', 'IfExists']))
  .chain(([[operators, key, values, multi], n, set, ifExists]) => {
    const name = operators[n % operators.length] ?? ''
    const operator =
      name === 'Null'
        ? name
        : `${multi === true ? set : ''}${name}${multi === true && set === 'ForAnyValue:' ? '' : ifExists}`
    return (name === 'Null' ? pick(values).map((v) => [v]) : some(values)).map((chosen) => ({
      [operator]: { [key]: chosen },
    }))
  })

const statement = (principal: boolean, resources: readonly string[], deny = false) =>
  fc
    .record({
      Effect: deny ? fc.constant('Deny') : pick(['Allow', 'Allow', 'Allow', 'Deny']),
      action: some([
        '*',
        '*',
        'ec2:*',
        'EC2:create*',
        'kms:Tag?esource',
        'sqs:TagQueue',
        's3:*',
        'kms:*',
        'lambda:Invoke*',
      ]),
      not: pick(['', '', '', 'Not']),
      resource: some(resources),
      notResource: pick(['', '', '', 'Not']),
      principal: some(NAMED),
      conditions: fc.array(condition, { maxLength: 2 }),
    })
    .map((s) => ({
      Effect: s.Effect,
      ...(deny ? { Action: ['sqs:*', 'kms:*', 's3:Get*'] } : { [`${s.not}Action`]: s.action }),
      [s.resource.some((one) => one.includes('${')) ? 'Resource' : `${s.notResource}Resource`]: s.resource,
      ...(principal ? { Principal: deny ? '*' : { AWS: s.principal } } : {}),
      ...(s.conditions.length > 0 ? { Condition: Object.assign({}, ...s.conditions) } : {}),
    }))
const RESOURCES = [
  '*',
  'arn:aws:ec2:*:*:instance/*',
  `arn:aws:ec2:ap-northeast-1:${A}:*`,
  `arn:aws:kms:*:${A}:key/?`,
  'arn:aws:sqs:*:*:*',
  'arn:aws:s3:::docs/*',
  'arn:aws:s3:::docs/$'.concat('{aws:PrincipalTag/team}/*'),
  'arn:aws:s3:::*',
  'arn:aws:*:*:*:*',
  `arn:*:lambda:*:${A}:function:h?llo`,
]
const document = (principal = false, deny = false) =>
  fc
    .array(statement(principal, RESOURCES, deny), { minLength: 1, maxLength: 3 })
    .map((Statement) => ({ Version: '2012-10-17', Statement }))
const several = (max: number) => fc.array(document(), { maxLength: max })
const levels = (one: fc.Arbitrary<object>) =>
  fc.array(fc.array(one, { minLength: 1, maxLength: 2 }), { maxLength: 2 })

const context = fc.record(
  {
    'aws:RequestTag/team': pick(['red', 'blue', 'Red', '']),
    'aws:PrincipalTag/team': pick(['red', 'blue', 'r*']),
    'aws:TagKeys': fc.subarray(['team', 'cost', 'owner'], { minLength: 1 }),
    'aws:SourceIp': pick(['203.0.113.7', '10.1.2.3', '2001:db8::1']),
    'aws:SecureTransport': pick(['true', 'false']),
    'aws:CurrentTime': pick(['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z']),
    'aws:MultiFactorAuthAge': pick(['300', '301', '5000']),
    'aws:RequestedRegion': pick(['ap-northeast-1', 'us-east-1']),
    'aws:PrincipalTag/cost/center': pick(['a/b', 'A/B', 'c']),
    'aws:TokenIssueTime': pick(['2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z']),
    'aws:ViaAWSService': pick(['true', 'FALSE']),
    'aws:SourceArn': pick([
      'arn:aws:events:us-east-1:111122223333:rule/bus/r',
      'arn:aws:sns:us-east-1:444455556666:topic',
    ]),
  },
  { requiredKeys: [] },
)

const scenario = fc.record({
  call: pick(ACTIONS),
  principal: pick(PRINCIPALS),
  context,
  identity: several(2),
  boundary: fc.option(document(), { freq: 1 }),
  second: fc.oneof(
    document(true).map((resource) => ({ resource })),
    document().map((session) => ({ session })),
    fc.constant({}),
  ),
  scps: levels(document()),
  rcps: levels(document(true, true)),
})
type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never

const named = (policies: readonly object[]) => policies.map((policy, i) => ({ name: `p${i}`, policy }))
const VERDICTS: Readonly<Record<string, string>> = {
  Allowed: 'allowed',
  ImplicitlyDenied: 'denied implicit_deny',
  ExplicitlyDenied: 'denied explicit_deny',
}

function parts({ call: [action, resource], principal, context: given, second, rcps }: Scenario) {
  const role = principal.includes('assumed-role')
  const keys = Object.entries(given).filter(
    ([key]) => TAGGING.includes(action) || !/^aws:(RequestTag|TagKeys)/.test(key),
  )
  const full = {
    'aws:PrincipalArn': role ? `arn:aws:iam::${A}:role/Worker` : principal,
    ...Object.fromEntries(keys),
  }
  const more: { resource?: object; session?: object } = second
  return {
    action,
    resource,
    principal,
    full,
    resourcePolicy: more.resource,
    session: role ? more.session : undefined,
    rcps: resource === '*' ? [] : rcps,
  }
}

async function theirs(s: Scenario): Promise<string> {
  const { action, resource, principal, full, resourcePolicy, session, rcps } = parts(s)
  const level = (given: readonly (readonly object[])[]) =>
    given.map((policies, i) => ({ orgIdentifier: `l${i}`, policies: named(policies) }))
  const result = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: A }, contextVariables: full },
      identityPolicies: named(s.identity),
      serviceControlPolicies: level(s.scps),
      resourceControlPolicies: level(rcps),
      resourcePolicy,
      sessionPolicy: session,
      ...(s.boundary === null ? {} : { permissionBoundaryPolicies: named([s.boundary]) }),
    },
    {},
  )
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors))
  return VERDICTS[result.overallResult] ?? result.overallResult
}

function ours(s: Scenario): string {
  const { action, resource, principal, full, resourcePolicy, session, rcps } = parts(s)
  const reader = createReader()
  const request = readRequest(
    { action, resource, resourceAccount: A, principal, context: full, derive: false, unlisted: 'absent' },
    [],
    reader,
  )
  const set = readPolicySet(
    {
      identity: s.identity,
      boundary: s.boundary,
      scps: s.scps,
      rcps,
      resource: resourcePolicy ?? null,
      session: session ?? null,
    },
    [],
    reader,
  )
  settle(reader, 'The scenario')
  if (request === null) throw new Error('no request')
  const { verdict, why } = evaluate(request, set)
  return verdict === 'denied' ? `${verdict} ${why}` : verdict
}

describe('an independent engine', () => {
  it('agrees on generated requests', { timeout: 120_000 }, async () => {
    const seen: Record<string, number> = {}
    await fc.assert(
      fc.asyncProperty(scenario, async (s) => {
        const answer = ours(s)
        seen[answer] = (seen[answer] ?? 0) + 1
        expect(answer).toBe(await theirs(s))
      }),
      runs(1, 600),
    )
    // Agreement on nothing but implicit denials would prove little.
    expect(Object.values(seen).every((n) => n > share(12)) && Object.keys(seen).length === 3).toBe(true)
  })
})
