import { describe, expect, it } from 'vitest'
import { BASE_ACTIONS, DECLARED_ACTIONS, NEEDS_BY_ADAPTER } from './actions.ts'
import { delegateRolePolicy, rankanRolePolicy } from './policy.ts'

/** IAM: a role's inline policies hold 10,240 characters, a managed policy 6,144, white space not counted. */
const MANAGED_POLICY_LIMIT = 6144

describe("the policy of Rankan's role", () => {
  const allowed = rankanRolePolicy().Statement.flatMap((s) => s.Action)

  const delegated = delegateRolePolicy().Statement.flatMap((s) => s.Action)

  it("allows what the adapters declare, each action once, here or in the delegated administrator's account", () => {
    for (const action of DECLARED_ACTIONS)
      expect([...allowed, ...delegated].filter((a) => a === action)).toEqual([action])
    expect(delegated.filter((a) => !a.startsWith('securityhub:'))).toEqual([])
  })

  it('has no wildcard in an action', () => {
    expect(allowed.filter((a) => a.includes('*'))).toEqual([])
  })

  it('cannot enter an account of a tenant', () => {
    expect(allowed.filter((a) => a.startsWith('sts:') || a.startsWith('iam:'))).toEqual([])
    expect(BASE_ACTIONS).toEqual(['sts:AssumeRole'])
  })

  it('fits into one managed policy', () => {
    expect(JSON.stringify(rankanRolePolicy()).length).toBeLessThan(MANAGED_POLICY_LIMIT)
  })

  it('says in both languages what each action is for', () => {
    for (const needs of Object.values(NEEDS_BY_ADAPTER))
      for (const { action, reason } of needs) {
        expect(action).toMatch(/^[a-z0-9]+:[A-Z]\w+$/)
        expect(reason.ja).not.toBe('')
        expect(reason.en).not.toBe('')
      }
  })
})
