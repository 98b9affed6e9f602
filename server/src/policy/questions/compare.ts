import type { Policy } from '../policies.ts'
import { atMostAsPermissive, fullAccess, type Inclusion, type QuestionOptions } from './permissive.ts'

export type Relation = 'equal' | 'narrower' | 'wider' | 'different' | 'unknown'

export interface Comparison {
  /** `narrower`: the first lets pass less than the second. */
  readonly relation: Relation
  /** The first lets pass at most what the second does; its witness is let pass by the first alone. */
  readonly forth: Inclusion
  /** The second lets pass at most what the first does. */
  readonly back: Inclusion
  /** Policies that were taken along on both sides because SCPs that only deny allow nothing alone. */
  readonly assumed: readonly string[]
}

/** How two sets of policies of one kind relate, with a witness for each direction in which one lets pass more. */
export function comparePolicies(
  a: readonly Policy[],
  b: readonly Policy[],
  options: QuestionOptions = {},
): Comparison {
  const assumed = needsFullAccess(a) || needsFullAccess(b) ? [fullAccess('scp')] : []
  const forth = atMostAsPermissive([...a, ...assumed], [...b, ...assumed], options)
  const back = atMostAsPermissive([...b, ...assumed], [...a, ...assumed], options)
  return {
    relation: relationOf(forth.holds, back.holds),
    forth,
    back,
    assumed: assumed.map(({ name }) => name),
  }
}

const needsFullAccess = (policies: readonly Policy[]): boolean =>
  policies.some(({ kind }) => kind === 'scp') &&
  !policies.some(({ statements }) => statements.some(({ effect }) => effect === 'Allow'))

function relationOf(forth: Inclusion['holds'], back: Inclusion['holds']): Relation {
  if (forth === 'no' && back === 'no') return 'different'
  if (forth === 'unknown' || back === 'unknown') return 'unknown'
  if (forth === 'yes') return back === 'yes' ? 'equal' : 'narrower'
  return 'wider'
}
