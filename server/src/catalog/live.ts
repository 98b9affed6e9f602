import type { ControlPart } from '../domain/controls/effects.ts'
import type { KeptCarrier, KeptPolicy } from '../domain/controls/kept.ts'
import type { ControlDrift } from '../domain/controls/plans.ts'
import { groupBy } from '../kernel/group.ts'
import { type ImportedLibrary, oursLike } from './imports/imported.ts'
import { libraryInForce, type PoliciesInForce } from './in-force.ts'
import type { Control } from './record.ts'
import type { ControlType } from './types.ts'
import type { ControlPlaces, OnPlace } from './view.ts'

/** What is known of one AWS organisation. */
export interface LiveOrganization {
  readonly id: string
  readonly name: string
  /** When the last sweep read its policies; null: never. */
  readonly readAt: string | null
  /** Names of roots, OUs and accounts. */
  readonly names: ReadonlyMap<string, string>
  /** Root, and what has a policy of its own. */
  readonly places: readonly { readonly id: string; readonly inForce: PoliciesInForce }[]
  readonly kept: { readonly policies: readonly KeptPolicy[]; readonly carriers: readonly KeptCarrier[] }
  readonly drift: readonly ControlDrift[]
  /** Its last import of what is in place; null: none was taken. */
  readonly inPlace: ImportedLibrary | null
}

/** Types that each part of AWS carries for Rankan. */
const TYPE_OF: Readonly<Record<ControlPart, ControlType>> = {
  policies: 'preventive',
  tower: 'detective',
  packs: 'detective',
  securityHub: 'detective',
  hooks: 'proactive',
  documents: 'responsive',
}

interface On extends OnPlace {
  readonly control: string
  readonly type: ControlType
}

/**
 * Where each control is on, by type: calls that the policies in force deny, whoever attached them; what Rankan applied and
 * was not taken away since; what Control Tower had enabled and which conformance packs there were at the last import of
 * what is in place. `packs` are imports of their templates, since AWS does not give them back.
 */
export function placesOn(
  library: readonly Control[],
  organizations: readonly LiveOrganization[],
  packs: readonly ImportedLibrary[],
): ControlPlaces['controls'] {
  const all = organizations.flatMap((one) => [
    ...inForce(one, library),
    ...applied(one, library),
    ...inPlace(one, library, packs),
  ])
  return [...groupBy(all, ({ control, type }) => `${control} ${type}`).values()].flatMap((found) => {
    const [first] = found
    if (first === undefined) return []
    const once = new Map(found.map(({ control: _control, type: _type, ...place }) => [keyOf(place), place]))
    return [{ control: first.control, type: first.type, places: [...once.values()] }]
  })
}

const keyOf = ({ awsOrganizationId, id, by, name }: OnPlace): string =>
  [awsOrganizationId, id, by, name].join(' ')

const placeAt = (
  { id: awsOrganizationId, name: awsOrganizationName, names }: LiveOrganization,
  id: string,
): Pick<OnPlace, 'awsOrganizationId' | 'awsOrganizationName' | 'id' | 'place'> => ({
  awsOrganizationId,
  awsOrganizationName,
  id,
  place: names.get(id) ?? id,
})

function inForce(one: LiveOrganization, library: readonly Control[]): readonly On[] {
  // Accounts and OUs with the same policies are asked once.
  const asked = new Map<string, ReturnType<typeof libraryInForce>>()
  return one.places.flatMap(({ id, inForce }) => {
    const key = JSON.stringify(inForce)
    const answer = asked.get(key) ?? libraryInForce(library, inForce)
    asked.set(key, answer)
    return answer.flatMap(({ control, forms }) => {
      const tried = forms.reduce((sum, form) => sum + form.tried, 0)
      const denied = forms.reduce((sum, form) => sum + form.denied, 0)
      if (denied === 0) return []
      const by = [...new Set(forms.flatMap(({ policies }) => policies))].join(', ')
      const whole = denied === tried
      return [{ control, type: 'preventive', ...placeAt(one, id), by: 'policies', name: by, whole }]
    })
  })
}

/** SCPs and RCPs are asked above; here are the policies that no call tells of, and everything else. */
function applied(one: LiveOrganization, library: readonly Control[]): readonly On[] {
  const known = new Set(library.map(({ record }) => record.id))
  const policies = one.kept.policies
    .filter(({ kind }) => kind !== 'scp' && kind !== 'rcp')
    .map((policy) => ({ ...policy, part: 'policies' as const }))
  return [...policies, ...one.kept.carriers].flatMap(({ part, name, target, controls }) => {
    const changes = one.drift.filter(
      (drift) => drift.part === part && drift.name === name && drift.target === target,
    )
    if (changes.some(({ what }) => GONE.has(what))) return []
    const place = { ...placeAt(one, target), by: part, name, whole: changes.length === 0 }
    return controls
      .filter((control) => known.has(control))
      .map((control) => ({ control, type: TYPE_OF[part], ...place }))
  })
}

const GONE: ReadonlySet<string> = new Set(['deleted', 'detached', 'disabled'])

function inPlace(
  one: LiveOrganization,
  library: readonly Control[],
  packs: readonly ImportedLibrary[],
): readonly On[] {
  const rootId = one.places[0]?.id ?? 'root'
  return (one.inPlace?.controls ?? []).flatMap((seen) => {
    const { type } = seen
    const packName = seen.id.startsWith(PACK) ? seen.id.slice(PACK.length) : null
    // Policies are asked above as they are in force now, which is newer than the import.
    if (packName === null && (type === null || type === 'preventive')) return []
    const held = packName === null ? [seen] : (packs.find(({ name }) => name === packName)?.controls ?? [])
    const controls = [...new Set(held.flatMap((control) => oursLike(control, library)))]
    const by = packName === null ? ('tower' as const) : ('packs' as const)
    const targets = packName === null ? (seen.on ?? []) : [rootId]
    return targets.flatMap((target) =>
      controls
        .filter((control) => has(library, control, type ?? 'detective'))
        .map((control) => ({
          control,
          type: type ?? ('detective' as const),
          ...placeAt(one, target),
          by,
          name: packName ?? seen.id,
          whole: true,
        })),
    )
  })
}

const PACK = 'conformance-pack:'

const has = (library: readonly Control[], id: string, type: ControlType): boolean =>
  library.some(({ record }) => record.id === id && record.forms[type] !== undefined)
