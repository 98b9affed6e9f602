import type { Carrier, KeptCarrier } from '../../domain/controls/kept.ts'
import type { PlanQuota } from '../../domain/controls/plans.ts'
import type { ControlPlace, ControlWorld, PackSight, SeenPack } from '../../domain/controls/world.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { fill } from '../fill.ts'
import type { Chosen } from './choose.ts'
import { NO_PART, type PartPlan, type PlanInput } from './input.ts'
import data from './limits.json' with { type: 'json' }
import type { Change } from './policy-steps.ts'

const LIMITS = data.packs

/** Whether a form can be a rule of a conformance pack. */
export const isPackRule = ({ form }: Chosen): boolean =>
  form.kind === 'config-managed-rule' || form.kind === 'config-guard-rule'

/**
 * Accounts that a pack on the target must leave out: organisation packs go to every account. null: more than AWS lets
 * one leave out, so that the target cannot have a pack.
 */
export function excludedFor({ places }: ControlWorld, target: string): readonly string[] | null {
  const parents = new Map(places.map((one) => [one.id, one]))
  const inside = (place: ControlPlace): boolean => {
    for (let at: ControlPlace | undefined = place; at !== undefined; at = parents.get(at.parentId ?? ''))
      if (at.id === target) return true
    return false
  }
  const outside = places.filter((one) => one.kind === 'account' && !inside(one)).map(({ id }) => id)
  return outside.length > LIMITS.maxExcludedAccounts ? null : outside.sort()
}

interface WantedPack {
  readonly name: string
  readonly template: string
  readonly rules: number
  readonly controls: readonly string[]
}

/** Detective forms as rules of organisation conformance packs: the path that needs no landing zone. */
export function packPlan(forms: readonly Chosen[], input: PlanInput): PartPlan {
  const { packs } = input.world
  const excluded = excludedFor(input.world, input.target)
  if (packs === null || excluded === null) return NO_PART
  const wanted = wantedPacks(forms, input)
  const names = new Set(wanted.map(({ name }) => name))
  const ours = input.kept.carriers.filter((one) => one.part === 'packs' && one.target === input.target)
  const gone = ours.filter((one) => !names.has(one.name) && packs.packs.some(({ name }) => name === one.name))
  const isOn = (name: string) =>
    packs.packs.some((one) => one.name === name && isRight(one, excluded) && isAsApplied(one, ours))
  return {
    changes: [
      ...wanted.filter(({ name }) => !isOn(name)).map((one) => putting(one, packs, excluded, ours)),
      ...gone.map(deleting),
    ],
    mechanisms: forms.map(({ control, type, form }) => {
      const by = wanted.find(({ controls }) => controls.includes(control.record.id))?.name ?? null
      return {
        control: control.record.id,
        type,
        form: form.kind,
        part: 'packs',
        by,
        state: by !== null && isOn(by) ? 'in_force' : 'to_do',
        why: null,
      }
    }),
    carriers: wanted.map(({ name, controls }) => ({
      part: 'packs',
      name,
      // What an apply puts there now has a time of its own, which that apply will see.
      ref: isOn(name) ? (ours.find((one) => one.name === name)?.ref ?? null) : null,
      controls: [...controls],
    })),
    quotas: [...wanted.flatMap(packQuotas), ...(wanted.length === 0 ? [] : [exclusions(excluded.length)])],
    notes: [],
  }
}

const isRight = ({ status, excludedAccounts }: SeenPack, excluded: readonly string[]): boolean =>
  !status.endsWith('FAILED') && [...excludedAccounts].sort().join() === excluded.join()

/**
 * Whether nobody has changed a pack of ours since we applied it. AWS does not give its template back: that it still has
 * the time that our apply saw is the only sign that it says what we put there.
 */
const isAsApplied = ({ name, updatedAt }: SeenPack, ours: readonly KeptCarrier[]): boolean =>
  ours.some((one) => one.name === name && one.ref === updatedAt)

export type PackDrift = { readonly what: 'deleted' } | { readonly what: 'changed'; readonly at: string }

/** What happened to a pack of ours since it was applied. Of one that was applied before times were kept only that it is gone. */
export function packDrift({ name, ref }: KeptCarrier, { packs }: PackSight): readonly PackDrift[] {
  const found = packs.find((one) => one.name === name)
  if (found === undefined) return [{ what: 'deleted' }]
  if (ref === null || found.updatedAt === null || found.updatedAt === ref) return []
  return [{ what: 'changed', at: found.updatedAt }]
}

