import fc from 'fast-check'
import { withDerivedKeys } from '../exchange/context-keys.ts'
import { principalOf } from '../exchange/principal.ts'
import { parsePolicy } from '../parse/policy.ts'
import { MEANING_IS_PLAIN } from '../parse/problem.ts'
import { NO_POLICIES, type Policy, type PolicyKind, type PolicySet } from '../policies.ts'
import { ABSENT, type ContextEntry, known, type Principal, type Request, UNKNOWN } from '../request.ts'

/** Few words, so that policies and requests meet often. */
export const ACCOUNTS = ['111122223333', '444455556666'] as const
const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  'ec2:RunInstances',
  'kms:Decrypt',
  'sqs:SendMessage',
] as const
const ACTION_PATTERNS = [
  '*',
  's3:*',
  'S3:get*',
  'ec2:Run*',
  'kms:?ecrypt',
  '*:*Object',
  'sqs:SendMessage',
] as const
const RESOURCES = [
  'arn:aws:s3:::docs/a',
  'arn:aws:s3:::docs/red/b',
  'arn:aws:kms:ap-northeast-1:111122223333:key/1',
  '*',
] as const
/** ARNs of which the rest is not known. */
export const beginning = fc.constantFrom(
  'arn:aws:s3:::docs/',
  'arn:aws:s3:::docs/red/',
  'arn:aws:kms:ap-northeast-1:111122223333:key/',
)
const RESOURCE_PATTERNS = [
  '*',
  'arn:aws:s3:::docs/red/?',
  'arn:aws:*/*',
  'arn:aws:s3:::d?cs?re*/b',
  'arn:aws:s3:::docs/*',
  'arn:aws:s3:::docs/$'.concat('{aws:PrincipalTag/team}/*'),
  'arn:aws:s3:::docs/$'.concat('{aws:PrincipalTag/team}/?'),
  'arn:aws:kms:*:*:key/?',
  'arn:aws:s3:*',
] as const
const PRINCIPALS = [
  'arn:aws:iam::111122223333:user/alice',
  'arn:aws:sts::111122223333:assumed-role/Worker/run',
  'arn:aws:iam::111122223333:root',
  'arn:aws:iam::444455556666:user/eve',
  'arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
  'cloudtrail.amazonaws.com',
  'anonymous',
  '111122223333',
] as const
const PRINCIPAL_ENTRIES = [
  '*',
  '111122223333',
  'arn:aws:iam::444455556666:root',
  'arn:aws:iam::111122223333:user/alice',
  'arn:aws:iam::111122223333:role/Worker',
  'arn:aws:sts::111122223333:assumed-role/Worker/run',
] as const

