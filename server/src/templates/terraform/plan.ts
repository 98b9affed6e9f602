import type { GuardDocument } from '../../guard/document/document.ts'
import {
  type GuardMap,
  type GuardValue,
  isList,
  isMap,
  memberOf,
  setMember,
  Unknown,
} from '../../guard/document/value.ts'
import { notTemplate, type TemplateDocument } from '../document.ts'
import { type Place, type Places, sourcePath, traced, within } from '../source.ts'
import { type Address, parseAddress } from './address.ts'
import {
  type DeclaredResource,
  declaredKey,
  declaredResources,
  type Reference,
  textOfOneResource,
} from './references.ts'

/**
 * A plan (`terraform show -json`) as rules see it: `{Resources: {"<address>": {Type, Properties, ReferencedBy}}}` with
 * what will be there after it is applied. What is only known then stands as `Unknown`. Source: Terraform's «JSON output
 * format» (asOf 2026-11-22); of the plan only `resource_changes` and `configuration` are read.
 *
 * @throws {RankanError} when it is no plan
 */
export function terraformDocument(source: GuardDocument): TemplateDocument {
  const plan = source.value
  const changes = isMap(plan) ? memberOf(plan, 'resource_changes') : undefined
  if (!isMap(plan) || (changes !== undefined && !isList(changes)))
    throw notTemplate('A plan is what `terraform show -json` prints, with `resource_changes`.')
  const places: Places = new WeakMap()
  const declared = declaredResources(memberOf(plan, 'configuration'))
  const planned = (changes ?? []).flatMap((change, i) => plannedOf(change, i, declared, places))
  const value: GuardMap = { Resources: resourcesOf(planned, declared, places) }
  return {
    value,
    locate: traced(value, source, places),
    sensitive: (path) => isSensitive(changes ?? [], sourcePath(value, path, places)),
  }
}

interface Planned {
  readonly text: string
  readonly address: Address
  readonly type: string
  readonly properties: GuardValue
  readonly place: Place | null
}

const mapAt = (value: GuardValue | undefined): GuardMap => (value !== undefined && isMap(value) ? value : {})

/** What goes away, and what is only read, is no part of the result. */
function plannedOf(
  change: GuardValue,
  i: number,
  declared: ReadonlyMap<string, DeclaredResource>,
  places: Places,
): readonly Planned[] {
  const resource = mapAt(change)
  const [text, type, mode] = ['address', 'type', 'mode'].map((name) => memberOf(resource, name))
  const changed = memberOf(resource, 'change')
  // A change that cannot be read may be anything: leaving it out would be a pass that nobody saw.
  if (typeof text !== 'string' || typeof type !== 'string' || changed === undefined || !isMap(changed))
    throw notTemplate(
      `\`resource_changes[${i}]\` is not as \`terraform show -json\` prints it: it needs the texts \`address\` and \`type\`, and a \`change\`.`,
    )
  if (mode !== undefined && mode !== 'managed') return []
  const { actions, after, after_unknown: unknown } = changed
  const kinds = actions !== undefined && isList(actions) ? actions : []
  if (kinds.length > 0 && kinds.every((one) => one === 'delete' || one === 'forget' || one === 'read'))
    return []
  const place = within(null, 'resource_changes', i)
  const address = parseAddress(text)
  const expressions = declared.get(keyOf(address))?.expressions ?? {}
  const properties = afterApply(
    after ?? {},
    unknown ?? false,
    expressions,
    within(place, 'change', 'after'),
    places,
  )
  return [{ text, address, type, properties, place }]
}

/** A value that is only known after apply; what is made of an attribute of one resource is a text that will be there. */
function unknownAfter(expression: GuardValue): Unknown {
  const made = textOfOneResource(expression)
  if (made === null) return new Unknown({ reason: 'known after apply' })
  return new Unknown({ reason: `\`${made}\` is known after apply`, text: true })
}

/** `after` with everything that `after_unknown` marks taken out. */
function afterApply(
  after: GuardValue,
  unknown: GuardValue,
  expression: GuardValue,
  place: Place | null,
  places: Places,
): GuardValue {
  if (unknown === true) return unknownAfter(expression)
  if (!hasTrue(unknown) && (typeof after !== 'object' || after === null)) return after
  return isList(after) || isList(unknown)
    ? itemsAfter(after, unknown, expression, place, places)
    : membersAfter(after, unknown, expression, place, places)
}

