import { hasVariable } from '../parse/variables.ts'
import type { ConditionElement, PatternElement, Policy, Statement } from '../policies.ts'
import type { Principal } from '../request.ts'
import { MULTIVALUED_KEYS } from '../rules/rules.ts'
import { type Budget, spend } from '../sets/budget.ts'
import { type Ask, askOf, conditionId } from '../sets/entry.ts'
import { ALL, actions, complement, type PatternSet, resources } from '../sets/pattern-set.ts'
import { candidatesFor, spokenTo } from './candidates.ts'

/** A statement as a product of sets: it takes a request when every part does. */
export interface Box {
  readonly policy: Policy
  readonly statement: Statement
  readonly action: PatternSet
  readonly notAction: PatternSet
  readonly resource: PatternSet
  readonly notResource: PatternSet
  /** Positions in `Fragment.candidates`. */
  readonly principals: ReadonlySet<number>
  readonly asks: readonly Ask[]
  /** Elements that sets cannot express; equal ids are the same element. Each is a free yes or no. */
  readonly opaque: readonly string[]
  /** Boxes of other statements that were joined into this one. */
  readonly joined: readonly Box[]
}

/** Policies as boxes over the same candidates and keys. */
export interface Fragment {
  readonly boxes: (policy: Policy) => readonly Box[]
  readonly candidates: readonly Principal[]
  /** Keys that may have several values in a request; all others have at most one. */
  readonly many: ReadonlySet<string>
}

export function fragmentOf(policies: readonly Policy[], budget: Budget): Fragment {
  const candidates = candidatesFor(policies)
  const conditions = policies.flatMap(({ version, statements }) =>
    statements.flatMap((statement) => statement.conditions.map((condition) => ({ condition, version }))),
  )
  const unclear = new Set([...mixedKeys(conditions), ...(candidates.length > 1 ? PRINCIPAL_KEYS : [])])
  const known = new Map<Policy, readonly Box[]>()
  return {
    candidates,
    many: manyKeys(policies),
    boxes(policy) {
      const boxes =
        known.get(policy) ?? policy.statements.map((one) => boxOf(policy, one, candidates, unclear, budget))
      known.set(policy, boxes)
      return boxes
    },
  }
}

/** A key has one value, unless AWS lists it as multivalued or a set operator speaks of it. */
export const manyKeys = (policies: readonly Policy[]): ReadonlySet<string> =>
  new Set([
    ...MULTIVALUED_KEYS,
    ...policies
      .flatMap(({ statements }) => statements.flatMap(({ conditions }) => conditions))
      .filter(({ operator }) => operator.set !== null)
      .map(({ key }) => key.toLowerCase()),
  ])

/** Keys that follow from who asks: where `Principal` names somebody they are not free. */
const PRINCIPAL_KEYS = [
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:username',
]

/** Keys that are compared as texts here and as numbers there: no samples stand for all their values. */
function mixedKeys(
  conditions: readonly { condition: ConditionElement; version: Policy['version'] }[],
): readonly string[] {
  const families = new Map<string, Set<string>>()
  for (const { condition, version } of conditions) {
    const ask = condition.operator.name === 'Null' ? null : askOf(condition, version)
    if (ask === null) continue
    families.set(ask.key, (families.get(ask.key) ?? new Set()).add(ask.values.family))
  }
  return [...families].filter(([, found]) => found.size > 1).map(([key]) => key)
}

function boxOf(
  policy: Policy,
  statement: Statement,
  candidates: readonly Principal[],
  unclear: ReadonlySet<string>,
  budget: Budget,
): Box {
  const asks: Ask[] = []
  const opaque: string[] = []
  for (const condition of statement.conditions) {
    const ask = unclear.has(condition.key.toLowerCase()) ? null : askOf(condition, policy.version)
    if (ask === null) opaque.push(conditionId(condition, policy.version))
    else asks.push(ask)
  }
  const action = actions(statement.action.patterns, statement.action.negated)
  const clear = isClear(statement.resource, policy.version)
  if (!clear)
    opaque.push(JSON.stringify([statement.resource?.negated, statement.resource?.patterns, policy.version]))
  const resource =
    statement.resource === null || !clear
      ? ALL
      : resources(statement.resource.patterns, statement.resource.negated)
  return {
    policy,
    statement,
    action,
    notAction: complement(action),
    resource,
    notResource: complement(resource),
    principals: isAffordable(statement, candidates, budget)
      ? spokenTo(statement, candidates)
      : new Set<number>(),
    asks,
    opaque,
    joined: [],
  }
}

/** To ask one entry of one candidate costs as much as so many steps of a search. */
const ENTRY_COST = 4

const isAffordable = ({ principal }: Statement, candidates: readonly Principal[], budget: Budget): boolean =>
  spend(budget, ENTRY_COST * candidates.length * (1 + (principal?.entries.length ?? 0)))

const isClear = (element: PatternElement | null, version: Policy['version']): boolean =>
  element === null || version === '2008-10-17' || !element.patterns.some(hasVariable)
