import { parsePolicy } from '@rankan/server/src/policy/parse/policy.ts'
import type { Policy, PolicyKind } from '@rankan/server/src/policy/policies.ts'
import { describe, expect, test } from 'vitest'
import { EXAMPLES } from './examples.ts'
import { NOTHING_IN_FORCE, type WhatIf, whatIf } from './what-if.ts'

function policyOf(document: object, kind: PolicyKind, name = 'draft'): Policy {
  const { policy } = parsePolicy(document, kind, { name })
  if (policy === null) throw new Error('no policy')
  return policy
}
const regions = policyOf(EXAMPLES.regions.document, 'scp')
const trail = policyOf(EXAMPLES.trail.document, 'scp', 'trail')

const form: WhatIf = {
  principal: 'arn:aws:iam::111122223333:role/Worker',
  action: 'ec2:RunInstances',
  resource: '*',
  keys: [{ key: 'aws:RequestedRegion', state: 'known', values: 'us-east-1' }],
  unlisted: 'unknown',
  own: 'allow',
}
const verdict = (part: Partial<WhatIf>, draft: Policy | null = regions, inForce = NOTHING_IN_FORCE) => {
  const answer = whatIf({ ...form, ...part }, draft, inForce)
  return 'decision' in answer ? answer.decision.verdict : answer.faults.map(({ field }) => field)
}

describe('what if', () => {
  test('has three values', () => {
    expect(verdict({})).toBe('denied')
    expect(
      verdict({ keys: [{ key: 'aws:RequestedRegion', state: 'known', values: 'ap-northeast-1' }] }),
    ).toBe('allowed')
    expect(verdict({ keys: [] })).toBe('unknown')
    // A key that is absent: the negated operator holds.
    expect(verdict({ keys: [], unlisted: 'absent' })).toBe('denied')
  })

  test('several values stand between commas', () => {
    expect(
      verdict({ keys: [{ key: 'aws:RequestedRegion', state: 'known', values: ' us-east-1, eu-west-1 ' }] }),
    ).toBe('denied')
  })

  test('the controls alone do not ask for permissions of the caller', () => {
    expect(
      verdict({
        own: 'unknown',
        keys: [{ key: 'aws:RequestedRegion', state: 'known', values: 'ap-northeast-1' }],
      }),
    ).toBe('unknown')
  })

  test('what is in force counts beside the draft, and a draft of its name replaces it', () => {
    const inForce = {
      scps: [{ target: 'Root', policies: [trail] }],
      rcps: [],
      managementAccount: '999988887777',
    }
    const stop = { action: 'cloudtrail:StopLogging', keys: [] }
    expect(verdict(stop, null, inForce)).toBe('denied')
    expect(verdict(stop, policyOf(EXAMPLES.regions.document, 'scp', 'trail'), inForce)).toBe('unknown')
    expect(verdict({ ...stop, principal: 'arn:aws:iam::999988887777:role/Admin' }, null, inForce)).toBe(
      'allowed',
    )
  })

  test('an identity policy is asked as the permissions of the caller', () => {
    const readers = policyOf(
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] },
      'identity',
    )
    expect(verdict({}, readers)).toBe('denied')
    expect(
      verdict({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', unlisted: 'absent' }, readers),
    ).toBe('allowed')
  })

  test('faults name their field', () => {
    expect(verdict({ action: 's3:*' })).toEqual(['action'])
    expect(verdict({ principal: 'me', action: '' })).toEqual(['action', 'principal'])
    expect(verdict({ resource: 'bucket' })).toEqual(['resource'])
  })
})
