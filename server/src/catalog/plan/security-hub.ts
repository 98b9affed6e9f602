import type { Carrier, KeptCarrier } from '../../domain/controls/kept.ts'
import type { Mechanism, PlanQuota } from '../../domain/controls/plans.ts'
import type { ControlPlace, SecurityHubSight, SeenSecurityHubPolicy } from '../../domain/controls/world.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Bilingual } from '../../kernel/text.ts'
import type { Chosen } from './choose.ts'
import type { Hash } from './documents.ts'
import { NO_PART, type PartPlan, type PlanInput } from './input.ts'
import data from './limits.json' with { type: 'json' }
import { limitHere } from './own-limits.ts'
import type { Change } from './policy-steps.ts'

const LIMITS = data.securityHub

/** Whether a form is a control of Security Hub. */
export const isSecurityHub = ({ form }: Chosen): boolean => form.kind === 'security-hub'

/** Whether policies of the central configuration can carry controls here. */
export const hasCentralSecurityHub = ({ world }: PlanInput): boolean =>
  world.securityHub?.configuration === 'CENTRAL'

/** Only policies with such a name are changed or taken away. The settings decide the name, so other settings are another policy. */
export const OUR_HUB_POLICY = /^rankan-securityhub-[0-9a-f]{12}$/

/** What a policy says: exactly one of the two lists is given. */
type Settings = Pick<SeenSecurityHubPolicy, 'enabledStandards' | 'enabledControls' | 'disabledControls'>

const settingsOf = ({ enabledStandards, enabledControls, disabledControls }: Settings): Settings => ({
  enabledStandards,
  enabledControls,
  disabledControls,
})

const nameOf = (settings: Settings, hash: Hash): string =>
  `rankan-securityhub-${hash(canonicalJson(settingsOf(settings))).slice(0, 12)}`

/** Whether a policy of ours still says what its name was made of. */
export const isAsNamed = (policy: SeenSecurityHubPolicy, hash: Hash): boolean =>
  nameOf(policy, hash) === policy.name

/**
 * Detective forms as configuration policies of Security Hub. A policy on an OU rules alone there: what was in force from
 * above, or was put there by somebody else, is taken over into ours, so that no check goes off.
 */
export function securityHubPlan(forms: readonly Chosen[], input: PlanInput): PartPlan {
  const sight = input.world.securityHub
  if (sight === null || sight.configuration !== 'CENTRAL') return NO_PART
  const ours = keptOn(input)
  if (forms.length === 0) return ours === undefined ? NO_PART : removal(ours, input, sight)
  const base = baseOf(input, sight, ours)
  const settings = settingsWith(base, [...new Set(forms.map(controlOf))].sort(), sight.region)
  const name = nameOf(settings, input.hash)
  const controls = [...new Set(forms.map(({ control }) => control.record.id))].sort()
  const wanted: Wanted = { name, settings, controls }
  const ref = ours === undefined ? (base?.onTarget === true ? base.policy.name : null) : ours.ref
  const changes = bringing(wanted, input, sight)
  const isOn = changes.every(({ effect }) => effect.do === 'delete_securityhub_policy')
  return {
    changes,
    mechanisms: forms.map((one) => mechanismOf(one, name, isOn)),
    carriers: [{ part: 'securityHub', name, ref, controls }],
    quotas: [policiesLeft(sight, changes, input)],
    notes: [...takenOver(base), ...endsSelfRule(input, sight), ...rulesBelow(input, sight)],
  }
}

interface Wanted {
  readonly name: string
  readonly settings: Settings
  readonly controls: readonly string[]
}

const keptOn = ({ kept, target }: PlanInput): KeptCarrier | undefined =>
  kept.carriers.find((one) => one.part === 'securityHub' && one.target === target)

const controlOf = ({ form }: Chosen): string => (form.kind === 'security-hub' ? form.control : '')

interface Base {
  readonly policy: SeenSecurityHubPolicy
  /** It was put on the target itself, by somebody else. */
  readonly onTarget: boolean
}