function itemsAfter(
  ...[after, unknown, expression, place, places]: Parameters<typeof afterApply>
): GuardValue {
  const [known, marks, written] = [after, unknown, expression].map((one) =>
    isList(one ?? null) ? one : [],
  ) as [readonly GuardValue[], readonly GuardValue[], readonly GuardValue[]]
  const items = Array.from({ length: Math.max(known.length, marks.length) }, (_, i) =>
    afterApply(known[i] ?? null, marks[i] ?? false, written[i] ?? null, within(place, i), places),
  )
  return placed(places, items, place)
}

function membersAfter(
  ...[after, unknown, expression, place, places]: Parameters<typeof afterApply>
): GuardValue {
  const members: Record<string, GuardValue> = {}
  const [known, marks, written] = [mapAt(after), mapAt(unknown), mapAt(expression)]
  const open = Object.keys(marks).filter((key) => hasTrue(memberOf(marks, key) ?? false))
  for (const key of new Set([...Object.keys(known), ...open])) {
    const [value, mark, own] = [
      memberOf(known, key) ?? null,
      memberOf(marks, key) ?? false,
      memberOf(written, key),
    ]
    setMember(members, key, afterApply(value, mark, own ?? null, within(place, key), places))
  }
  return placed(places, members, place)
}

const hasTrue = (mark: GuardValue): boolean =>
  mark === true ||
  (typeof mark === 'object' && mark !== null && Object.values(mark).some((one) => hasTrue(one as GuardValue)))

function placed<T extends object>(places: Places, value: T, place: Place | null): T {
  if (place !== null) places.set(value, place)
  return value
}

function resourcesOf(
  planned: readonly Planned[],
  declared: ReadonlyMap<string, DeclaredResource>,
  places: Places,
): GuardMap {
  const referencedBy = referrers(planned, declared)
  const resources: Record<string, GuardValue> = {}
  for (const one of planned) {
    const resource: GuardMap = {
      Type: one.type,
      Properties: one.properties,
      ReferencedBy: (referencedBy.get(one) ?? []).map(
        (by): GuardMap =>
          placed(places, { Type: by.type, Address: by.text, Properties: by.properties }, by.place),
      ),
    }
    setMember(resources, one.text, placed(places, resource, one.place))
  }
  return resources
}

/** For each planned resource the planned ones that refer to it. */
function referrers(
  planned: readonly Planned[],
  resources: ReadonlyMap<string, DeclaredResource>,
): ReadonlyMap<Planned, readonly Planned[]> {
  const declared = byDeclaration(planned)
  const found = new Map<Planned, Planned[]>()
  for (const from of planned)
    for (const reference of resources.get(keyOf(from.address))?.references ?? [])
      for (const to of declared.get(declaredKey(reference.modules, reference.address)) ?? [])
        if (to !== from && meets(from.address, to.address, reference)) {
          const known = found.get(to)
          if (known === undefined) found.set(to, [from])
          else if (!known.includes(from)) known.push(from)
        }
  return found
}

function byDeclaration(planned: readonly Planned[]): ReadonlyMap<string, readonly Planned[]> {
  const groups = new Map<string, Planned[]>()
  for (const one of planned) {
    const key = keyOf(one.address)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}

const keyOf = ({ modules, address }: Address): string =>
  declaredKey(
    modules.map(({ name }) => name),
    address,
  )

/** Whether a reference of one instance means the other: the same instances of the modules they share, the same index. */
function meets(from: Address, to: Address, { index, same }: Reference): boolean {
  for (let i = 0; i < Math.min(from.modules.length, to.modules.length); i++) {
    if (from.modules[i]?.name !== to.modules[i]?.name) break
    if (from.modules[i]?.index !== to.modules[i]?.index) return false
  }
  if (index !== null) return to.index === index
  return !same || from.index === null || to.index === null || from.index === to.index
}

/** `after_sensitive` marks values like `after_unknown` does. */
function isSensitive(changes: readonly GuardValue[], path: readonly string[]): boolean {
  const [, i, , , ...rest] = path
  let mark: GuardValue | undefined = memberOf(
    mapAt(memberOf(mapAt(changes[Number(i)]), 'change')),
    'after_sensitive',
  )
  for (const key of rest) {
    if (mark === undefined || mark === true) break
    mark = isList(mark) ? mark[Number(key)] : isMap(mark) ? memberOf(mark, key) : undefined
  }
  return mark !== undefined && hasTrue(mark)
}
