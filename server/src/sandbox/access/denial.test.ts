import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateFast } from '../../policy/compile/evaluate.ts'
import { NO_POLICIES, type Policy, type PolicyKind, type PolicySet } from '../../policy/policies.ts'
import { contextOf, type Principal } from '../../policy/request.ts'
import { denialText } from './denial.ts'
import { documentErrors, parsedPolicy } from './documents.ts'

const principalArn = 'arn:aws:sts::111122223333:assumed-role/R/s'
const role: Principal = {
  type: 'role',
  arn: 'arn:aws:iam::111122223333:role/R',
  account: '111122223333',
  sessionArn: principalArn,
}

interface Asked {
  readonly action?: string
  readonly resource?: string
  readonly owner?: string
  readonly isTrust?: boolean
  readonly mayNamePolicy?: boolean
}

/** The text of the denial, or null when the request is allowed. */
function refused(set: Partial<PolicySet>, asked: Asked = {}): string | null {
  const { action = 'iam:GetRole', resource = '*', owner = '111122223333' } = asked
  const decision = evaluateFast(
    {
      action,
      resource: { arn: resource, account: owner },
      principal: role,
      context: contextOf({ 'aws:PrincipalArn': role.arn, 'aws:PrincipalAccount': '111122223333' }),
      unlisted: 'absent',
    },
    { ...NO_POLICIES, ...set },
  )
  if (decision.verdict === 'allowed') return null
  return denialText(
    {
      principalArn,
      action,
      resource,
      isTrust: asked.isTrust ?? false,
      mayNamePolicy: asked.mayNamePolicy ?? true,
    },
    decision,
  )
}

interface Given {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
  readonly NotAction?: string
  readonly Resource?: string | readonly string[]
  readonly NotResource?: string
  readonly Principal?: unknown
}

function policy(kind: PolicyKind, statements: readonly Given[], name = ''): Policy {
  const found = parsedPolicy(kind, JSON.stringify({ Version: '2012-10-17', Statement: statements }), name)
  if (found === null) throw new Error(`the ${kind} policy of the test cannot be read`)
  return found
}

const allow = (Action: string, Resource: string | string[] = '*'): Given => ({
  Effect: 'Allow',
  Action,
  Resource,
})
const deny = (Action: string, Resource: string | string[] = '*'): Given => ({
  Effect: 'Deny',
  Action,
  Resource,
})
const identity = (...statements: readonly Given[]) => ({
  identity: statements.length === 0 ? [] : [policy('identity', statements)],
})
const level = (kind: 'scp' | 'rcp', ...policies: readonly Policy[]) => ({ target: `r-${kind}`, policies })

