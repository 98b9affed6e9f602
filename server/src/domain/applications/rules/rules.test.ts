import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type PartialVendForm, partialVendForm } from '../draft.ts'
import type { ChangeForm } from '../form.ts'
import { passesByItself } from '../policy.ts'
import { sampleVendForm } from '../sample.ts'
import { CHANGE_EVALUATORS } from './change.ts'
import { blocking, EVALUATORS, evaluateChange, evaluateRules } from './evaluate.ts'
import { approvalPolicySchema, namingSchema, rulebookSchema, ruleText } from './rulebook.ts'
import type { RegisterFacts, RuleContext } from './types.ts'

const data = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../data/rules/${name}`, import.meta.url), 'utf8'))
const book = rulebookSchema.parse(data('vending.json'))
const policy = approvalPolicySchema.parse(data('approval.json'))
const changeRules = z.object({ rules: z.array(ruleText) }).parse(data('change.json')).rules
const register: RegisterFacts = {
  organisation: { name: '千代田区' },
  unknownTenants: [],
  takenNames: new Set(),
  systemProviders: [],
  organisationProviders: [],
  contract: null,
  deadAddresses: new Set(),
}
const context = (over: Partial<RuleContext> = {}): RuleContext => ({
  today: '2026-11-21',
  settings: book.settings,
  naming: namingSchema.parse(data('naming.json')),
  mailDomain: 'aws.example.lg.jp',
  register,
  ...over,
})

const sample = sampleVendForm()
type Patch = { [K in keyof PartialVendForm]?: unknown }
const form = (patch: Patch): PartialVendForm => ({ ...sample, ...patch }) as PartialVendForm
const verdict = (rule: string, patch: Patch, over: Partial<RuleContext> = {}) => {
  const found = evaluateRules(form(patch), book, context(over)).find((v) => v.rule === rule)
  return found && [found.outcome, found.reason]
}
const operator = {
  company: 'A社',
  contractNumber: 'C-1',
  contractStart: '2026-04-01',
  contractEnd: '2027-03-31',
}
const contactsWith = (email: string, group = true) => ({
  ...sample.contacts,
  security: { ...sample.contacts.security, email, group },
})

/** rule, what is changed in a sound form, facts of the register, expected outcome and reason. */
const CASES: readonly [string, Patch, Partial<RegisterFacts> | null, string, string][] = [
  ['organisation_known', {}, { organisation: null }, 'fail', 'not_known'],
  ['organisation_known', {}, { unknownTenants: ['999999'] }, 'fail', 'tenants_not_known'],
  ['region_allowed', { environments: [{ environment: 'production', regions: ['us-east-1'] }] }, {}, 'fail', 'not_allowed'],
  ['region_allowed', { environments: [{ environment: 'production', regions: ['ap-northeast-3'] }] }, {}, 'pass', 'allowed'],
  ['environments_separate', { environments: [{ environment: 'production', regions: [] }] }, {}, 'warn', 'no_staging'],
  ['environments_separate', { environments: [{ environment: 'staging', regions: [] }] }, {}, 'warn', 'no_production'],
  ['development_needs_cicd', { environments: [{ environment: 'development' }], cicd: { declared: false, tools: '' } }, {}, 'fail', 'not_declared'],
  ['development_needs_cicd', { environments: [{ environment: 'development' }], cicd: { declared: true, tools: '' } }, {}, 'fail', 'no_tools'],
  ['development_needs_cicd', { environments: [{ environment: 'development' }] }, {}, 'pass', 'declared'],
  ['account_names_unique', {}, { takenNames: new Set(['131016-juki-prd-01']) }, 'pass', 'numbered'],
  ['contract_dates', { operator: { ...operator, contractEnd: '2026-03-31' } }, {}, 'fail', 'reversed'],
  ['contract_dates', { operator }, { contract: { end: '2026-12-31' } }, 'fail', 'not_registered'],
  ['contract_dates', { operator: null, operators: sample.admins }, {}, 'fail', 'operators_without_contract'],
  ['contract_covers_start', { operator: { ...operator, contractEnd: '2026-11-30' } }, {}, 'fail', 'outside'],
  ['contract_covers_start', { operator: { ...operator, contractEnd: '2026-12-15' } }, {}, 'warn', 'ends_soon'],
  ['contract_covers_start', { operator, dates: { start: '2026-12-01', end: '2028-01-01' } }, {}, 'warn', 'ends_before_use'],
  ['contacts_reachable', { contacts: contactsWith('taro.yamada@city.example.lg.jp') }, {}, 'fail', 'person'],
  ['contacts_reachable', { contacts: contactsWith('someone@gmail.com') }, {}, 'fail', 'free_mail'],
  ['contacts_reachable', { contacts: contactsWith('x@mail.example.invalid') }, {}, 'fail', 'dead'],
  ['contacts_reachable', { contacts: contactsWith('soc@city.example.lg.jp') }, { deadAddresses: new Set(['soc@city.example.lg.jp']) }, 'fail', 'dead'],
  ['contacts_reachable', { contacts: contactsWith('soc@city.example.lg.jp', false) }, {}, 'warn', 'not_declared'],
  ['admins_named', { admins: [] }, {}, 'fail', 'nobody'],
  ['admins_named', { admins: sample.admins.slice(0, 1) }, {}, 'warn', 'only_one'],
  ['admins_named', { admins: [{ ...sample.admins[0], email: 'security@city.example.lg.jp' }] }, {}, 'fail', 'shared_mailbox'],
  ['placement_system', {}, { systemProviders: ['azure'] }, 'fail', 'split'],
  ['placement_organisation', {}, { organisationProviders: ['aws', 'oci'] }, 'fail', 'several'],
  ['placement_portable', { provider: { name: 'aws', placement: 'provider_only' } }, {}, 'fail', 'provider_only'],
  ['placement_portable', { provider: { name: 'aws', placement: 'managed' } }, {}, 'warn', 'managed_no_reason'],
  ['provider_vended', { provider: { name: 'azure', placement: 'portable' } }, {}, 'fail', 'not_vended'],
  ['customer_key', { data: { class: 'confidentiality_3', personal: false, customerKey: false, keyOwner: '' } }, {}, 'fail', 'no_key'],
  ['customer_key', { data: { class: 'confidentiality_1', personal: true, customerKey: true, keyOwner: '' } }, {}, 'fail', 'no_owner'],
  ['customer_key', { data: { class: 'confidentiality_2', personal: false, customerKey: false, keyOwner: '' } }, {}, 'pass', 'not_needed'],
  ['shared_use', { use: { mode: 'shared', tenants: [], separation: 'account', tenantsConsent: true } }, {}, 'fail', 'no_tenants'],
  ['shared_use', { use: { mode: 'shared', tenants: ['131024'], separation: null } }, {}, 'fail', 'no_separation'],
  ['shared_use', { use: { mode: 'shared', tenants: ['131024'], separation: 'network' } }, {}, 'fail', 'no_consent'],
  ['shared_use', { use: { mode: 'single', tenants: ['131024'] } }, {}, 'fail', 'tenants_in_single'],
  ['dates', { dates: { start: '2026-11-20' } }, {}, 'fail', 'past'],
  ['dates', { dates: { start: '2026-12-01', end: '2026-12-01' } }, {}, 'fail', 'reversed'],
  ['dates', { dates: { start: '2026-11-21' } }, {}, 'warn', 'today'],
  ['dates', { dates: { start: '2028-11-21' } }, {}, 'warn', 'too_far'],
  ['budget_year', { dates: { start: '2027-03-31' } }, {}, 'pass', 'funded'],
  ['budget_year', { dates: { start: '2027-04-01' } }, {}, 'fail', 'other_year'],
  ['budget_year', { billing: { ...sample.billing, budgetYen: 0 } }, {}, 'fail', 'no_budget'],
  ['network', { network: { closedConnection: true, cidr: '8.8.0.0/20' } }, {}, 'fail', 'not_private'],
  ['network', { network: { closedConnection: true, cidr: '10.0.1.0/20' } }, {}, 'fail', 'bad_cidr'],
  ['network', { network: { closedConnection: true, cidr: '172.16.0.0/16' } }, {}, 'pass', 'in_order'],
  ['network', { network: { closedConnection: true, cidr: '172.32.0.0/16' } }, {}, 'fail', 'not_private'],
  ['consent', { consent: { ...sample.consent, accepted: false } }, {}, 'fail', 'not_agreed'],
  ['consent', { consent: { ...sample.consent, baselineVersion: '0.9.0' } }, {}, 'fail', 'old_version'],
] // biome-ignore format: a table

describe('the rules', () => {
  it('have one evaluator each, and every evaluator a rule', () => {
    expect(book.rules.map((r) => r.id).sort()).toEqual(Object.keys(EVALUATORS).sort())
    expect(changeRules.map((r) => r.id).sort()).toEqual(Object.keys(CHANGE_EVALUATORS).sort())
  })

  it('all hold for the sample', () => {
    const verdicts = evaluateRules(sample as PartialVendForm, book, context())
    expect(verdicts.filter((v) => v.outcome !== 'pass')).toEqual([])
  })

  it.each(CASES)('%s: case %#', (rule, patch, facts, outcome, reason) => {
    expect(verdict(rule, patch, { register: { ...register, ...facts } })).toEqual([outcome, reason])
  })

  it('judge any unfinished form without throwing, and know nothing of an empty one but what is wrong by itself', () => {
    const verdicts = evaluateRules({}, book, context({ register: null }))
    expect(verdicts.filter((v) => v.outcome === 'fail')).toEqual([])
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...Object.keys(sample)), (value, key) => {
        const partial = partialVendForm({ ...sample, [key]: value })
        for (const facts of [null, register]) evaluateRules(partial, book, context({ register: facts }))
        return true
      }),
    )
  })

  it('say unknown, never pass, where the register is needed and not there', () => {
    const needs = ['organisation_known', 'account_names_unique', 'placement_system', 'placement_organisation']
    for (const rule of needs)
      expect(verdict(rule, {}, { register: null })).toEqual(['unknown', 'needs_register'])
  })

  it('an exception lifts only a failure of a rule that allows it, with a reason and an expiry to come', () => {
    const provider = { name: 'aws', placement: 'provider_only', placementReason: '' }
    const asked = (rule: string, expiresOn: string) => [{ rule, reason: 'r', expiresOn }]
    const stops = (patch: Patch) => blocking(evaluateRules(form(patch), book, context())).map((v) => v.rule)
    expect(stops({ provider })).toEqual(['placement_portable'])
    expect(stops({ provider, exceptions: asked('placement_portable', '2027-01-01') })).toEqual([])
    expect(stops({ provider, exceptions: asked('placement_portable', '2026-11-21') })).toEqual([
      'placement_portable',
    ])
    const dates = { start: '2026-11-01' }
    expect(stops({ dates, exceptions: asked('dates', '2027-01-01') })).toContain('dates')
  })

  it('nothing with an exception, an unknown or an untolerated warning passes by itself', () => {
    const auto = (patch: Patch, over: Partial<RuleContext> = {}) => {
      const f = form(patch)
      return passesByItself(
        'centre',
        f as Parameters<typeof passesByItself>[1],
        evaluateRules(f, book, context(over)),
        policy,
      )
    }
    expect(auto({})).toBe(true)
    expect(auto({}, { register: null })).toBe(false)
    expect(auto({ contacts: contactsWith('soc@city.example.lg.jp', false) })).toBe(false)
    const provider = { name: 'aws', placement: 'provider_only' }
    expect(
      auto({ provider, exceptions: [{ rule: 'placement_portable', reason: 'r', expiresOn: '2027-01-01' }] }),
    ).toBe(false)
    expect(auto({ billing: { ...sample.billing, monthlyLimitUsd: 20_001 } })).toBe(false)
  })
})

describe('the rules of changes', () => {
  const facts = {
    account: { name: 'a', status: 'active' as const, environment: 'staging' as const },
    openApplication: null,
  }
  const judge = (change: Partial<ChangeForm>, over: Partial<typeof facts> | { account: null } = {}) =>
    evaluateChange(
      { accountId: '1'.repeat(12), reason: 'r', ...change } as ChangeForm,
      changeRules,
      { ...facts, ...over },
      context(),
    )
      .filter((v) => v.outcome !== 'pass')
      .map((v) => `${v.rule}.${v.reason}`)

  it('fit the state of the account', () => {
    expect(judge({ kind: 'suspend' })).toEqual([])
    expect(judge({ kind: 'resume' })).toEqual(['account_state.wrong'])
    expect(judge({ kind: 'move', environment: 'staging' })).toEqual(['account_state.same_environment'])
    expect(judge({ kind: 'suspend' }, { openApplication: 'app_1' } as never)).toEqual(['one_request.open'])
    expect(judge({ kind: 'suspend' }, { account: null })).toEqual([
      'account_known.not_known',
      'account_state.needs_register',
    ])
    expect(judge({ kind: 'close', dataExported: true, evidenceKept: false, finalUnderstood: true })).toEqual([
      'close_evidence.no_evidence',
    ])
  })
})
