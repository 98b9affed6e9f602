import type { AccountPolicies } from '@rankan/server/domain/policies/guardrails.ts'
import { denialIn } from '@rankan/server/src/policy/trail/message.ts'
import { describe, expect, test } from 'vitest'
import { exampleText } from '../engine/examples.ts'
import { causeOf, judge, requestOfMessage } from './judge.ts'

const FULL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})
const NO_READING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: ['secretsmanager:GetSecretValue', 's3:GetObject'],
      Resource: '*',
    },
  ],
})
const CITY = '111122223333'

const policies = (scps: AccountPolicies['scps'][number]['policies']): AccountPolicies => ({
  accountId: CITY,
  awsOrganizationId: 'aws_1',
  organizationId: 'o-abcdefghij',
  managementAccountId: '999988887777',
  readAt: '2026-11-22T00:00:00Z',
  path: [
    { id: 'r-abcd', kind: 'root', name: 'Root', parentId: null },
    { id: CITY, kind: 'account', name: 'city', parentId: 'r-abcd' },
  ],
  scps: [
    {
      target: 'r-abcd',
      policies: [{ id: 'p-FullAWSAccess', name: 'FullAWSAccess', document: FULL }, ...scps],
    },
    { target: CITY, policies: [{ id: 'p-FullAWSAccess', name: 'FullAWSAccess', document: FULL }] },
  ],
  rcps: [],
  others: [],
})
const guarded = policies([
  { id: 'p-1', name: 'keep-the-trail', document: exampleText('trail') },
  { id: 'p-2', name: 'regions', document: exampleText('regions') },
])

const said = (account: string, action: string, tail = '') =>
  denialIn(
    `User: arn:aws:sts::${account}:assumed-role/Worker/run is not authorized to perform: ${action} on resource: * ${tail}`,
  )
const judged = (denial: ReturnType<typeof said>, known: AccountPolicies | null) =>
  judge(denial, [requestOfMessage(denial)], known)

describe('who forbids it', () => {
  test('the centre, where a control in force denies whatever the message does not tell', () => {
    const finding = judged(said(CITY, 'cloudtrail:StopLogging'), guarded)
    expect(finding).toMatchObject({ forbidder: 'centre', basis: 'computed', kind: 'scp' })
    expect(finding.rules.map(({ ref }) => [ref.policy, ref.sid, ref.target])).toEqual([
      ['keep-the-trail', 'KeepTheTrail', 'Root'],
    ])
  })

  test('open, where only what the message does not tell decides', () => {
    const finding = judged(said(CITY, 'ec2:RunInstances'), guarded)
    expect(finding.forbidder).toBe('open')
    expect(finding.missing).toEqual([{ what: 'context', key: 'aws:requestedregion' }])
  })

  test('the own settings, where the centre allows it', () => {
    expect(judged(said(CITY, 'iam:GetRole'), guarded)).toMatchObject({ forbidder: 'own_iam', basis: 'left' })
  })

  test('as AWS says, whatever the controls of today', () => {
    const boundary = said(CITY, 'cloudtrail:StopLogging', 'because no permissions boundary allows the action')
    expect(judged(boundary, guarded)).toMatchObject({ forbidder: 'own_iam', basis: 'said' })
    const endpoint = said(CITY, 's3:GetObject', 'with an explicit deny in a VPC endpoint policy')
    expect(judged(endpoint, null)).toMatchObject({ forbidder: 'network', decision: null })
    const scp = said(CITY, 'iam:GetRole', 'with an explicit deny in a service control policy')
    expect(judged(scp, guarded)).toMatchObject({ forbidder: 'centre', basis: 'said', changed: true })
    expect(judged(scp, null)).toMatchObject({ forbidder: 'centre', changed: false, rules: [] })
  })

  test('never the centre in the management account, which no SCP binds', () => {
    expect(judged(said('999988887777', 'cloudtrail:StopLogging'), guarded).forbidder).toBe('own_iam')
  })

  test('nobody for certain, where the controls are not known', () => {
    expect(judged(said(CITY, 'cloudtrail:StopLogging'), { ...guarded, readAt: null })).toMatchObject({
      forbidder: 'open',
      decision: null,
    })
  })

  test('rules that may be the ones, where AWS names the centre and the message does not tell the region', () => {
    const scp = said(CITY, 'ec2:RunInstances', 'with an explicit deny in a service control policy')
    const finding = judged(scp, guarded)
    expect(finding).toMatchObject({ forbidder: 'centre', basis: 'said', possible: true })
    expect(finding.rules.map(({ ref }) => ref.policy)).toEqual(['regions'])
    const named = judge(scp, [requestOfMessage(scp)], guarded, 'keep-the-trail')
    expect(named.rules.map(({ ref }) => ref.policy)).toEqual(['regions'])
  })

  test('an RCP of this account says nothing of a resource whose owner is not known', () => {
    const withRcp: AccountPolicies = {
      ...policies([]),
      rcps: [{ target: 'r-abcd', policies: [{ id: 'p-3', name: 'no-reading', document: NO_READING }] }],
    }
    const read = (resource: string) =>
      judged(denialIn(`User: arn:aws:iam::${CITY}:user/a is not authorized to perform: ${resource}`), withRcp)
    expect(
      read(
        `secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:ap-northeast-1:${CITY}:secret:x`,
      ),
    ).toMatchObject({ forbidder: 'centre', kind: 'rcp' })
    expect(
      read(
        'secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:ap-northeast-1:222233334444:secret:x',
      ),
    ).toMatchObject({ forbidder: 'open', decision: { verdict: 'unknown' } })
    expect(read('s3:GetObject on resource: arn:aws:s3:::docs/x')).toMatchObject({ forbidder: 'open' })
  })
})

test.each([
  ['because no identity-based policy allows the action', 'own_lacks'],
  ['with an explicit deny in an identity-based policy', 'own_denies'],
  ['because no permissions boundary allows the action', 'boundary'],
  ['with an explicit deny in a session policy', 'session'],
  ['because no role trust policy allows the action', 'trust'],
  ['because no resource-based policy allows the action', 'resource_lacks'],
  ['with an explicit deny in a resource-based policy', 'resource_denies'],
  ['because no VPC endpoint policy allows the action', 'network'],
  ['because no service control policy allows the action', 'centre'],
] as const)('%s: the way out is that of `%s`', (tail, cause) => {
  const denial = said(CITY, 'iam:GetRole', tail)
  expect(causeOf(judged(denial, null), denial.why)).toBe(cause)
})
