import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Actor, Role } from '../people/roles.ts'
import type { Delegation } from './delegation.ts'
import { makeDelegation } from './delegation.ts'
import {
  type Application,
  approve,
  approveByPolicy,
  isWaiting,
  type OrderState,
  reject,
  sendBack,
  stateOfOrders,
  submit,
  withdraw,
} from './life.ts'
import { dueReminders } from './policy.ts'
import type { ApprovalPolicy } from './rules/rulebook.ts'

const NOW = new Date('2026-11-21T03:00:00Z')
const ROLES: readonly Role[] = [
  'project_office',
  'organisation_owner',
  'central_operator',
  'central_auditor',
  'operator_company',
]
const actor = (id: string, role: Role, organisationIds: readonly string[] = ['org_1']): Actor => ({
  kind: 'person',
  id,
  name: id,
  role,
  organisationIds: role.startsWith('central') ? [] : organisationIds,
})
const draft: Application = {
  id: 'app_1',
  kind: 'vend',
  organisationId: 'org_1',
  applicant: { id: 'a', name: 'a', role: 'project_office' },
  version: 1,
  since: NOW.toISOString(),
  state: 'draft',
}

const people = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  role: fc.constantFrom(...ROLES),
  organisation: fc.constantFrom('org_1', 'org_2'),
})
const delegations = fc.array(
  fc.record({
    from: people,
    to: people,
    first: fc.constantFrom('2026-11-20', '2026-11-22'),
    last: fc.constantFrom('2026-11-21', '2026-11-30'),
  }),
  { maxLength: 6 },
)
const moves = fc.array(
  fc.record({
    who: people,
    move: fc.constantFrom('submit', 'approve', 'policy', 'return', 'reject', 'withdraw'),
    comment: fc.constantFrom('', 'why'),
  }),
  { maxLength: 25 },
)

type Move = { who: { id: string; role: Role; organisation: string }; move: string; comment: string }

function step(a: Application, { who, move, comment }: Move, given: readonly Delegation[]): Application {
  const by = actor(who.id, who.role, [who.organisation])
  const results = {
    submit: () => submit(a, by, NOW),
    approve: () => approve(a, by, given, comment, NOW),
    return: () => sendBack(a, by, given, comment, NOW),
    reject: () => reject(a, by, given, comment, NOW),
    withdraw: () => withdraw(a, by, NOW),
  }
  if (move === 'policy') return isWaiting(a) ? approveByPolicy(a, 'v1', NOW) : a
  const result = results[move as keyof typeof results]()
  return result.ok ? result.value : a
}

function made(
  all: readonly { from: Move['who']; to: Move['who']; first: string; last: string }[],
): readonly Delegation[] {
  return all.flatMap(({ from, to, first, last }, i) => {
    const wish = {
      id: `dlg_${i}`,
      to: { id: to.id, name: to.id, role: to.role },
      firstDay: first,
      lastDay: last,
      reason: 'r',
    }
    const result = makeDelegation(actor(from.id, from.role, [from.organisation]), wish, 92)
    return result.ok ? [result.value] : []
  })
}

function run(all: readonly Move[], given: readonly Delegation[]): readonly Application[] {
  const path: Application[] = [draft]
  for (const move of all) path.push(step(path.at(-1) ?? draft, move, given))
  return path
}

describe('the life of an application', () => {
  it('applicant_never_approves, nobody_approves_twice, and who stands in does not either', () => {
    fc.assert(
      fc.property(moves, delegations, (all, wishes) => {
        for (const a of run(all, made(wishes))) {
          const approvals = [
            ...('organisation' in a ? [a.organisation] : []),
            ...('centre' in a ? [a.centre] : []),
          ]
          const persons = approvals.flatMap((p) =>
            p.automatic ? [] : [p.by.id, ...(p.onBehalfOf ? [p.onBehalfOf.id] : [])],
          )
          if (persons.includes('a') || new Set(persons).size !== persons.length) return false
        }
        return true
      }),
      { numRuns: 2_000 },
    )
  })

  it('only_the_right_role_decides: the organisation’s own owner first, then the centre', () => {
    fc.assert(
      fc.property(moves, (all) => {
        for (const a of run(all, [])) {
          if (
            'organisation' in a &&
            !a.organisation.automatic &&
            a.organisation.by.role !== 'organisation_owner'
          )
            return false
          if ('centre' in a && !a.centre.automatic && a.centre.by.role !== 'central_operator') return false
        }
        return true
      }),
      { numRuns: 1_000 },
    )
  })

  it('what_is_over_stays_over, and the version counts every change', () => {
    fc.assert(
      fc.property(moves, delegations, (all, wishes) => {
        const path = run(all, made(wishes))
        return path.every((a, i) => {
          const before = path[i - 1]
          if (!before || before === a) return true
          return (
            a.version === before.version + 1 && !['rejected', 'withdrawn', 'queued'].includes(before.state)
          )
        })
      }),
      { numRuns: 1_000 },
    )
  })

  it('an owner of another organisation decides nothing', () => {
    const waiting = submit(draft, actor('a', 'project_office'), NOW)
    if (!waiting.ok) throw new Error('not submitted')
    expect(approve(waiting.value, actor('b', 'organisation_owner', ['org_2']), [], '', NOW)).toEqual({
      ok: false,
      error: 'other_organisation',
    })
  })
})

describe('the state of an approved application', () => {
  it('is that of its orders', () => {
    const cases: readonly [readonly OrderState[], string][] = [
      [['queued', 'queued'], 'queued'],
      [['queued', 'running'], 'running'],
      [['queued', 'finished'], 'running'],
      [['needs_repair', 'running'], 'needs_repair'],
      [['finished', 'finished'], 'ready'],
      [['finished', 'abandoned'], 'ready'],
      [['abandoned', 'abandoned'], 'abandoned'],
    ]
    for (const [orders, state] of cases) expect([orders, stateOfOrders(orders)]).toEqual([orders, state])
  })
})

describe('reminders', () => {
  const policy = { reminders: { afterHours: [24, 72] } } as unknown as ApprovalPolicy
  it('fall due once each', () => {
    const since = '2026-11-18T00:00:00Z'
    expect(dueReminders({ since }, [], policy, new Date('2026-11-18T23:59:00Z'))).toEqual([])
    expect(dueReminders({ since }, [], policy, new Date('2026-11-19T00:00:00Z'))).toEqual([24])
    expect(dueReminders({ since }, [24], policy, new Date('2026-11-21T00:00:00Z'))).toEqual([72])
    expect(dueReminders({ since }, [24, 72], policy, new Date('2027-11-21T00:00:00Z'))).toEqual([])
  })
})
