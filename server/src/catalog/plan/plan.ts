import { partOf } from '../../domain/controls/effects.ts'
import type { ControlPlan, Mechanism, PlanStep } from '../../domain/controls/plans.ts'
import { wordsOf } from '../../domain/controls/words.ts'
import type { ControlPlace } from '../../domain/controls/world.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import type { Bilingual } from '../../kernel/text.ts'
import { type Chosen, chosenForms } from './choose.ts'
import { kindOf, wantedPolicies } from './documents.ts'
import { driftOf } from './drift.ts'
import { exemptRoleNotes } from './exempt-roles.ts'
import { hookPlan, isHookRule, noHooks } from './hooks.ts'
import type { PartPlan, PlanInput } from './input.ts'
import { limitHere, perTargetQuota } from './own-limits.ts'
import { excludedFor, isPackRule, packPlan } from './packs.ts'
import { type Change, type PolicyChanges, policyChanges } from './policy-steps.ts'
import { documentPlan, isDocument } from './repairs.ts'
import { hasCentralSecurityHub, isSecurityHub, securityHubPlan } from './security-hub.ts'
import { isPreventiveAlias, offeredAs, towerPlan } from './tower.ts'

/**
 * What would change if the target had these sets: desired × what is there × quotas. Pure and deterministic.
 * `invalid`: `does_not_fit` (naming controls and sizes), `policies_clash`, `bad_control_set`, `bad_policy`, `bad_target`.
 */
