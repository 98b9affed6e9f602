import type { LevelInForce, PoliciesInForce } from '../../catalog/in-force.ts'
import type { ReplayWorld } from '../../domain/policies/world.ts'

type WorldPlace = ReplayWorld['places'][number]

export interface Place extends Pick<WorldPlace, 'id' | 'kind' | 'name'> {
  /** All that binds an account there. */
  readonly inForce: PoliciesInForce
}

/** The root, and the OUs and accounts to which somebody attached a policy: all others have those of their parent. */
export function placesWithPolicies(world: ReplayWorld): readonly Place[] {
  const byId = new Map(world.places.map((place) => [place.id, place]))
  const order = { root: 0, ou: 1, account: 2 }
  return world.places
    .filter(({ kind, policies }) => kind === 'root' || policies.some((name) => !isAwsOwn(name)))
    .toSorted((a, b) => order[a.kind] - order[b.kind] || (a.name < b.name ? -1 : 1))
    .map((place) => ({
      id: place.id,
      kind: place.kind,
      name: place.name,
      inForce: inForceAt(pathOf(place, byId), world),
    }))
}

/** AWS's policies that allow everything; their texts are not kept. */
const isAwsOwn = (name: string): boolean => /^(RCP)?FullAWSAccess\b/.test(name)

const FULL = {
  scp: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  rcp: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  },
} as const

function pathOf(place: WorldPlace, byId: ReadonlyMap<string, WorldPlace>): readonly WorldPlace[] {
  const path: WorldPlace[] = []
  for (let at: WorldPlace | undefined = place; at !== undefined; at = byId.get(at.parentId ?? ''))
    path.unshift(at)
  return path
}

function inForceAt(path: readonly WorldPlace[], world: ReplayWorld): PoliciesInForce {
  const levels = (kind: 'scp' | 'rcp'): readonly LevelInForce[] =>
    path
      .map(({ name, policies }) => ({ target: name, policies: policies.flatMap(policyOf(kind, world)) }))
      // A level without any policy of a type: the type is switched off.
      .filter(({ policies }) => policies.length > 0)
  return { scps: levels('scp'), rcps: levels('rcp') }
}

const policyOf =
  (kind: 'scp' | 'rcp', { policies }: ReplayWorld) =>
  (name: string): LevelInForce['policies'] => {
    if (isAwsOwn(name))
      return name.startsWith('RCP') === (kind === 'rcp') ? [{ name, document: FULL[kind] }] : []
    const found = policies.find((policy) => policy.kind === kind && policy.name === name)
    return found === undefined ? [] : [{ name, document: found.document }]
  }
