import { GuardEvaluationError } from '../document/problem.ts'
import {
  type GuardList,
  type GuardMap,
  type GuardValue,
  isList,
  isMap,
  kindOf,
  memberOf,
  TYPE_NAMES,
} from '../document/value.ts'
import type { BinaryOperator, QueryPart } from '../parse/ast.ts'
import { SPELLINGS, type Spelling } from './case.ts'
import { compareKeys } from './keys.ts'
import { child, Found, inPlaceOf, Missing, PASS, type Result, type Status } from './result.ts'
import { captureKey, resolveVariable, Scope, spend } from './scope.ts'

/** A part of a query, with its filter compiled. */
export type Step =
  | { readonly kind: 'this' | 'all_values' | 'all_indices'; readonly capture: string | null }
  | {
      readonly kind: 'key'
      readonly name: string
      readonly index: number | null
      readonly spellings: readonly string[]
    }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'filter'; readonly capture: string | null; readonly holds: (scope: Scope) => Status }
  | {
      readonly kind: 'keys'
      readonly operator: Extract<BinaryOperator, 'eq' | 'in'>
      readonly not: boolean
      readonly operand: (at: Found, scope: Scope, spelling: Spelling | null) => readonly Result[]
    }

export interface Plan {
  readonly parts: readonly QueryPart[]
  readonly steps: readonly Step[]
  /** No variables, filters or captures: such a query is a walk. */
  readonly plain: boolean
}

/** A walk in progress. */
interface Walk {
  readonly plan: Plan
  readonly out: Result[]
}

/** Everything that the query finds from `at`, and where it could not go on. */
export function retrieve(
  plan: Plan,
  at: Found,
  scope: Scope,
  spelling: Spelling | null = null,
): readonly Result[] {
  const walk: Walk = { plan, out: [] }
  const [first] = plan.steps
  if (first?.kind === 'variable') fromVariable(walk, first.name, scope, spelling)
  else follow(walk, 0, at, scope, spelling)
  if (walk.out.length > scope.run.limits.results)
    throw new GuardEvaluationError(
      'too_many_results',
      `A query finds more than ${scope.run.limits.results} values.`,
    )
  return walk.out
}

const missing = (walk: Walk, at: Found, from: number, why: () => string): void => {
  walk.out.push(new Missing(at, walk.plan.parts, from, why))
}

function fromVariable(walk: Walk, name: string, scope: Scope, spelling: Spelling | null): void {
  const { steps } = walk.plan
  const next = steps[1]?.kind === 'all_indices' ? 2 : 1
  for (const result of resolveVariable(scope, name)) {
    if (result instanceof Missing || next >= steps.length) walk.out.push(result)
    else follow(walk, next, result, new Scope(scope.run, scope, result, null), spelling)
  }
}

function follow(walk: Walk, from: number, start: Found, scope: Scope, spelling: Spelling | null): void {
  const { steps } = walk.plan
  let at = start
  for (let i = from; i < steps.length; i++) {
    spend(scope.run, 1)
    const step = steps[i] as Step
    if (step.kind === 'key' && step.index === null) {
      const value = at.value
      const map =
        typeof value === 'object' && value !== null && !Array.isArray(value) && isMap(value) ? value : null
      const next = map === null ? undefined : memberOf(map, step.name)
      if (next === undefined) return respelled(walk, i, step, at, scope, spelling)
      at = new Found(next, at, step.name, false)
    } else if (step.kind !== 'this') return branch(walk, i, step, at, scope, spelling)
  }
  walk.out.push(at)
}

function branch(walk: Walk, i: number, step: Step, at: Found, scope: Scope, spelling: Spelling | null): void {
  switch (step.kind) {
    case 'key':
      return indexed(walk, i, step.index ?? 0, at, scope, spelling, 0)
    case 'index':
      return indexed(walk, i, step.index, at, scope, spelling, i)
    case 'variable':
      return interpolated(walk, i, step.name, at, scope, spelling)
    case 'all_indices':
    case 'all_values':
      return everywhere(walk, i, step, at, scope, spelling)
    case 'filter':
      return filtered(walk, i, step, at, scope, spelling)
    case 'keys':
      return byKeys(walk, i, step, at, scope, spelling)
    case 'this':
      return follow(walk, i + 1, at, scope, spelling)
  }
}

