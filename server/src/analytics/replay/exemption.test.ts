import { describe, expect, it } from 'vitest'
import { evaluate } from '../../policy/compile/evaluate.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import { NO_POLICIES, type Policy } from '../../policy/policies.ts'
import { contextOf } from '../../policy/request.ts'
import { ALL_GRANTED, estateOf } from './estate.ts'
import { withExemption } from './exemption.ts'
import { readTree } from './tree.ts'

const ROLE = 'arn:aws:iam::111122223333:role/Deploy'
const DENY = {
  Version: '2012-10-17',
  Statement: {
    Sid: 'NoKms',
    Effect: 'Deny',
    Action: 'kms:*',
    Resource: '*',
    Condition: { arnNotLike: { 'AWS:principalARN': 'arn:aws:iam::*:role/Admin' } },
  },
}
const policyOf = (document: object, name = 'p'): Policy => {
  const { policy } = parsePolicy(document, 'scp', { name })
  if (policy === null) throw new Error('no policy')
  return policy
}
const verdict = (document: object, arn: string) =>
  evaluate(
    {
      action: 'kms:Decrypt',
      resource: { arn: '*', account: '111122223333' },
      principal: { type: 'role', arn, account: '111122223333' },
      context: contextOf({ 'aws:PrincipalArn': arn }),
      unlisted: 'absent',
    },
    {
      ...ALL_GRANTED,
      scps: estateOf([policyOf(document)], null).setOf('111122223333', null, 'principal').set.scps,
    },
  ).verdict

describe('an exemption', () => {
  const exemption = { operator: 'ArnNotLike', key: 'aws:PrincipalArn', values: [ROLE] }

  it('spares whom it names, and nobody else; who was spared stays so', () => {
    const changed = withExemption(DENY, 0, exemption)
    const admin = 'arn:aws:iam::111122223333:role/Admin'
    expect([verdict(DENY, ROLE), verdict(changed, ROLE)]).toEqual(['denied', 'allowed'])
    expect([verdict(DENY, admin), verdict(changed, admin)]).toEqual(['allowed', 'allowed'])
    expect(verdict(changed, `${ROLE}2`)).toBe('denied')
    expect(JSON.stringify(DENY)).not.toContain('Deploy')
  })

  it('is refused where it would widen or do nothing', () => {
    expect(() => withExemption(DENY, 0, { ...exemption, operator: 'ArnLike' })).toThrow('spare')
    expect(() => withExemption(DENY, 1, exemption)).toThrow('denies nothing')
  })
})

describe('a tree', () => {
  const file = {
    managementAccount: '999988887777',
    root: { id: 'r-1', policies: ['a'] },
    ous: [{ id: 'ou-1', parent: 'r-1', policies: ['b'] }],
    accounts: [{ id: '111122223333', parent: 'ou-1' }],
  }
  const named = ['a', 'b'].map((name) => policyOf(DENY, name))

  it('gives an account the policies of its path, and one that it does not have none', () => {
    const { setOf } = estateOf(named, readTree(file, 'tree'))
    const levels = (account: string) => setOf(account, null, 'principal').set.scps
    expect(levels('111122223333')).toMatchObject([{ target: 'r-1' }, { target: 'ou-1' }])
    expect(levels('444455556666')).toEqual(NO_POLICIES.scps)
  })

  it('refuses parents that are not there, circles, and policies without a file', () => {
    const ou = (parent: string) => ({ ...file, ous: [{ id: 'ou-1', parent }] })
    expect(() => readTree(ou('ou-9'), 'tree')).toThrow('no OU `ou-9`')
    expect(() => readTree(ou('ou-1'), 'tree')).toThrow('its own ancestor')
    expect(() => estateOf(named.slice(1), readTree(file, 'tree'))).toThrow(
      'attaches 1 policy that the folder does not have',
    )
  })
})