function putting(
  { name, template, controls }: WantedPack,
  { packs }: PackSight,
  excludedAccounts: readonly string[],
  ours: readonly KeptCarrier[],
): Change {
  const before = packs.find((one) => one.name === name)
  const effect = {
    do: 'put_conformance_pack' as const,
    name,
    template,
    parameters: {},
    excludedAccounts: [...excludedAccounts],
  }
  if (before === undefined) return { effect, undo: { do: 'delete_conformance_pack', name }, controls }
  // What somebody else wrote into it cannot be read, and so not be put back.
  const undo = isAsApplied(before, ours)
    ? { ...effect, excludedAccounts: [...before.excludedAccounts] }
    : null
  return { effect, undo, controls }
}

/** AWS does not give templates back, so what is deleted can only be planned again. */
const deleting = ({ name, controls }: Carrier): Change => ({
  effect: { do: 'delete_conformance_pack', name },
  undo: null,
  controls,
})

interface Rule {
  readonly control: string
  readonly id: string
  readonly resource: object
}

function wantedPacks(forms: readonly Chosen[], { hash, target }: PlanInput): readonly WantedPack[] {
  const rules = forms.map(ruleOf).sort((a, b) => (a.id < b.id ? -1 : 1))
  const bins: Rule[][] = []
  for (const rule of rules) {
    const bin = bins.find((one) => fits([...one, rule]))
    if (bin === undefined) bins.push([rule])
    else bin.push(rule)
  }
  return bins.map((bin) => {
    const template = templateOf(bin)
    return {
      // The same rules on two targets are two packs: each leaves out other accounts.
      name: `rankan-pack-${hash(`${target}\n${template}`).slice(0, 12)}`,
      template,
      rules: bin.length,
      controls: [...new Set(bin.map(({ control }) => control))],
    }
  })
}

const fits = (rules: readonly Rule[]): boolean =>
  rules.length <= LIMITS.maxRules && bytesOf(templateOf(rules)) <= LIMITS.maxBytes

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

const templateOf = (rules: readonly Rule[]): string =>
  canonicalJson({ Resources: Object.fromEntries(rules.map(({ id, resource }) => [id, resource])) })

function ruleOf(one: Chosen): Rule {
  const { record } = one.control
  const id = `${record.id}-${one.form.kind}`.replace(/(^|-)(\w)/g, (_, _dash, letter: string) =>
    letter.toUpperCase(),
  )
  const properties = {
    ConfigRuleName: `rankan-${record.id}`,
    Description: record.title.en.slice(0, 256),
    ...sourceOf(one),
  }
  return { control: record.id, id, resource: { Type: 'AWS::Config::ConfigRule', Properties: properties } }
}

function sourceOf({ control, form, values }: Chosen): object {
  if (form.kind === 'config-managed-rule')
    return {
      Source: { Owner: 'AWS', SourceIdentifier: form.identifier },
      ...(form.inputParameters === undefined ? {} : { InputParameters: fill(form.inputParameters, values) }),
    }
  if (form.kind !== 'config-guard-rule') return {}
  return {
    Scope: { ComplianceResourceTypes: form.scope ?? control.record.resourceTypes },
    Source: {
      Owner: 'CUSTOM_POLICY',
      SourceDetails: [{ EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' }],
      CustomPolicyDetails: {
        EnableDebugLogDelivery: false,
        PolicyRuntime: 'guard-2.x.x',
        PolicyText: String(control.documents[form.file]),
      },
    },
  }
}

const { source, asOf } = LIMITS
const quota = (what: PlanQuota['what'], of: string, after: number, limit: number): PlanQuota => ({
  what,
  of,
  used: 0,
  after,
  limit,
  left: limit - after,
  source,
  asOf,
})
const packQuotas = ({ name, template, rules }: WantedPack): readonly PlanQuota[] => [
  quota('pack_bytes', name, bytesOf(template), LIMITS.maxBytes),
  quota('pack_rules', name, rules, LIMITS.maxRules),
]
const exclusions = (count: number): PlanQuota =>
  quota('excluded_accounts', 'packs', count, LIMITS.maxExcludedAccounts)
