import type { ContextEntry } from '../request.ts'
import { type Budget, spend } from '../sets/budget.ts'
import { type Ask, type Asked, entryFor } from '../sets/entry.ts'
import { ACTION_TEXTS, idOf, type PatternSet, RESOURCE_TEXTS } from '../sets/pattern-set.ts'
import { smallestIn } from '../sets/smallest.ts'
import type { Box, Fragment } from './fragment.ts'

/** A request as the search found it. */
export interface Model {
  readonly action: string
  readonly resource: string
  /** Position in `Fragment.candidates`. */
  readonly principal: number
  readonly context: ReadonlyMap<string, ContextEntry>
  /** Elements that sets cannot express, and what this request needs them to be. */
  readonly opaque: ReadonlyMap<string, boolean>
}

export interface Search {
  readonly fragment: Fragment
  readonly budget: Budget
  /** Whether elements that sets cannot express may be taken for whatever helps. */
  readonly guess: boolean
  readonly memo: Map<string, unknown>
}

export const searchOf = (fragment: Fragment, budget: Budget, guess: boolean): Search => ({
  fragment,
  budget,
  guess,
  memo: new Map(),
})

interface State {
  readonly actions: readonly PatternSet[]
  readonly resources: readonly PatternSet[]
  readonly principals: readonly number[]
  readonly keys: ReadonlyMap<string, Asked>
  readonly opaque: ReadonlyMap<string, boolean>
}

/** One part of a box, or its negation: narrows a state, or shows that nothing is left. */
type Narrow = (state: State, search: Search) => State | null

/**
 * A request that all of `within` take and none of `without` takes; `null` when there is none (a proof, unless the budget is
 * exceeded). To leave a box it is enough to leave it in one part, so the search branches over the parts.
 */
export function find(
  within: readonly Box[],
  without: readonly Box[],
  search: Search,
  domain: readonly PatternSet[] = [],
): Model | null {
  let state: State | null = {
    actions: [ACTION_TEXTS, ...domain],
    resources: [RESOURCE_TEXTS],
    principals: search.fragment.candidates.map((_, i) => i),
    keys: new Map(),
    opaque: new Map(),
  }
  for (const narrow of within.flatMap(parts)) {
    state = state === null ? null : narrow(state, search)
    if (state === null) return null
  }
  return state === null ? null : leave(state, without, search)
}

/** A box costs as much before its sets are looked at. */
const LEAVE_COST = 10

function leave(state: State, boxes: readonly Box[], search: Search): Model | null {
  if (!spend(search.budget, LEAVE_COST * (1 + boxes.length))) return null
  const overlapping = boxes.filter((box) => parts(box).every((narrow) => narrow(state, search) !== null))
  let best: readonly State[] | null = null
  let chosen: Box | null = null
  for (const box of overlapping) {
    const ways = exits(box).flatMap((narrow) => narrow(state, search) ?? [])
    if (best === null || ways.length < best.length) [best, chosen] = [ways, box]
    if (ways.length === 0) return null
  }
  // What was taken for empty may be what there was no budget to look into.
  if (search.budget.exceeded) return null
  if (best === null) return modelOf(state, search)
  const rest = overlapping.filter((box) => box !== chosen)
  for (const next of best) {
    const found = leave(next, rest, search)
    if (found !== null) return found
  }
  return null
}

const parts = (box: Box): readonly Narrow[] => [
  actionIn(box.action),
  resourceIn(box.resource),
  principalIn((i) => box.principals.has(i)),
  ...box.asks.map((ask) => asked(ask, true)),
  ...box.opaque.map((id) => assumed(id, true)),
]

const exits = (box: Box): readonly Narrow[] => [
  actionIn(box.notAction),
  resourceIn(box.notResource),
  principalIn((i) => !box.principals.has(i)),
  ...box.asks.map((ask) => asked(ask, false)),
  ...box.opaque.map((id) => assumed(id, false)),
]

const actionIn =
  (set: PatternSet): Narrow =>
  (state, search) => {
    const actions = [...state.actions, set]
    return smallest(actions, search) === null ? null : { ...state, actions }
  }

const resourceIn =
  (set: PatternSet): Narrow =>
  (state, search) => {
    const resources = [...state.resources, set]
    return smallest(resources, search) === null ? null : { ...state, resources }
  }

const principalIn =
  (takes: (position: number) => boolean): Narrow =>
  (state) => {
    const principals = state.principals.filter(takes)
    return principals.length === 0 ? null : { ...state, principals }
  }

const asked =
  (ask: Ask, holds: boolean): Narrow =>
  (state, search) => {
    const before = state.keys.get(ask.key) ?? { holds: [], fails: [] }
    const after: Asked = holds
      ? { ...before, holds: [...before.holds, ask] }
      : { ...before, fails: [...before.fails, ask] }
    if (entry(ask.key, after, search) === null) return null
    return { ...state, keys: new Map(state.keys).set(ask.key, after) }
  }

const assumed =
  (id: string, value: boolean): Narrow =>
  (state, { guess }) => {
    const before = state.opaque.get(id)
    // Without guessing, a box with such an element is neither taken nor left through it, but it may overlap.
    if (!guess) return value ? state : null
    if (before !== undefined) return before === value ? state : null
    return { ...state, opaque: new Map(state.opaque).set(id, value) }
  }

function remembered<T>(key: string, search: Search, compute: () => T): T {
  if (search.memo.has(key)) return search.memo.get(key) as T
  const value = compute()
  search.memo.set(key, value)
  return value
}

/** To find what is remembered costs as much for each set. */
const MEMO_COST = 3

function smallest(sets: readonly PatternSet[], search: Search): string | null {
  if (!spend(search.budget, MEMO_COST * sets.length)) return null
  return remembered([...new Set(sets.map(idOf))].sort().join(), search, () => smallestIn(sets, search.budget))
}

function entry(key: string, { holds, fails }: Asked, search: Search): ContextEntry | null {
  if (!spend(search.budget, MEMO_COST * (holds.length + fails.length))) return null
  const ids = (asks: readonly Ask[]) => [...new Set(asks.map(({ id }) => id))].sort().join(' ')
  return remembered(`${key} ${ids(holds)} not ${ids(fails)}`, search, () =>
    entryFor({ holds, fails }, search.fragment.many.has(key), search.budget),
  )
}

function modelOf(state: State, search: Search): Model | null {
  const action = smallest(state.actions, search)
  const resource = smallest(state.resources, search)
  const principal = state.principals[0]
  if (action === null || resource === null || principal === undefined) return null
  const context = new Map<string, ContextEntry>()
  for (const [key, both] of state.keys) {
    const found = entry(key, both, search)
    if (found === null) return null
    if (found.state === 'known') context.set(key, found)
  }
  return { action, resource, principal, context, opaque: state.opaque }
}