/** What would rule the target without ours. */
function baseOf(
  { world, target }: PlanInput,
  { policies }: SecurityHubSight,
  ours: KeptCarrier | undefined,
): Base | null {
  const before = policies.find(({ name }) => name === ours?.ref)
  if (before !== undefined) return { policy: before, onTarget: true }
  const places = new Map(world.places.map((one) => [one.id, one]))
  for (let at: ControlPlace | undefined = places.get(target); at !== undefined; at = parentOf(at, places)) {
    const policy = appliedTo(policies, at.id)
    const onTarget = at.id === target
    if (policy !== undefined && !(onTarget && (ours !== undefined || OUR_HUB_POLICY.test(policy.name))))
      return { policy, onTarget }
  }
  return null
}

const parentOf = ({ parentId }: ControlPlace, places: ReadonlyMap<string, ControlPlace>) =>
  parentId === null ? undefined : places.get(parentId)

const appliedTo = (policies: readonly SeenSecurityHubPolicy[], place: string) =>
  policies.find(({ targets }) => targets.some(({ id }) => id === place))

/** A list of controls that are on grows; from a list of controls that are off ours are taken, and it stays one. */
function settingsWith(base: Base | null, controls: readonly string[], region: string): Settings {
  const here = (arn: string) => arn.replace('REGION', region)
  const before = base?.policy
  if (before?.disabledControls != null)
    return {
      enabledStandards: union(before.enabledStandards, [here(LIMITS.broadest)]),
      enabledControls: null,
      disabledControls: before.disabledControls.filter((one) => !controls.includes(one)).sort(),
    }
  return {
    enabledStandards: union(before?.enabledStandards ?? [], LIMITS.standards.map(here)),
    enabledControls: union(before?.enabledControls ?? [], controls),
    disabledControls: null,
  }
}

const union = (a: readonly string[], b: readonly string[]): readonly string[] =>
  [...new Set([...a, ...b])].sort()

function bringing(wanted: Wanted, input: PlanInput, sight: SecurityHubSight): readonly Change[] {
  const { target } = input
  const now = appliedTo(sight.policies, target)
  return [
    ...putting(wanted, input, sight),
    ...(now?.name === wanted.name && !hasFailed(now, target) ? [] : [associating(wanted, now, target)]),
    ...(now === undefined || now.name === wanted.name ? [] : deleting(now, input)),
  ]
}

const hasFailed = ({ targets }: SeenSecurityHubPolicy, target: string): boolean =>
  targets.some(({ id, status }) => id === target && status === 'FAILED')

const putOf = (name: string, settings: Settings) => ({
  do: 'put_securityhub_policy' as const,
  name,
  description: 'Rankan',
  enabledStandards: [...settings.enabledStandards],
  enabledControls: settings.enabledControls === null ? null : [...settings.enabledControls],
  disabledControls: settings.disabledControls === null ? null : [...settings.disabledControls],
})

function putting(
  { name, settings, controls }: Wanted,
  { hash }: PlanInput,
  { policies }: SecurityHubSight,
): readonly Change[] {
  const found = policies.find((one) => one.name === name)
  if (found !== undefined && isAsNamed(found, hash)) return []
  const undo =
    found === undefined ? { do: 'delete_securityhub_policy' as const, name } : putOf(name, settingsOf(found))
  return [{ effect: putOf(name, settings), undo, controls }]
}

const associating = (
  { name, controls }: Wanted,
  now: SeenSecurityHubPolicy | undefined,
  target: string,
): Change => ({
  effect: { do: 'associate_securityhub_policy', name, target },
  undo:
    now === undefined || now.name === name
      ? { do: 'disassociate_securityhub_policy', name, target }
      : { do: 'associate_securityhub_policy', name: now.name, target },
  controls,
})

/** A policy of ours goes when nothing else has it any more. */
function deleting(policy: SeenSecurityHubPolicy, { target }: PlanInput): readonly Change[] {
  if (!OUR_HUB_POLICY.test(policy.name) || policy.targets.some(({ id }) => id !== target)) return []
  const { name } = policy
  const undo = putOf(name, settingsOf(policy))
  return [{ effect: { do: 'delete_securityhub_policy', name }, undo, controls: [] }]
}