export function planControls(input: PlanInput): ControlPlan {
  const target = targetOf(input)
  const forms = chosenForms(input.sets, input.library, {
    // An example id in a policy of ours would lock everybody out.
    organizationId: input.world.organizationId,
  })
  const byTower = forms.filter((one) => one.type === 'preventive' && offeredAs(one, input) !== null)
  const preventive = forms.filter((one) => one.type === 'preventive' && !byTower.includes(one))
  const policies = policyPlans(preventive, input)
  const detective = detectiveParts(
    forms.filter(({ type }) => type === 'detective'),
    byTower,
    input,
  )
  const repairs = documentPlan(forms.filter(isDocument), input)
  const hooks = hookPlan(noHooks(input) === null ? forms.filter(isHookRule) : [], input)
  const parts = [detective.tower, detective.hub, detective.packs, repairs, hooks]
  const placeName = namesOf(input)
  const changes = inOrder(
    parts.flatMap((one) => one.changes),
    policies.flatMap((one) => one.changes),
  )
  return {
    format: 1,
    target: { id: target.id, kind: target.kind, name: target.name },
    landingZone: input.world.landingZone,
    sets: input.sets
      .map(({ name, version }) => ({ name, version }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    steps: changes.map((change, index) => stepOf(change, index + 1, placeName)),
    mechanisms: [
      ...preventive.map((one) => preventiveMechanism(one, policies)),
      ...parts.flatMap((one) => one.mechanisms),
      ...detective.elsewhere,
      ...forms.filter((one) => isOnlyOnPaper(one, input)).map((one) => notHere(one, input)),
    ],
    policies: policies.flatMap((one) => one.policies),
    carriers: parts.flatMap((one) => one.carriers),
    dropped: policies.flatMap((one) => one.dropped),
    quotas: [...policies.flatMap((one) => one.quotas), ...parts.flatMap((one) => one.quotas)],
    drift: driftOf(input.kept, sightOf(input), placeName).filter((one) => one.target === target.id),
    notes: [
      ...exemptRoleNotes(preventive, input),
      ...policies.flatMap((one) => one.notes),
      ...parts.flatMap((one) => one.notes),
    ],
    preventive: changes.some(prevents),
  }
}

/**
 * What detects comes first, so that it has seen the world before something is prevented. A prohibition of Control Tower
 * goes on before a policy of ours that it replaces goes, and off after the policy that replaces it is there.
 */
function inOrder(parts: readonly Change[], policies: readonly Change[]): readonly Change[] {
  const isLast = ({ effect }: Change) => effect.do === 'disable_control' && isPreventiveAlias(effect.alias)
  const last = parts.filter(isLast)
  const first = parts.filter((one) => !isLast(one))
  return [...first.filter((one) => !prevents(one)), ...first.filter(prevents), ...policies, ...last]
}

function prevents({ effect }: Change): boolean {
  if (effect.do === 'enable_control') return isPreventiveAlias(effect.alias)
  if (effect.do === 'put_hook') return effect.failureMode === 'FAIL'
  return effect.do === 'put_policy' || effect.do === 'attach_policy'
}

function targetOf({ world, target }: PlanInput): ControlPlace {
  const found = world.places.find(({ id }) => id === target)
  if (found === undefined) throw notFound('target', target)
  if (found.kind === 'account')
    throw invalid('bad_target', `\`${target}\` is an account. Controls are put on OUs or on the root.`)
  return found
}

const namesOf = ({ world }: PlanInput) => {
  const names = new Map(world.places.map(({ id, name }) => [id, name]))
  return (id: string): string => (names.has(id) ? `${names.get(id)} (${id})` : id)
}

/** Steps are numbered in the order in which they are done: what protects comes before what goes. */
const stepOf = (
  { effect, undo, controls }: Change,
  number: number,
  placeName: (id: string) => string,
): PlanStep => ({
  number,
  effect,
  undo,
  part: partOf(effect),
  words: wordsOf(effect, placeName),
  controls: [...controls],
})

type KindPlan = PolicyChanges &
  Pick<ReturnType<typeof wantedPolicies>, 'kind'> & { dropped: ControlPlan['dropped'] }

function policyPlans(forms: readonly Chosen[], input: PlanInput): readonly KindPlan[] {
  return input.limits.map((kind) => {
    const published = { limit: kind.perTarget, source: kind.source, asOf: kind.asOf }
    const slots = limitHere(perTargetQuota(kind.kind), published, input.ownLimits)
    const limits = { ...kind, perTarget: slots.limit }
    const own = forms.filter(({ form }) => kindOf(form.kind) === limits.kind)
    const wanted = wantedPolicies(own, limits, input.hash)
    const changes = policyChanges(wanted, input.world.policies, limits, input.target)
    const dropped = wanted.dropped.map(({ source, because, by }) => ({ source, because, by: [...by] }))
    const used = own.length > 0 || changes.changes.length > 0
    const quotas = changes.quotas.map((one) =>
      one.what === 'policies_per_target' ? { ...one, source: slots.source, asOf: slots.asOf } : one,
    )
    return { ...changes, quotas: used ? quotas : [], kind: limits.kind, dropped }
  })
}

function preventiveMechanism({ control, type, form }: Chosen, plans: readonly KindPlan[]): Mechanism {
  const { id } = control.record
  const plan = plans.find(({ kind }) => kind === kindOf(form.kind))
  const carrying = plan?.policies.filter(({ controls }) => controls.includes(id)) ?? []
  const base = { control: id, type, form: form.kind }
  if (carrying.length > 0)
    return {
      ...base,
      part: 'policies',
      by: carrying.map(({ name }) => name).join(' '),
      state: carrying.every(({ there }) => there) ? 'in_force' : 'to_do',
      why: null,
    }
  if (plan?.dropped.some(({ source }) => source.control === id) === true)
    return { ...base, part: 'policies', by: null, state: 'in_force', why: COVERED }
  return { ...base, part: null, by: null, state: 'not_here', why: UNKNOWN_KIND }
}

const COVERED: Bilingual = {
  ja: 'ほかの統制の文がすべて満たしているため、書く必要がありません。',
  en: 'Statements of other controls do all that this one does.',
}
const UNKNOWN_KIND: Bilingual = {
  ja: 'この種類のポリシーはまだ適用できません。',
  en: 'Policies of this kind cannot be applied yet.',
}

interface DetectiveParts {
  readonly tower: PartPlan
  readonly hub: PartPlan
  readonly packs: PartPlan
  readonly elsewhere: readonly Mechanism[]
}

/**
 * One carrier for each control: Control Tower where it has the check, then Security Hub's central configuration, which
 * reaches every linked Region, else a conformance pack. Checks with values of the set's own go into a pack, which takes them.
 * @param preventive forms that Control Tower carries too.
 */
function detectiveParts(
  forms: readonly Chosen[],
  preventive: readonly Chosen[],
  input: PlanInput,
): DetectiveParts {
  const byTower = onePerControl(forms.filter((one) => offeredAs(one, input) !== null))
  const packsHere = input.world.packs !== null && excludedFor(input.world, input.target) !== null
  const withValues = packsHere ? idsOf(forms.filter(takesValues)) : new Set<string>()
  const [inTower, hubHere] = [idsOf(byTower), hasCentralSecurityHub(input)]
  const byHub = forms.filter(
    (one) => hubHere && isSecurityHub(one) && !inTower.has(idOf(one)) && !withValues.has(idOf(one)),
  )
  const done = new Set([...inTower, ...idsOf(byHub)])
  const byPack = packsHere
    ? onePerControl(forms.filter((one) => isPackRule(one) && !done.has(idOf(one))))
    : []
  const carried = new Set([...byTower, ...byHub, ...byPack])
  const served = idsOf([...carried])
  return {
    tower: towerPlan([...byTower, ...preventive], input),
    hub: securityHubPlan(byHub, input),
    packs: packPlan(byPack, input),
    elsewhere: forms
      .filter((one) => !carried.has(one))
      .map((one) => ({
        control: idOf(one),
        type: one.type,
        form: one.form.kind,
        part: null,
        by: null,
        state: 'not_here',
        why: served.has(idOf(one)) ? OTHER_FORM : packsHere ? NO_PATH : NO_PACKS,
      })),
  }
}

const idOf = ({ control }: Chosen): string => control.record.id
const idsOf = (forms: readonly Chosen[]): ReadonlySet<string> => new Set(forms.map(idOf))

const takesValues = ({ form }: Chosen): boolean =>
  form.kind === 'config-managed-rule' && form.inputParameters !== undefined

function onePerControl(forms: readonly Chosen[]): readonly Chosen[] {
  const seen = new Set<string>()
  return forms.filter(({ control }) => !seen.has(control.record.id) && seen.add(control.record.id))
}

const OTHER_FORM: Bilingual = {
  ja: '同じ統制の別の発見的な形が有効になるため、二重には検出しません。',
  en: 'Another detective form of the same control is on, so that nothing is found twice.',
}
const NO_PATH: Bilingual = {
  ja: 'この AWS 組織では、この形を有効にする道がありません(Control Tower にその統制がなく、Security Hub の中央設定を使えません)。',
  en: 'There is no path for this form in this AWS organisation: its Control Tower does not offer it, and there is no central configuration of Security Hub that Rankan can use.',
}
const NO_PACKS: Bilingual = {
  ja: 'この対象には組織の適合パックを置けません(AWS Config を読めないか、除外するアカウントが 1,000 を超えます)。',
  en: 'This target cannot have an organisation conformance pack: AWS Config cannot be read, or more than 1,000 accounts would have to be left out.',
}

function isOnlyOnPaper(one: Chosen, input: PlanInput): boolean {
  if (one.type === 'proactive') return !isHookRule(one) || noHooks(input) !== null
  return one.type === 'responsive' && (input.world.documents === null || !isDocument(one))
}

const notHere = ({ control, type, form }: Chosen, input: PlanInput): Mechanism => ({
  control: control.record.id,
  type,
  form: form.kind,
  part: null,
  by: null,
  state: 'not_here',
  why: type !== 'proactive' ? NO_DOCUMENTS : form.kind === 'cfn-guard' ? noHooks(input) : IN_CI,
})

const IN_CI: Bilingual = {
  ja: '開発者の手元と CI で `rankan check` が調べます。',
  en: '`rankan check` looks at it on the desk of a developer and in CI.',
}
const NO_DOCUMENTS: Bilingual = {
  ja: 'この AWS 組織では Systems Manager のドキュメントを読めません。',
  en: 'The documents of Systems Manager cannot be read in this AWS organisation.',
}

const sightOf = ({ world, hash }: PlanInput) => ({
  policies: world.policies.policies,
  tower: world.tower,
  packs: world.packs,
  securityHub: world.securityHub,
  hooks: world.hooks,
  documents: world.documents,
  hash,
})
