import type { Policy, Statement } from '../../policy/policies.ts'
import { type Dialect, literal } from './dialect.ts'
import type { Place, Places } from './places.ts'
import { and, choose, FALSE, not, or, TRUE, UNKNOWN } from './truth.ts'

/** A statement with the column that holds its truth. */
export interface Stated {
  readonly column: string
  readonly policy: Policy
  readonly statement: Statement
}

export interface Layers {
  readonly deny: string
  readonly allow: string
  /** Text of the statements that certainly deny, each with a comma before it. */
  readonly by: string
}

interface At {
  readonly isHere: string
  readonly place: Place
}

/** SCPs along the caller's path: a Deny anywhere, and an Allow at every place. */
export function scpLayers(dialect: Dialect, places: Places, stated: readonly Stated[]): Layers {
  const found = at(places.scps, 'caller_scps', places)
  const layers = joined(dialect, found, stated, 'scp_applies', true)
  const unknown: readonly (readonly [string, string])[] =
    places.accounts === null ? [] : [['paccount is null', and(['scp_applies', UNKNOWN])]]
  return {
    deny: choose([['seen = 2', FALSE], ...unknown], layers.deny),
    allow: choose(
      [
        ['seen = 2', TRUE],
        ...unknown.map(([when]): readonly [string, string] => [when, or(['(not scp_applies)', UNKNOWN])]),
      ],
      layers.allow,
    ),
    by: choose(
      [['seen = 2', "''"], ...unknown.map(([when]): readonly [string, string] => [when, "''"])],
      layers.by,
    ),
  }
}

/** RCPs along the owner's path; of an unknown owner all of them may bind. They never allow. */
export function rcpLayers(
  dialect: Dialect,
  places: Places,
  rcps: readonly Policy[],
  stated: readonly Stated[],
): Layers {
  const layers = joined(dialect, at(places.rcps, 'owner_rcps', places), stated, 'rcp_applies', false)
  const all: At = { isHere: TRUE, place: { target: 'unknown', policies: rcps } }
  const ownerless = joined(dialect, [all], stated, 'rcp_applies', false)
  return {
    deny: choose(
      [
        ['seen = 1', FALSE],
        ['owner is null', ownerless.deny],
      ],
      layers.deny,
    ),
    allow: TRUE,
    by: choose(
      [
        ['seen = 1', "''"],
        ['owner is null', ownerless.by],
      ],
      layers.by,
    ),
  }
}

const at = (places: readonly Place[], column: string, { accounts }: Places): readonly At[] =>
  places.map((place, number) => ({
    place,
    isHere: accounts === null ? TRUE : `coalesce(${column} like '%,${number},%', false)`,
  }))

function joined(
  dialect: Dialect,
  found: readonly At[],
  stated: readonly Stated[],
  applies: string,
  mustAllow: boolean,
): Layers {
  const columns = (place: Place, effect: 'Allow' | 'Deny') =>
    stated.filter(({ policy, statement }) => statement.effect === effect && place.policies.includes(policy))
  const denies = found.map(({ isHere, place }) =>
    and([isHere, or(columns(place, 'Deny').map(({ column }) => column))]),
  )
  const allows = found.map(({ isHere, place }) =>
    or([not(isHere), or(columns(place, 'Allow').map(({ column }) => column))]),
  )
  const by = found.flatMap(({ isHere, place }) =>
    columns(place, 'Deny').map(
      ({ column, policy, statement }) =>
        `(case when ${and([isHere, applies, column])} then ${literal(`,${labelOf(policy, statement)}`)} else '' end)`,
    ),
  )
  return {
    deny: and([applies, or(denies)]),
    allow: mustAllow ? or([not(applies), and(allows)]) : TRUE,
    by: dialect.concat(by),
  }
}

/** `guards #2 NoKeys` */
const labelOf = ({ name }: Policy, { index, sid }: Statement) =>
  `${name} #${index + 1}${sid === null ? '' : ` ${sid}`}`