/** What was there before comes back; without it the place above rules again. */
function removal({ name, ref }: Carrier, input: PlanInput, sight: SecurityHubSight): PartPlan {
  const { target } = input
  const now = appliedTo(sight.policies, target)
  // Somebody else's policy has taken the place of ours: it is not for us to take off.
  if (now === undefined || now.name !== name) return NO_PART
  const back = sight.policies.find((one) => one.name === ref)
  const undo = { do: 'associate_securityhub_policy' as const, name, target }
  const leaving: Change = {
    effect:
      back === undefined
        ? { do: 'disassociate_securityhub_policy', name, target }
        : { do: 'associate_securityhub_policy', name: back.name, target },
    undo,
    controls: [],
  }
  return { ...NO_PART, changes: [leaving, ...deleting(now, input)] }
}

const mechanismOf = ({ control, type, form }: Chosen, by: string, isOn: boolean): Mechanism => ({
  control: control.record.id,
  type,
  form: form.kind,
  part: 'securityHub',
  by,
  state: isOn ? 'in_force' : 'to_do',
  why: null,
})

function policiesLeft(
  { policies }: SecurityHubSight,
  changes: readonly Change[],
  { ownLimits }: PlanInput,
): PlanQuota {
  const { source, asOf, policies: most } = LIMITS
  const here = limitHere('security_hub_policies', { limit: most, source, asOf }, ownLimits)
  const names = new Set(policies.map(({ name }) => name))
  for (const { effect } of changes) {
    if (effect.do === 'put_securityhub_policy') names.add(effect.name)
    if (effect.do === 'delete_securityhub_policy') names.delete(effect.name)
  }
  const [used, after] = [policies.length, names.size]
  const left = Math.max(0, here.limit - after)
  return { what: 'security_hub_policies', of: 'securityhub', used, after, left, ...here }
}

function takenOver(base: Base | null): readonly Bilingual[] {
  if (base === null) return []
  const { name, disabledControls } = base.policy
  const everything: readonly Bilingual[] =
    disabledControls === null
      ? []
      : [
          {
            ja: `\`${name}\` は「指定したもの以外をすべて有効」にする設定ポリシーです。有効な標準に含まれない統制は検出されません。`,
            en: `\`${name}\` switches on all but the controls that it lists: a control that is in none of its standards is not checked.`,
          },
        ]
  return [
    {
      ja: `Security Hub の設定ポリシー \`${name}\` の設定を引き継ぎます。対象では Rankan のポリシーだけが効き、\`${name}\` を後で変えても及びません。計画を立て直してください。`,
      en: `What the Security Hub policy \`${name}\` says is taken over: on the target only Rankan's policy rules. When \`${name}\` changes, plan again.`,
    },
    ...everything,
  ]
}

function endsSelfRule({ target }: PlanInput, { selfManaged }: SecurityHubSight): readonly Bilingual[] {
  if (!selfManaged.includes(target)) return []
  return [
    {
      ja: '対象は Security Hub を自分で管理する設定になっています。適用すると中央の設定に変わり、やめても自動では戻りません。',
      en: 'The target rules its Security Hub itself. Applying ends that, and giving up does not bring it back.',
    },
  ]
}

/** Policies below the target rule there, whatever the target gets. */
function rulesBelow(
  { world, target }: PlanInput,
  { policies, selfManaged }: SecurityHubSight,
): readonly Bilingual[] {
  const places = new Map(world.places.map((one) => [one.id, one]))
  const isBelow = (id: string): boolean => {
    const parentId = places.get(id)?.parentId ?? null
    return parentId !== null && (parentId === target || isBelow(parentId))
  }
  const ruled = [...policies.flatMap(({ targets }) => targets.map(({ id }) => id)), ...selfManaged]
  const count = ruled.filter(isBelow).length
  if (count === 0) return []
  return [
    {
      ja: `対象の下の ${count} か所には別の設定ポリシー(または自己管理)があり、そこにはこの設定が及びません。そこにも統制セットを計画してください。`,
      en: `${count} place(s) below the target have a policy of their own or rule themselves: this one does not reach them. Plan a control set there too.`,
    },
  ]
}