const typeName = (value: GuardValue): string => TYPE_NAMES[kindOf(value)]

/** A member under another spelling; the first spelling that fits holds for the rest of the query. */
function respelled(
  walk: Walk,
  i: number,
  step: Extract<Step, { kind: 'key' }>,
  at: Found,
  scope: Scope,
  spelling: Spelling | null,
): void {
  const { value } = at
  if (!isMap(value))
    return missing(
      walk,
      at,
      i,
      () => `Attempting to retrieve from key ${step.name} but type is not an struct type`,
    )
  if (spelling !== null) {
    const name = spelling(step.name)
    const next = memberOf(value, name)
    if (next !== undefined) return follow(walk, i + 1, child(at, name, next), scope, spelling)
  } else
    for (let s = 0; s < SPELLINGS.length; s++) {
      const name = step.spellings[s] ?? ''
      const next = memberOf(value, name)
      if (next !== undefined) return follow(walk, i + 1, child(at, name, next), scope, SPELLINGS[s] ?? null)
    }
  missing(walk, at, i, () => `Could not find key ${step.name} inside struct`)
}

function indexed(
  walk: Walk,
  i: number,
  index: number,
  at: Found,
  scope: Scope,
  spelling: Spelling | null,
  remaining: number,
): void {
  const { value } = at
  if (!isList(value))
    return missing(
      walk,
      at,
      remaining,
      () => `Attempting to retrieve from index ${index} but type is not an array, type ${typeName(value)}`,
    )
  const item = value[Math.abs(index)]
  if (item === undefined)
    return missing(
      walk,
      at,
      0,
      () => `Array Index out of bounds on index = ${index} inside Array of ${value.length}`,
    )
  follow(walk, i + 1, child(at, Math.abs(index), item), scope, spelling)
}

function everywhere(
  walk: Walk,
  i: number,
  step: Extract<Step, { kind: 'this' | 'all_values' | 'all_indices' }>,
  at: Found,
  scope: Scope,
  spelling: Spelling | null,
): void {
  const { value } = at
  if (isList(value)) return eachItem(walk, i, value, at, scope, spelling)
  const through = isMap(value) && (step.kind === 'all_values' || step.capture !== null)
  if (!through) return follow(walk, i + 1, at, scope, spelling)
  eachMember(walk, i, value, at, scope, (key, member, inner) => {
    if (step.capture !== null) captureKey(scope, step.capture, inPlaceOf(at, key))
    follow(walk, i + 1, member, inner, spelling)
  })
}

const noEntries = (walk: Walk, i: number, at: Found): void =>
  missing(walk, at, i, () => `No more entries for value on type = ${typeName(at.value)} `)

function eachItem(
  walk: Walk,
  i: number,
  list: GuardList,
  at: Found,
  scope: Scope,
  spelling: Spelling | null,
): void {
  if (list.length === 0) return noEntries(walk, i, at)
  for (let n = 0; n < list.length; n++)
    follow(walk, i + 1, child(at, n, list[n] as GuardValue), scope, spelling)
}

function eachMember(
  walk: Walk,
  i: number,
  map: GuardMap,
  at: Found,
  scope: Scope,
  visit: (key: string, member: Found, inner: Scope) => void,
): void {
  const keys = Object.keys(map)
  if (keys.length === 0) return noEntries(walk, i, at)
  for (const key of keys) {
    const member = child(at, key, map[key] as GuardValue)
    visit(key, member, new Scope(scope.run, scope, member, null))
  }
}

function filtered(
  walk: Walk,
  i: number,
  step: Extract<Step, { kind: 'filter' }>,
  at: Found,
  scope: Scope,
  spelling: Spelling | null,
): void {
  const { value } = at
  if (isList(value)) {
    for (let n = 0; n < value.length; n++) {
      const item = child(at, n, value[n] as GuardValue)
      if (step.holds(new Scope(scope.run, scope, item, null)) === PASS)
        follow(walk, i + 1, item, scope, spelling)
    }
  } else if (isMap(value)) filteredMap(walk, i, step, at, value, scope, spelling)
  else if (walk.plan.steps[i - 1]?.kind !== 'all_indices')
    missing(walk, at, i, () => `Filter on value type that was not a struct or array ${typeName(value)}`)
  else if (step.holds(new Scope(scope.run, scope, at, null)) === PASS)
    follow(walk, i + 1, at, scope, spelling)
}

