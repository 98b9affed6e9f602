import { OPERATORS } from '../condition/operators.ts'
import type { ConditionElement, PatternElement, PrincipalElement } from '../policies.ts'
import type { Budget } from '../sets/budget.ts'
import { conditionId } from '../sets/entry.ts'
import { actionKey, conditionsKey, type Piece, principalKey, resourceKey, type Source } from './piece.ts'
import { slimmed } from './redundant.ts'

/**
 * Joins statements that differ in one element, until nothing joins any more. `x and (a or b)` is `(x and a) or (x and b)` in
 * three values, too, so that every request is decided the same.
 */
export function merged(pieces: readonly Piece[], budget: Budget): readonly Piece[] {
  let now = pieces
  for (;;) {
    const next = RULES.reduce((list, { keyOf, join }) => joinGroups(list, keyOf, join, budget), now)
    if (next.length === now.length) return next
    now = next
  }
}

interface Rule {
  /** Pieces with equal keys are joined; `null`: this one cannot be. */
  readonly keyOf: (piece: Piece) => string | null
  readonly join: (a: Piece, b: Piece) => Piece
}

const texts = (...parts: readonly unknown[]): string => JSON.stringify(parts)
const isList = (element: PatternElement | null): boolean => element?.negated === false

const RULES: readonly Rule[] = [
  {
    keyOf: (p) =>
      isList(p.action) ? texts(p.effect, principalKey(p), resourceKey(p), conditionsKey(p)) : null,
    join: (a, b) => ({ ...a, action: union(a.action, b.action) }),
  },
  {
    keyOf: (p) =>
      isList(p.resource) ? texts(p.effect, p.version, principalKey(p), actionKey(p), conditionsKey(p)) : null,
    join: (a, b) =>
      a.resource === null || b.resource === null ? a : { ...a, resource: union(a.resource, b.resource) },
  },
  {
    keyOf: (p) =>
      p.principal?.negated === false ? texts(p.effect, actionKey(p), resourceKey(p), conditionsKey(p)) : null,
    join: (a, b) =>
      a.principal === null || b.principal === null
        ? a
        : { ...a, principal: unionOf(a.principal, b.principal) },
  },
  { keyOf: oneConditionKey, join: joinConditions },
]

function joinGroups(
  pieces: readonly Piece[],
  keyOf: Rule['keyOf'],
  join: Rule['join'],
  budget: Budget,
): readonly Piece[] {
  const groups = new Map<string, Piece>()
  const alone: Piece[] = []
  for (const piece of pieces) {
    const key = keyOf(piece)
    const other = key === null ? undefined : groups.get(key)
    if (key === null) alone.push(piece)
    else groups.set(key, other === undefined ? piece : withSources(join(other, piece), other, piece))
  }
  // Once for a whole group: after each join it would be all pairs of all joins.
  const given = new Set(pieces)
  const joined = [...groups.values()].map((piece) => (given.has(piece) ? piece : slimmed(piece, budget)))
  return [...joined, ...alone]
}

const withSources = (joined: Piece, a: Piece, b: Piece): Piece => ({
  ...joined,
  sources: [...a.sources, ...b.sources] as readonly Source[],
  collapsed: [...a.collapsed, ...b.collapsed],
})

const union = (a: PatternElement, b: PatternElement): PatternElement => ({
  ...a,
  patterns: [...new Set([...a.patterns, ...b.patterns])],
})

function unionOf(a: PrincipalElement, b: PrincipalElement): PrincipalElement {
  const entries = new Map(
    [...a.entries, ...b.entries].map((entry) => [`${entry.type} ${entry.value}`, entry]),
  )
  return { ...a, entries: [...entries.values()] }
}

/** Values of one condition are joined by OR where the operator asks for some value, not for all or for none. */
const canJoin = ({ operator }: ConditionElement): boolean =>
  operator.name !== 'Null' && operator.set !== 'ForAllValues' && !OPERATORS[operator.name].negated

/** All but the values of the one condition; statements with several conditions are left alone but for the first that can. */
function oneConditionKey(piece: Piece): string | null {
  const at = joinable(piece)
  if (at < 0) return null
  const condition = piece.conditions[at]
  if (condition === undefined) return null
  const others = piece.conditions.filter((_, i) => i !== at).map((one) => conditionId(one, piece.version))
  return texts(
    piece.effect,
    piece.version,
    principalKey(piece),
    actionKey(piece),
    resourceKey(piece),
    others.sort(),
    [condition.operator, condition.key.toLowerCase()],
  )
}

const joinable = ({ conditions }: Piece): number => conditions.findIndex(canJoin)

function joinConditions(a: Piece, b: Piece): Piece {
  const [at, other] = [joinable(a), b.conditions[joinable(b)]]
  return {
    ...a,
    conditions: a.conditions.map((condition, i) =>
      i === at && other !== undefined
        ? { ...condition, values: [...new Set([...condition.values, ...other.values])] }
        : condition,
    ),
  }
}
