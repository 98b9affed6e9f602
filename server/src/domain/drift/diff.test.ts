import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACCOUNT_STATUSES, AWS_ACCOUNT_STATES } from '../accounts/status.ts'
import { compare, type EstateEntry, type RegisterEntry, type RegisterSnapshot } from './diff.ts'

const id = fc.integer({ min: 1, max: 12 }).map((n) => String(n).padStart(12, '0'))
const fields = {
  accountId: id,
  name: fc.constantFrom('a', 'b'),
  email: fc.constantFrom('a@example.jp', 'b@example.jp', 'B@example.jp'),
  ouId: fc.constantFrom('ou-1', 'ou-2'),
}
const mine: fc.Arbitrary<RegisterEntry> = fc.record({
  ...fields,
  status: fc.constantFrom(...ACCOUNT_STATUSES),
  awsState: fc.constantFrom(...AWS_ACCOUNT_STATES),
})
const theirs: fc.Arbitrary<EstateEntry> = fc.record({
  ...fields,
  state: fc.constantFrom(...AWS_ACCOUNT_STATES),
})
const unique = <T extends { accountId: string }>(one: fc.Arbitrary<T>) =>
  fc.uniqueArray(one, { selector: (entry) => entry.accountId, maxLength: 12 })
const register = (
  entries: readonly RegisterEntry[],
  over: Partial<RegisterSnapshot> = {},
): RegisterSnapshot => ({
  entries,
  busy: new Set(),
  expectedEmails: new Set(),
  ownAccounts: new Set(),
  ...over,
})

describe('compare', () => {
  it('incomplete_listing_proves_no_absence', () => {
    fc.assert(
      fc.property(unique(mine), unique(theirs), (entries, listed) => {
        const { findings, follow } = compare(register(entries), { entries: listed, complete: false })
        const seen = new Set(listed.map((entry) => entry.accountId))
        expect(findings.filter((f) => f.kind === 'left_organization')).toEqual([])
        expect([...findings, ...follow].every((one) => seen.has(one.accountId))).toBe(true)
      }),
    )
  })

  it('what_a_workflow_works_on_is_left_alone', () => {
    fc.assert(
      fc.property(unique(mine), unique(theirs), fc.boolean(), (entries, listed, complete) => {
        const busy = new Set([...entries, ...listed].map((entry) => entry.accountId))
        expect(compare(register(entries, { busy }), { entries: listed, complete })).toEqual({
          findings: [],
          follow: [],
        })
      }),
    )
  })

  it('a_register_that_records_what_aws_shows_has_no_drift', () => {
    fc.assert(
      fc.property(unique(theirs), (listed) => {
        const open = listed.filter((entry) => entry.state === 'ACTIVE')
        const entries = open.map(({ state, ...rest }) => ({
          ...rest,
          awsState: state,
          status: 'active' as const,
        }))
        expect(compare(register(entries), { entries: open, complete: true }).findings).toEqual([])
      }),
    )
  })

  it('every_usable_account_that_nothing_explains_is_reported_once', () => {
    fc.assert(
      fc.property(unique(theirs), (listed) => {
        const { findings } = compare(register([]), { entries: listed, complete: true })
        const wanted = listed.filter((entry) => entry.state !== 'CLOSED').map((entry) => entry.accountId)
        expect(findings.map((f) => f.accountId).sort()).toEqual(wanted.sort())
        expect(new Set(findings.map((f) => f.kind)).size).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('does_not_depend_on_the_order_of_the_listing', () => {
    fc.assert(
      fc.property(unique(mine), unique(theirs), (entries, listed) => {
        const key = (one: object) => JSON.stringify(one)
        const there = compare(register(entries), { entries: listed, complete: true })
        const back = compare(register([...entries].reverse()), {
          entries: [...listed].reverse(),
          complete: true,
        })
        expect(back.findings.map(key).sort()).toEqual(there.findings.map(key).sort())
        expect(back.follow.map(key).sort()).toEqual(there.follow.map(key).sort())
      }),
    )
  })

  const base = { accountId: '111111111111', name: 'n', email: 'e@x.jp', ouId: 'ou-1' }
  const active: RegisterEntry = { ...base, status: 'active', awsState: 'ACTIVE' }
  it.each([
    ['moved', active, { ...base, state: 'ACTIVE' as const, ouId: 'ou-2' }, 'moved'],
    ['closed by hand', active, { ...base, state: 'PENDING_CLOSURE' as const }, 'closed_outside'],
    ['renamed', active, { ...base, state: 'ACTIVE' as const, name: 'other' }, 'renamed'],
    ['e-mail', active, { ...base, state: 'ACTIVE' as const, email: 'o@x.jp' }, 'email_changed'],
    [
      'reopened',
      { ...active, status: 'post_closure' as const, awsState: 'SUSPENDED' as const },
      { ...base, state: 'ACTIVE' as const },
      'reopened',
    ],
  ])('finds %s', (_, entry, listed, kind) => {
    const { findings } = compare(register([entry]), { entries: [listed], complete: true })
    expect(findings.map((f) => f.kind)).toEqual([kind])
  })

  it('follows a closing to its end without a person', () => {
    const closed: RegisterEntry = { ...active, status: 'post_closure', awsState: 'PENDING_CLOSURE' }
    const suspended = { ...base, state: 'SUSPENDED' as const }
    expect(compare(register([closed]), { entries: [suspended], complete: true }).follow).toEqual([
      { accountId: base.accountId, awsState: 'SUSPENDED' },
    ])
    expect(compare(register([closed]), { entries: [], complete: true }).follow).toEqual([
      { accountId: base.accountId, awsState: 'gone' },
    ])
  })
})