/** Context keys with values that meet the policies' values. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'aws:principaltag/team': ['red', 'blue', ''],
  'aws:requestedregion': ['ap-northeast-1', 'us-east-1'],
  'aws:tagkeys': ['red', 'blue', 'green'],
  'aws:sourceip': ['203.0.113.7', '2001:db8::1', 'nonsense'],
  'aws:securetransport': ['true', 'false'],
  's3:max-keys': ['5', '10', 'x'],
  'aws:currenttime': ['2026-01-01T00:00:00Z', '2027-01-01', '1767225600'],
  'aws:sourcearn': ['arn:aws:sns:ap-northeast-1:111122223333:topic', 'no-arn'],
}
export const CONTEXT_KEYS: readonly string[] = Object.keys(KEYS)

const entry = (key: string): fc.Arbitrary<ContextEntry> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(KEYS[key] ?? ['x'])).map((value) => known(value)) },
    { weight: 1, arbitrary: fc.subarray([...(KEYS[key] ?? [])]).map((values) => known(...values)) },
    { weight: 1, arbitrary: fc.constant(ABSENT) },
    { weight: 2, arbitrary: fc.constant(UNKNOWN) },
  )

const principal: fc.Arbitrary<Principal> = fc.constantFrom(...PRINCIPALS).map((text) => {
  const found = principalOf(text)
  if (found === null) throw new Error(`no principal: ${text}`)
  return found
})

export const request: fc.Arbitrary<Request> = fc
  .record({
    action: fc.constantFrom(...ACTIONS),
    resource: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...RESOURCES).map((arn) => ({ arn })) },
      { weight: 2, arbitrary: beginning.map((arn) => ({ arn, isBeginning: true })) },
      { weight: 1, arbitrary: fc.constant({ arn: null }) },
    ),
    account: fc.option(fc.constantFrom(...ACCOUNTS), { freq: 8 }),
    principal,
    context: fc.record(Object.fromEntries(CONTEXT_KEYS.map((key) => [key, entry(key)]))),
    unlisted: fc.constantFrom('absent' as const, 'unknown' as const),
    management: fc.option(fc.constantFrom(...ACCOUNTS), { freq: 1 }),
  })
  .map(({ action, resource, account, principal: who, context, unlisted, management }) =>
    withDerivedKeys({
      action,
      resource: { ...resource, account },
      principal: who,
      context: new Map(Object.entries(context)),
      unlisted,
      organization: { managementAccount: management },
    }),
  )

const some = <T>(values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })

const CONDITIONS: fc.Arbitrary<object> = fc.oneof(
  ...[
    ['StringEquals', 'aws:PrincipalTag/team', ['red', 'blue', '$'.concat('{aws:TagKeys}')]],
    ['StringNotEquals', 'aws:RequestedRegion', ['ap-northeast-1', 'us-east-1']],
    ['StringLike', 'aws:TagKeys', ['r*', '?lue', '$'.concat('{aws:PrincipalTag/team}')]],
    ['StringNotLike', 'aws:PrincipalTag/team', ['r*', '$'.concat("{aws:RequestedRegion, 'red'}")]],
    ['StringEqualsIgnoreCase', 'aws:PrincipalTag/team', ['RED']],
    ['NumericLessThan', 's3:max-keys', ['6', '11']],
    ['NumericNotEquals', 's3:max-keys', ['5']],
    ['DateGreaterThan', 'aws:CurrentTime', ['2026-06-01']],
    ['DateNotEquals', 'aws:CurrentTime', ['1767225600']],
    ['Bool', 'aws:SecureTransport', ['true']],
    ['IpAddress', 'aws:SourceIp', ['203.0.113.0/24', '2001:db8::/32']],
    ['NotIpAddress', 'aws:SourceIp', ['203.0.113.0/24']],
    [
      'ArnLike',
      'aws:SourceArn',
      ['arn:aws:sns:*:111122223333:*', 'arn:aws:sns:*:*:$'.concat('{aws:TagKeys}')],
    ],
    ['ArnNotEquals', 'aws:PrincipalArn', ['arn:aws:iam::*:user/alice', 'arn:aws:iam::*:role/*']],
    ['Null', 'aws:PrincipalTag/team', ['true']],
  ].map(([operator, key, values]) =>
    fc
      .tuple(
        fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
        fc.constantFrom('', '', 'IfExists'),
        some(values as string[]),
      )
      .map(([set, ifExists, chosen]) => ({
        [operator === 'Null' ? 'Null' : `${set}${String(operator)}${ifExists}`]: { [String(key)]: chosen },
      })),
  ),
)

const statement = (kind: PolicyKind) =>
  fc
    .record({
      effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      action: some(ACTION_PATTERNS),
      not: fc.constantFrom('', '', '', 'Not'),
      resource: some(RESOURCE_PATTERNS),
      notResource: fc.constantFrom('', '', '', 'Not'),
      conditions: fc.array(CONDITIONS, { maxLength: 2 }),
      principal: some(PRINCIPAL_ENTRIES),
      notPrincipal: fc.constantFrom('', '', '', '', 'Not'),
    })
    .map((s) => ({
      Effect: kind === 'rcp' ? 'Deny' : s.effect,
      ...(kind === 'rcp'
        ? { Principal: '*', Action: s.action.filter((a) => a !== '*').concat('s3:*') }
        : { [`${s.not}Action`]: s.action }),
      ...(kind === 'resource' ? { [`${s.notPrincipal}Principal`]: { AWS: s.principal } } : {}),
      [`${s.notResource}Resource`]: s.resource,
      Condition: Object.assign({}, ...s.conditions),
    }))

/** A policy of the kind; with `version` 2008 now and then, which knows no variables. */
export const policy = (kind: PolicyKind): fc.Arbitrary<Policy> =>
  fc
    .tuple(
      fc.array(statement(kind), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
    )
    .map(([Statement, Version]) => {
      const parsed = parsePolicy({ Version, Statement }, kind, { name: kind, tolerate: MEANING_IS_PLAIN })
      if (parsed.policy === null) throw new Error(JSON.stringify(parsed.problems))
      return parsed.policy
    })

const levels = (kind: 'scp' | 'rcp') =>
  fc
    .array(fc.array(policy(kind), { maxLength: 2 }), { maxLength: 2 })
    .map((given) => given.map((policies, i) => ({ target: `level-${i}`, policies })))

export const policySet: fc.Arbitrary<PolicySet> = fc.record({
  identity: fc.oneof(
    { weight: 6, arbitrary: fc.array(policy('identity'), { maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant('unknown' as const) },
  ),
  boundary: fc.option(policy('boundary'), { freq: 1 }),
  session: fc.option(fc.array(policy('session'), { minLength: 1, maxLength: 2 }), { freq: 1 }),
  resource: fc.option(policy('resource')),
  scps: levels('scp'),
  rcps: levels('rcp'),
})

export const allowAll = (kind: PolicyKind): Policy =>
  must({ Effect: 'Allow', Action: '*', Resource: '*' }, kind)
export const denyAll = (kind: PolicyKind): Policy =>
  must(
    {
      Effect: 'Deny',
      ...(kind === 'rcp' ? { Principal: '*', Action: ['s3:*', 'kms:*', 'sqs:*'] } : { Action: '*' }),
      Resource: '*',
    },
    kind,
  )

function must(statementJson: object, kind: PolicyKind): Policy {
  const { policy: parsed } = parsePolicy({ Version: '2012-10-17', Statement: statementJson }, kind, {
    name: kind,
  })
  return parsed ?? { kind, name: kind, version: '2012-10-17', id: null, statements: [] }
}

export const NOTHING = NO_POLICIES
