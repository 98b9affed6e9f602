import type { Carrier } from '../../domain/controls/kept.ts'
import type { Mechanism, PlanQuota } from '../../domain/controls/plans.ts'
import type { SeenControl, TowerSight } from '../../domain/controls/world.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Chosen } from './choose.ts'
import { NO_PART, type PartPlan, type PlanInput } from './input.ts'
import limits from './limits.json' with { type: 'json' }
import { limitHere } from './own-limits.ts'
import type { Change } from './policy-steps.ts'
import preventive from './tower-preventive.json' with { type: 'json' }
import rules from './tower-rules.json' with { type: 'json' }

const ALIASES: ReadonlyMap<string, string> = new Map(Object.entries(rules.aliases))

interface Equal {
  readonly form: string
  readonly alias: string
  readonly parameters: Readonly<Record<string, unknown>>
}
const EQUALS: ReadonlyMap<string, Equal> = new Map(Object.entries(preventive.controls))
const PREVENTIVE: ReadonlyMap<string, Equal> = new Map([...EQUALS.values()].map((one) => [one.alias, one]))

/** Whether enabling it keeps people from doing something. */
export const isPreventiveAlias = (alias: string): boolean => PREVENTIVE.has(alias)

/** What Control Tower calls that check or that prohibition, if it has it. */
function aliasOf({ control, type, form, values }: Chosen): string | null {
  if (type === 'preventive') {
    const equal = EQUALS.get(control.record.id)
    // Control Tower's text knows no values of ours.
    return equal?.form === form.kind && Object.keys(values).length === 0 ? equal.alias : null
  }
  if (form.kind === 'security-hub') return `SH.${form.control}`
  return form.kind === 'config-managed-rule' ? (ALIASES.get(form.identifier) ?? null) : null
}

/** The alias under which Control Tower offers the form here; null without a landing zone, and on the root, which it does not take. */
export function offeredAs(one: Chosen, { world, target }: PlanInput): string | null {
  const alias = aliasOf(one)
  if (!world.landingZone || world.tower === null || alias === null || target.startsWith('r-')) return null
  return Object.hasOwn(world.tower.offered, alias) ? alias : null
}

/** Detective and preventive forms through Control Tower's own controls. */
export function towerPlan(forms: readonly Chosen[], input: PlanInput): PartPlan {
  const { tower } = input.world
  if (tower === null) return NO_PART
  const wanted = wantedControls(forms, input, tower)
  const ours = input.kept.carriers.filter((one) => one.part === 'tower' && one.target === input.target)
  const here = tower.enabled.filter(({ target }) => target === input.target)
  const isOn = ({ name, ref }: Carrier) =>
    here.some((one) => one.control === ref && isWell(one) && hasParameters(one, name))
  const coming = wanted.filter((one) => !isOn(one))
  const going = ours.filter(
    (one) => !wanted.some(({ ref }) => ref === one.ref) && here.some(({ control }) => control === one.ref),
  )
  return {
    changes: [
      ...coming.map((one) => enabling(one, here, input.target)),
      ...going.map((one) => disabling(one, input.target)),
    ],
    mechanisms: forms.flatMap((one) => mechanismOf(one, input, isOn)),
    // What somebody else enabled before is not ours to disable later.
    carriers: wanted.filter((one) => !isOn(one) || ours.some(({ ref }) => ref === one.ref)),
    quotas: coming.length + going.length === 0 ? [] : [operations(coming.length + going.length, input)],
    notes: [],
  }
}

/** Of detective controls none are asked for, and what somebody else gave them stays. */
export const hasParameters = ({ parameters }: SeenControl, alias: string): boolean => {
  const wanted = PREVENTIVE.get(alias)?.parameters
  return wanted === undefined || canonicalJson(wanted) === canonicalJson(parameters)
}

/** A control that failed or has drifted is enabled again. */
const isWell = ({ status, drift }: SeenControl): boolean => status !== 'FAILED' && drift !== 'DRIFTED'

function wantedControls(forms: readonly Chosen[], input: PlanInput, tower: TowerSight): readonly Carrier[] {
  const found = new Map<string, Set<string>>()
  for (const one of forms) {
    const alias = offeredAs(one, input)
    if (alias !== null) found.set(alias, (found.get(alias) ?? new Set()).add(one.control.record.id))
  }
  return [...found].map(([alias, controls]) => ({
    part: 'tower' as const,
    name: alias,
    ref: tower.offered[alias] ?? null,
    controls: [...controls].sort(),
  }))
}

const parametersOf = (alias: string): Record<string, unknown> => ({ ...PREVENTIVE.get(alias)?.parameters })

const on = ({ name: alias, ref }: Carrier, target: string, parameters: Record<string, unknown>) => ({
  do: 'enable_control' as const,
  alias,
  control: ref ?? '',
  target,
  parameters,
})
const off = ({ name: alias, ref }: Carrier, target: string) => ({
  do: 'disable_control' as const,
  alias,
  control: ref ?? '',
  target,
})

/** A control that was on with other parameters gets them back when the apply is given up. */
function enabling(one: Carrier, here: readonly SeenControl[], target: string): Change {
  const before = here.find(({ control, status }) => control === one.ref && status === 'SUCCEEDED')
  const undo = before === undefined ? off(one, target) : on(one, target, { ...before.parameters })
  return { effect: on(one, target, parametersOf(one.name)), undo, controls: one.controls }
}

const disabling = (one: Carrier, target: string): Change => ({
  effect: off(one, target),
  undo: on(one, target, parametersOf(one.name)),
  controls: one.controls,
})

function mechanismOf(
  one: Chosen,
  input: PlanInput,
  isOn: (carrier: Carrier) => boolean,
): readonly Mechanism[] {
  const alias = offeredAs(one, input)
  if (alias === null) return []
  const carrier = {
    part: 'tower' as const,
    name: alias,
    ref: input.world.tower?.offered[alias] ?? null,
    controls: [],
  }
  return [
    {
      control: one.control.record.id,
      type: one.type,
      form: one.form.kind,
      part: 'tower',
      by: alias,
      state: isOn(carrier) ? 'in_force' : 'to_do',
      why: null,
    },
  ]
}

function operations(count: number, { ownLimits }: PlanInput): PlanQuota {
  const { operations: most, source, asOf } = limits.tower
  const here = limitHere('control_operations', { limit: most, source, asOf }, ownLimits)
  const left = Math.max(0, here.limit - count)
  return { what: 'control_operations', of: 'controltower', used: 0, after: count, left, ...here }
}
