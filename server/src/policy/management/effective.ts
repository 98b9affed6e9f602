import type { Place } from '../policies.ts'
import {
  type ManagementPolicy,
  type Scalar,
  type Setting,
  type SettingValue,
  VALUE_OPERATORS,
  type ValueOperator,
} from './document.ts'
import { type EffectiveRules, RULES } from './types.ts'

/** The policies of one type that are attached to one target, in the order in which they were attached. */
export interface ManagementLevel {
  readonly target: string
  readonly policies: readonly ManagementPolicy[]
}

export interface PolicyRef {
  readonly target: string
  readonly policy: string
}

export interface EffectiveSetting {
  readonly path: readonly string[]
  readonly value: SettingValue
  /** The policies that gave it this value, from the root down. */
  readonly from: readonly PolicyRef[]
}

/** An operator that changes nothing, and why. */
export interface IgnoredOperator extends PolicyRef {
  readonly path: readonly string[]
  /** `null`: the whole setting is new here, which is not allowed. */
  readonly operator: ValueOperator | null
  readonly reason: 'not_allowed_by_parent' | 'first_attached_wins' | 'inherited_is_no_list'
  /** Who decided it. */
  readonly by: readonly PolicyRef[]
  readonly place: Place
}

export interface EffectivePolicy {
  /** As `DescribeEffectivePolicy` shows it: values without operators. `null` when nothing is set. */
  readonly document: EffectiveDocument | null
  readonly settings: readonly EffectiveSetting[]
  readonly ignored: readonly IgnoredOperator[]
}

export interface EffectiveDocument {
  readonly [name: string]: Scalar | readonly Scalar[] | EffectiveDocument
}

/** What the levels above say of one key; keys are compared without regard to case. */
interface Inherited {
  readonly path: readonly string[]
  readonly value: SettingValue | null
  readonly from: readonly PolicyRef[]
  readonly allowed: readonly ValueOperator[]
  readonly limitedBy: readonly PolicyRef[]
}
type Tree = ReadonlyMap<string, Inherited>

/**
 * The effective policy of an account: levels from the root down to the account, policies of one type.
 * - A level changes what the levels above it say; policies of one level do not limit each other.
 * - Of several `@@assign` at one level the policy that was attached first wins; `@@append` and `@@remove` of all count.
 * - What is removed is what was inherited (or assigned), what is appended stays.
 * - Child control operators only ever narrow: over the levels, and by intersection within a level.
 * - A new key under a container needs `@@assign` or `@@append` allowed at the container; what is under it already is locked
 *   by its own control operators alone ("AI services opt-out policy syntax": the meaning depends on where the operator is).
 * - An empty list that was assigned stays: a tag with no value allowed is not a tag with any. What `@@remove` emptied is as
 *   the type has it.
 * Source: Organizations User Guide, "Inheritance operators", "Inheritance examples" (examples 1 to 6), "Backup policy
 * syntax and examples" (examples 1 to 5), "Tag policy syntax and examples" (examples 1 and 2). Where the guide is silent
 * (order of append and remove at one level): as said. What its pages print and this does not: `tag_value: ["*"]` for a tag
 * without values ("Using tag policies in the AWS CLI"), and the account's ID for `$account` (backup policies, examples 1
 * and 3; the answers of the CLI keep `$account`).
 */
export function effectivePolicy(levels: readonly ManagementLevel[]): EffectivePolicy {
  let tree: Tree = new Map()
  const ignored: IgnoredOperator[] = []
  const rules = effectiveRules(levels)
  for (const level of levels) {
    const merged = mergeLevel(tree, level, rules.emptied)
    tree = merged.tree
    ignored.push(...merged.ignored)
  }
  const settings = [...tree.values()].flatMap(({ path, value, from }) =>
    value === null ? [] : [{ path, value, from }],
  )
  return { document: settings.length === 0 ? null : documentOf(settings, rules.keys), settings, ignored }
}

function effectiveRules(levels: readonly ManagementLevel[]): EffectiveRules {
  const [first] = levels.flatMap(({ policies }) => policies)
  const rules = first === undefined ? undefined : RULES.get(first.type)
  return rules?.effective ?? { keys: 'written', emptied: 'dropped' }
}

/** One key of one policy of the level, which the levels above let pass. */
interface Contribution extends PolicyRef {
  readonly path: readonly string[]
  readonly setting: Setting
}

function mergeLevel(
  above: Tree,
  level: ManagementLevel,
  emptied: EffectiveRules['emptied'],
): { tree: Tree; ignored: readonly IgnoredOperator[] } {
  const ignored: IgnoredOperator[] = []
  const contributions = level.policies.flatMap((policy) =>
    passing(policy.root, [], above, { target: level.target, policy: policy.name }, ignored),
  )
  const tree = new Map(above)
  for (const [key, given] of groupedByKey(contributions))
    tree.set(key, mergeKey(above.get(key), given, emptied, ignored))
  return { tree, ignored }
}

const keyOf = (path: readonly string[]): string => path.map((name) => name.toLowerCase()).join('\u0000')