/** After `*` and `[*]` the filter asks about the map itself (from the scope's root, as cfn-guard does), after a name about its members. */
function filteredMap(
  walk: Walk,
  i: number,
  step: Extract<Step, { kind: 'filter' }>,
  at: Found,
  map: GuardMap,
  scope: Scope,
  spelling: Spelling | null,
): void {
  const before = walk.plan.steps[i - 1]?.kind
  if (before === 'all_values' || before === 'all_indices') {
    if (step.holds(scope) === PASS) follow(walk, i + 1, at, scope, spelling)
    return
  }
  if (before !== 'key' && before !== 'variable')
    throw new GuardEvaluationError(
      'bad_filter',
      'A filter on a struct may follow a property, `*` or `[*]` only.',
    )
  if (Object.keys(map).length === 0) return
  eachMember(walk, i, map, at, scope, (key, member, inner) => {
    if (step.holds(inner) !== PASS) return
    if (step.capture !== null) captureKey(scope, step.capture, inPlaceOf(at, key))
    follow(walk, i + 1, member, inner, spelling)
  })
}

function byKeys(
  walk: Walk,
  i: number,
  step: Extract<Step, { kind: 'keys' }>,
  at: Found,
  scope: Scope,
  spelling: Spelling | null,
): void {
  const { value } = at
  if (!isMap(value))
    return missing(walk, at, i, () => `Map Filter for keys was not a struct ${typeName(value)}`)
  const wanted = step.operand(at, scope, spelling)
  for (const key of Object.keys(value)) {
    const hits = compareKeys(step.operator, step.not, key, wanted)
    for (let n = 0; n < hits; n++)
      follow(walk, i + 1, child(at, key, value[key] as GuardValue), scope, spelling)
  }
}

/** `Resources.%names.Properties`: the values of the variable are names of members. */
function interpolated(
  walk: Walk,
  i: number,
  name: string,
  at: Found,
  scope: Scope,
  spelling: Spelling | null,
): void {
  const { value } = at
  if (!isMap(value))
    return missing(
      walk,
      at,
      i,
      () => `Attempting to retrieve from key %${name} but type is not an struct type`,
    )
  const keys = selectedKeys(walk, i, name, resolveVariable(scope, name))
  if (keys === null)
    return missing(
      walk,
      at,
      i,
      () => `Index on the set of values returned for variable ${name} is out of bounds`,
    )
  for (const key of keys) {
    if (key instanceof Missing)
      missing(
        walk,
        at,
        i,
        () => `Keys returned for variable ${name} could not completely resolve. ${key.why()}`,
      )
    else for (const text of keyTexts(name, key)) byName(walk, i, text, at, value, scope, spelling)
  }
}

function byName(
  walk: Walk,
  i: number,
  name: string,
  at: Found,
  map: GuardMap,
  scope: Scope,
  spelling: Spelling | null,
): void {
  const next = memberOf(map, name)
  if (next === undefined) missing(walk, at, i, () => `Could not locate key = ${name} inside struct`)
  else follow(walk, i + 1, child(at, name, next), scope, spelling)
}

/** `%names[0]` picks one name; what else may follow a name is limited in cfn-guard. */
function selectedKeys(
  walk: Walk,
  i: number,
  name: string,
  keys: readonly Result[],
): readonly Result[] | null {
  const next = walk.plan.steps[i + 1]
  if (next === undefined || next.kind === 'all_indices' || next.kind === 'key' || next.kind === 'variable')
    return keys
  if (next.kind === 'index') {
    const key = keys[Math.abs(next.index)]
    return key === undefined ? null : [key]
  }
  throw new GuardEvaluationError(
    'bad_interpolation',
    `After \`.%${name}\` a property, \`[*]\` or an index may follow only.`,
  )
}

function keyTexts(name: string, key: Found): readonly string[] {
  const texts = isList(key.value) ? key.value : [key.value]
  return texts.map((text) => {
    if (typeof text === 'string') return text
    throw new GuardEvaluationError(
      'bad_interpolation',
      `\`%${name}\` names members, but one of its values is no text: ${typeName(text)}.`,
    )
  })
}
