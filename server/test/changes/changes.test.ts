import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountRow } from '../../src/domain/accounts/view.ts'
import type { ApplicationTimeline } from '../../src/domain/accounts/work-view.ts'
import { sampleVendForm } from '../../src/domain/applications/sample.ts'
import type { LedgerEntryView } from '../../src/domain/ledger/view.ts'
import { startWorld, type Tenant, type World } from './api.ts'
import { type Administrator, administrator } from './aws.ts'

const DAY_MS = 86_400_000
const TENANTS = ['sabae', 'echizen'] as const

let world: World
beforeAll(async () => {
  world = await startWorld()
  // The first AWS organisation with room takes the first tenant; the next tenant gets the other one.
  for (const name of TENANTS) await world[name].vend('life', ['production'])
})
afterAll(() => world?.stop())

/**
 * Every change of an account on the running product: asked for and approved through the API, carried out by a worker,
 * seen in the register by the tenant and in the estate by AWS's own client.
 */
describe.each(TENANTS)('the account of %s', (name) => {
  let tenant: Tenant
  let aws: Administrator
  let account: AccountRow
  beforeAll(async () => {
    tenant = world[name]
    aws = administrator(world.endpoint, tenant.aws)
    const { items } = await tenant.office.get<{ items: AccountRow[] }>(
      `/api/accounts?text=${tenant.code}-life-`,
    )
    if (!items[0]) throw new Error('There is no account.')
    account = items[0]
  })

  const ask = (kind: string, fields: object = {}) =>
    tenant.carryOut({ kind, accountId: account.accountId, reason: 'as the office asked', ...fields })
  const register = () => world.account(account.accountId)

  it('stands in its AWS organisation, in the OU of its environment', async () => {
    expect(account).toMatchObject({ awsOrganizationId: tenant.awsOrganizationId, status: 'active' })
    expect(await aws.ouNameOf(account.accountId)).toBe('Production')
    expect(await aws.products(account.accountId)).toEqual(
      tenant.aws.engine === 'account_factory' ? ['AVAILABLE'] : [],
    )
  })

  it('gets other contacts', async () => {
    const { contacts } = sampleVendForm()
    const security = { ...contacts.security, email: 'watch@city.example.lg.jp', name: '監視係' }
    await ask('change_contacts', { contacts: { ...contacts, security } })
    expect(await aws.contact(account.accountId, 'SECURITY')).toBe('watch@city.example.lg.jp')
    expect(await aws.contact(account.accountId, 'BILLING')).toBe(contacts.billing.email)
    expect((await register()).contacts).toContainEqual(
      expect.objectContaining({ type: 'SECURITY', email: 'watch@city.example.lg.jp', name: '監視係' }),
    )
  })

  it('gets another owner and other administrators: those before lose their rights', async () => {
    const form = sampleVendForm()
    const before = await aws.members(`${account.name}-admin`)
    expect(before).toContain(form.owner.userName)
    const person = (user: string) => ({
      userName: `${user}@city.example.lg.jp`,
      email: `${user}@city.example.lg.jp`,
      firstName: '次郎',
      lastName: user,
    })
    await ask('change_owner', { owner: person('jiro'), admins: [person('jiro'), person('saburo')] })
    const after = ['jiro@city.example.lg.jp', 'saburo@city.example.lg.jp']
    expect(await aws.members(`${account.name}-admin`)).toEqual(after)
    expect((await register()).facts.admins?.split(' ').sort()).toEqual(after)
  })

  it('moves to the OU of another environment', async () => {
    await ask('move', { environment: 'staging' })
    expect(await aws.ouNameOf(account.accountId)).toBe('Staging')
    expect(await register()).toMatchObject({ environment: 'staging', ouName: 'Staging', status: 'active' })
  })

  it('denies everything to its tenant while it is suspended, and nothing after', async () => {
    const system = await aws.tenant(account.accountId)
    expect(await system.work()).toBe('system')
    await ask('suspend')
    expect(await system.work()).toMatch(/AccessDenied.*explicit deny in a service control policy/)
    expect(await register()).toMatchObject({
      status: 'suspended',
      suspension: { reason: 'as the office asked' },
    })
    await ask('resume')
    expect(await system.work()).toBe('system')
    expect(await register()).toMatchObject({ status: 'active', suspension: null })
  })

  it('closes: evidence first, then released, then closed, and 90 days until AWS deletes it', async () => {
    const { id } = await ask('close', { dataExported: true, evidenceKept: true, finalUnderstood: true })
    expect((await aws.stateOf(account.accountId)).state).toMatch(/^(PENDING_CLOSURE|SUSPENDED)$/)
    expect(await aws.products(account.accountId)).toEqual([])
    await expect(aws.members(`${account.name}-admin`)).rejects.toThrow(/not found|ResourceNotFound/i)
    const closed = await register()
    expect(closed.status).toBe('post_closure')
    const { requestedAt, windowEndsAt, evidenceHash } = closed.closure ?? {
      requestedAt: '',
      windowEndsAt: '',
      evidenceHash: '',
    }
    expect(Date.parse(windowEndsAt) - Date.parse(requestedAt)).toBe(90 * DAY_MS)
    const { works } = await tenant.office.get<ApplicationTimeline>(`/api/applications/${id}/timeline`)
    const at = new Map(works[0]?.steps.map((step) => [step.step, step]))
    const inOrder = ['freeze-evidence', 'release', 'released', 'close-account', 'record-closing']
    const times = inOrder.map((step) => at.get(step)?.finishedAt ?? '')
    expect(times).toEqual([...times].sort())
    expect((at.get('close-account')?.startedAt ?? '') >= (times[2] ?? 'z')).toBe(true)
    const { items } = await world.auditor.get<{ items: LedgerEntryView[] }>(
      `/api/ledger?subject=${account.accountId}&limit=50`,
    )
    const kinds = items.map((entry) => entry.kind).reverse()
    // The sweep may already have followed AWS further.
    expect(kinds.slice(0, 10)).toEqual([
      'account.known',
      'account.active',
      'account.contacts_changed',
      'account.owners_changed',
      'account.moved',
      'account.suspended',
      'account.resumed',
      'account.closing',
      'account.evidence_frozen',
      'account.post_closure',
    ])
    const frozen = items.find((entry) => entry.kind === 'account.evidence_frozen')
    expect(JSON.parse(frozen?.body ?? '{}')).toMatchObject({ data: { sha256: evidenceHash } })
  })
})
