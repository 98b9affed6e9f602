import type { Policy, PolicyLevel } from '../../policy/policies.ts'
import type { Estate } from '../replay/estate.ts'

/** A place of the organisation with policies of one kind; its number stands in profiles. */
export interface Place {
  readonly target: string
  readonly policies: readonly Policy[]
}

/** Accounts under the same policies. */
export interface Profile {
  readonly scps: readonly number[]
  readonly rcps: readonly number[]
  /** `o-…/r-…/ou-…/`, or `null`: the tree does not say. */
  readonly path: string | null
}

/** The tree flattened for SQL: what is attached where, and which places an account lies under. */
export interface Places {
  readonly scps: readonly Place[]
  readonly rcps: readonly Place[]
  /** `null`: there is no tree, and every row is under all places. */
  readonly accounts: ReadonlyMap<string, number> | null
  readonly profiles: readonly Profile[]
}

export function placesOf(estate: Estate): Places {
  const [scps, rcps] = [collector(), collector()]
  const { tree } = estate
  if (tree === null) {
    const { set } = estate.setOf('111122223333', '111122223333', 'both')
    scps.numbers(levels(set.scps))
    rcps.numbers(levels(set.rcps))
    return { scps: scps.places, rcps: rcps.places, accounts: null, profiles: [] }
  }
  const accounts = new Map<string, number>()
  const profiles: Profile[] = []
  const known = new Map<string, number>()
  for (const { id } of tree.nodes) {
    const path = tree.pathOf(id)
    if (path === null) continue
    const key = estate.profileOf(id)
    const number = known.get(key) ?? profiles.length
    accounts.set(id, number)
    if (known.has(key)) continue
    known.set(key, number)
    const { set } = estate.setOf(id, id, 'both')
    profiles.push({
      scps: scps.numbers(levels(set.scps)),
      rcps: rcps.numbers(levels(set.rcps)),
      path:
        tree.organizationId === null
          ? null
          : `${[tree.organizationId, ...path.slice(0, -1).map((node) => node.id)].join('/')}/`,
    })
  }
  return { scps: scps.places, rcps: rcps.places, accounts, profiles }
}

const levels = (given: readonly PolicyLevel[] | 'unknown') => (given === 'unknown' ? [] : given)

function collector() {
  const places: Place[] = []
  return {
    places,
    numbers: (given: readonly PolicyLevel[]): readonly number[] =>
      given.map((level) => {
        const found = places.findIndex(({ target }) => target === level.target)
        return found >= 0 ? found : places.push(level) - 1
      }),
  }
}
