import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACCESS, type Action } from '../domain/access/table.ts'
import { type Actor, CENTRAL_ROLES, ROLES, type Role } from '../domain/people/roles.ts'
import { cedarAuthoriser } from './authorise.ts'
import { permitsText } from './permits.ts'

const authorise = cedarAuthoriser()
const actions = Object.keys(ACCESS) as Action[]
const actor = (role: Role, organisationIds: readonly string[] = ['org_1']): Actor => ({
  kind: 'person',
  id: 'per_1',
  name: 'A',
  role,
  organisationIds: (CENTRAL_ROLES as readonly string[]).includes(role) ? [] : organisationIds,
})

describe('Cedar policies', () => {
  it('are the ones that the access table gives', () => {
    expect(readFileSync(new URL('../../policies/permits.cedar', import.meta.url), 'utf8')).toBe(permitsText())
  })

  it('agree with the access table for every role and action', () => {
    for (const action of actions) {
      for (const role of ROLES) {
        const expected = (ACCESS[action].roles as readonly Role[]).includes(role)
        expect([action, role, authorise(actor(role), action, { organisationId: 'org_1' }).allowed]).toEqual([
          action,
          role,
          expected,
        ])
      }
    }
  })

  it('tenants_never_cross', () => {
    fc.assert(
      fc.property(fc.constantFrom(...actions), fc.constantFrom(...ROLES), (action, role) => {
        const decision = authorise(actor(role, ['org_1']), action, { organisationId: 'org_2' })
        return !decision.allowed || (CENTRAL_ROLES as readonly string[]).includes(role)
      }),
    )
  })

  it('auditor_never_changes, even if a table said so', () => {
    for (const action of actions.filter((a) => ACCESS[a].effect === 'change')) {
      expect(authorise(actor('central_auditor'), action).because).toEqual(['auditor_never_changes'])
    }
  })

  it('applicant_never_approves', () => {
    const own = { organisationId: 'org_1', applicantId: 'per_1' }
    expect(authorise(actor('organisation_owner'), 'application.approve', own)).toEqual({
      allowed: false,
      because: ['applicant_never_approves'],
    })
    expect(
      authorise(actor('organisation_owner'), 'application.approve', { ...own, applicantId: 'per_2' }).allowed,
    ).toBe(true)
  })
})