/** The keys of a policy, without those that a level above keeps from being added. */
function passing(
  setting: Setting,
  parent: readonly string[],
  above: Tree,
  ref: PolicyRef,
  ignored: IgnoredOperator[],
): readonly Contribution[] {
  const path = [...parent, setting.name]
  const container = above.get(keyOf(parent))
  const isNew = !above.has(keyOf(path))
  if (isNew && container !== undefined && !container.allowed.some((operator) => operator !== '@@remove')) {
    ignored.push({
      ...ref,
      path,
      operator: null,
      reason: 'not_allowed_by_parent',
      by: container.limitedBy,
      place: setting.place,
    })
    return []
  }
  return [
    { ...ref, path, setting },
    ...setting.children.flatMap((child) => passing(child, path, above, ref, ignored)),
  ]
}

function groupedByKey(contributions: readonly Contribution[]): ReadonlyMap<string, readonly Contribution[]> {
  const groups = new Map<string, Contribution[]>()
  for (const one of contributions) groups.set(keyOf(one.path), [...(groups.get(keyOf(one.path)) ?? []), one])
  return groups
}

function mergeKey(
  inherited: Inherited | undefined,
  given: readonly Contribution[],
  emptied: EffectiveRules['emptied'],
  ignored: IgnoredOperator[],
): Inherited {
  const allowed = inherited?.allowed ?? VALUE_OPERATORS
  const uses = (operator: ValueOperator) =>
    given.filter(({ setting }) => setting.operators[operator] !== undefined)
  const refuse = (
    one: Contribution,
    operator: ValueOperator,
    reason: IgnoredOperator['reason'],
    by: readonly PolicyRef[],
  ) => void ignored.push({ ...refOf(one), path: one.path, operator, reason, by, place: one.setting.place })
  const permitted = (operator: ValueOperator) => {
    if (allowed.includes(operator)) return uses(operator)
    for (const one of uses(operator))
      refuse(one, operator, 'not_allowed_by_parent', inherited?.limitedBy ?? [])
    return []
  }
  const [first, ...others] = permitted('@@assign')
  for (const one of others)
    if (first !== undefined) refuse(one, '@@assign', 'first_attached_wins', [refOf(first)])
  const base = first?.setting.operators['@@assign'] ?? inherited?.value ?? null
  const from = first === undefined ? (inherited?.from ?? []) : [refOf(first)]
  const lists = (operator: '@@append' | '@@remove') =>
    permitted(operator).filter((one) => {
      if (base === null || base.many) return true
      refuse(one, operator, 'inherited_is_no_list', from)
      return false
    })
  const [removes, appends] = [lists('@@remove'), lists('@@append')]
  const controls = given.filter(({ setting }) => setting.allowedForChildren !== null)
  return {
    path: inherited?.path ?? given[0]?.path ?? [],
    value: changed(
      base,
      valuesOf(removes, '@@remove'),
      appends.length > 0 ? valuesOf(appends, '@@append') : null,
      emptied,
    ),
    from: [...from, ...[...removes, ...appends].map(refOf)],
    allowed: allowed.filter((operator) =>
      controls.every(({ setting }) => setting.allowedForChildren?.includes(operator) === true),
    ),
    limitedBy: [...(inherited?.limitedBy ?? []), ...controls.map(refOf)],
  }
}

const refOf = ({ target, policy }: PolicyRef): PolicyRef => ({ target, policy })

const valuesOf = (given: readonly Contribution[], operator: ValueOperator): readonly Scalar[] =>
  given.flatMap(({ setting }) => setting.operators[operator]?.values ?? [])

function changed(
  base: SettingValue | null,
  removed: readonly Scalar[],
  appended: readonly Scalar[] | null,
  emptied: EffectiveRules['emptied'],
): SettingValue | null {
  if (base === null) return appended === null ? null : { many: true, values: [...new Set(appended)] }
  if (!base.many) return base
  const gone = new Set(removed)
  const kept = base.values.filter((value) => !gone.has(value))
  const values = [...new Set([...kept, ...(appended ?? [])])]
  const isEmptied = values.length === 0 && base.values.length > 0
  return isEmptied && emptied === 'dropped' ? null : { many: true, values }
}

type Building = { [name: string]: Scalar | readonly Scalar[] | Building }

function documentOf(settings: readonly EffectiveSetting[], keys: EffectiveRules['keys']): EffectiveDocument {
  const root: Building = {}
  const containers: Containers = new Map()
  for (const { path, value } of settings) {
    const names = keys === 'lower' ? path.map((name) => name.toLowerCase()) : path
    let at = root
    for (const name of names.slice(0, -1)) at = containerIn(at, name, containers)
    at[names.at(-1) ?? ''] = value.many ? value.values : (value.values[0] ?? '')
  }
  return root
}

/** What each container has, by its name in lower case. */
type Containers = Map<Building, Map<string, Building>>

function containerIn(parent: Building, name: string, containers: Containers): Building {
  const own = containers.get(parent) ?? new Map<string, Building>()
  containers.set(parent, own)
  const known = own.get(name.toLowerCase())
  if (known !== undefined) return known
  const created: Building = {}
  own.set(name.toLowerCase(), created)
  parent[name] = created
  return created
}