describe('the matrix', () => {
  const cases: [name: string, Partial<PolicySet>, Asked, part: string | null][] = [
    ['nothing allows', identity(), {}, 'because no identity-based policy allows the iam:GetRole action'],
    ['exact action', identity(allow('iam:GetRole')), {}, null],
    ['actions ignore case', identity(allow('IAM:getrole')), {}, null],
    ['prefix', identity(allow('iam:Get*')), {}, null],
    ['prefix of another', identity(allow('iam:List*')), {}, 'no identity-based policy'],
    ['question mark', identity(allow('iam:GetRol?')), {}, null],
    [
      'explicit deny wins',
      identity(allow('*'), deny('iam:*')),
      {},
      'with an explicit deny in an identity-based policy',
    ],
    [
      'NotAction',
      identity({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      {},
      'no identity-based policy',
    ],
    [
      'NotAction allows others',
      identity({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      { action: 'sqs:SendMessage' },
      null,
    ],
    [
      'resource does not fit',
      identity(allow('*', 'arn:aws:iam::*:role/R')),
      { resource: 'arn:aws:iam::111122223333:role/Q' },
      'on resource: arn:aws:iam::111122223333:role/Q',
    ],
    [
      'boundary narrows',
      { ...identity(allow('*')), boundary: policy('boundary', [allow('sqs:*')]) },
      {},
      'because no permissions boundary allows the iam:GetRole action',
    ],
    [
      'session narrows',
      { ...identity(allow('*')), session: [policy('session', [allow('sqs:*')])] },
      {},
      'because no session policy allows the iam:GetRole action',
    ],
    [
      'every SCP level must allow',
      { ...identity(allow('*')), scps: [level('scp', policy('scp', [allow('*')])), level('scp')] },
      {},
      'because no service control policy allows the iam:GetRole action',
    ],
    [
      'an SCP alone grants nothing',
      { ...identity(), scps: [level('scp', policy('scp', [allow('*')]))] },
      {},
      'no identity-based policy',
    ],
    [
      'an RCP denies in the services that support it',
      {
        ...identity(allow('*')),
        rcps: [level('rcp', policy('rcp', [{ ...deny('sqs:*'), Principal: '*' }]))],
      },
      { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:111122223333:q' },
      'with an explicit deny in a resource control policy',
    ],
    [
      'two accounts need both sides',
      identity(allow('*')),
      { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:444455556666:q', owner: '444455556666' },
      'because no resource-based policy allows the sqs:SendMessage action',
    ],
    [
      'a trust policy must allow',
      {
        ...identity(allow('*')),
        resource: policy('trust', [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '444455556666' } },
        ]),
      },
      { action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/Q', isTrust: true },
      'because no role trust policy allows the sts:AssumeRole action',
    ],
    [
      'a trust policy denies',
      {
        ...identity(allow('*')),
        resource: policy('trust', [{ Effect: 'Deny', Action: 'sts:AssumeRole', Principal: '*' }]),
      },
      { action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/Q', isTrust: true },
      'with an explicit deny in the role trust policy',
    ],
  ]
  test.each(cases)('%s', (_, given, asked, part) => {
    const why = refused(given, asked)
    if (part === null) expect(why).toBeNull()
    else expect(why).toContain(part)
  })
})

test('the text is AWS’s, with the ARN of the policy inside one organisation only', () => {
  const arn = 'arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd'
  const set = {
    ...identity(allow('*')),
    scps: [level('scp', policy('scp', [allow('*'), deny('iam:*')], arn))],
  }
  const text = `User: ${principalArn} is not authorized to perform: iam:GetRole on resource: * with an explicit deny in a service control policy`
  expect(refused(set)).toBe(`${text}: ${arn}`)
  expect(refused(set, { mayNamePolicy: false })).toBe(text)
})

const anyStatement = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  Action: fc.constantFrom('*', 'a:*', 'a:B', 'b:C', 'a:?'),
  Resource: fc.constantFrom('*', 'arn:aws:a:::r*', 'arn:aws:a:::r1'),
})

test('a_denial_has_a_reason: every text names a kind of policy', () => {
  fc.assert(
    fc.property(
      fc.array(anyStatement),
      fc.array(anyStatement, { minLength: 1 }),
      fc.constantFrom('a:B', 'a:C', 'b:C'),
      (mine, scp, action) => {
        const why = refused(
          { ...identity(...mine), scps: [level('scp', policy('scp', scp))] },
          { action, resource: 'arn:aws:a:::r1' },
        )
        if (why !== null) expect(why).toMatch(/ because no .+ allows the | with an explicit deny in an? /)
      },
    ),
  )
})

test('a document is parsed once for each name, and refused with what is wrong', () => {
  const text = JSON.stringify({ Statement: [allow('*')] })
  expect(parsedPolicy('identity', text, 'a')).toBe(parsedPolicy('identity', text, 'a'))
  expect(parsedPolicy('identity', text, 'b')).not.toBe(parsedPolicy('identity', text, 'a'))
  expect(parsedPolicy('identity', '{', 'a')).toBeNull()
  expect(
    documentErrors('scp', JSON.stringify({ Statement: [{ ...allow('*'), Principal: '*' }] }))[0]?.code,
  ).toBe('principal_forbidden')
})
