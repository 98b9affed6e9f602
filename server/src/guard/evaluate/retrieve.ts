import { GuardEvaluationError } from '../document/problem.ts'
import {
  ABSENT,
  type GuardMap,
  type GuardValue,
  isList,
  isMap,
  kindOf,
  memberOf,
  TYPE_NAMES,
  Unknown,
} from '../document/value.ts'
import type { BinaryOperator, QueryPart } from '../parse/ast.ts'
import { queryText } from '../report/words.ts'
import { SPELLINGS, type Spelling } from './case.ts'
import { compareKeys } from './keys.ts'
import {
  child,
  type Found,
  granted,
  inPlaceOf,
  Missing,
  PASS,
  perhaps,
  type Reason,
  type Result,
  type Status,
} from './result.ts'
import { captureKey, doubt, resolveVariable, Scope, spend } from './scope.ts'
import { traceKey } from './trace.ts'
import { candidates, typeIndex } from './type-index.ts'
import { unsure } from './unsure.ts'

/** A part of a query, with its filter compiled. */
export type Step =
  | { readonly kind: 'this' }
  | { readonly kind: 'all_values' | 'all_indices'; readonly capture: string | null }
  | {
      readonly kind: 'key'
      readonly name: string
      /** A name that reads as a number is an index to cfn-guard. */
      readonly index: number | null
      readonly spellings: () => readonly string[]
    }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | {
      readonly kind: 'filter'
      readonly capture: string | null
      readonly holds: (scope: Scope) => Status
      /** How many lines of clauses it has; its trace tells. */
      readonly lines: number
      /** Set when the filter is `name == text` alone: an index over the members then answers it. */
      readonly quick: { readonly name: string; readonly text: (scope: Scope) => string | null } | null
    }
  | {
      readonly kind: 'keys'
      readonly operator: Extract<BinaryOperator, 'eq' | 'in'>
      readonly not: boolean
      readonly operand: (at: Found, scope: Scope, spelling: Spelling | null) => readonly Result[]
    }

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>

export interface Plan {
  readonly parts: readonly QueryPart[]
  readonly steps: readonly Step[]
}

/** A place in a walk: the step that comes next, the value it starts from, where names are looked up. */
interface Here {
  readonly plan: Plan
  readonly out: Result[]
  readonly step: number
  readonly at: Found
  readonly scope: Scope
  readonly spelling: Spelling | null
}

/** Everything that the query finds from `at`, and where it could not go on. */
export function retrieve(
  plan: Plan,
  at: Found,
  scope: Scope,
  spelling: Spelling | null = null,
): readonly Result[] {
  const [first] = plan.steps
  if (first?.kind === 'variable' && plan.steps.length === 1) return resolveVariable(scope, first.name)
  const out: Result[] = []
  if (first?.kind === 'variable') fromVariable(plan, out, first.name, scope, spelling)
  else follow(plan, out, 0, at, scope, spelling)
  if (out.length > scope.run.limits.results)
    throw new GuardEvaluationError(
      'too_many_results',
      `A query finds more than ${scope.run.limits.results} values.`,
    )
  return out
}

function fromVariable(
  plan: Plan,
  out: Result[],
  name: string,
  scope: Scope,
  spelling: Spelling | null,
): void {
  const next = plan.steps[1]?.kind === 'all_indices' ? 2 : 1
  for (const result of resolveVariable(scope, name)) {
    if (result instanceof Missing || next >= plan.steps.length) out.push(result)
    else follow(plan, out, next, result, new Scope(scope.run, scope, result, null), spelling)
  }
}

/** Names are followed in a loop; all other steps may go on in several ways. */
function follow(
  plan: Plan,
  out: Result[],
  from: number,
  start: Found,
  scope: Scope,
  spelling: Spelling | null,
): void {
  let at = start
  for (let i = from; i < plan.steps.length; i++) {
    spend(scope.run, 1)
    const step = plan.steps[i] as Step
    const { value } = at
    const next =
      step.kind === 'key' && step.index === null && isMap(value) ? memberOf(value, step.name) : undefined
    if (next !== undefined) at = child(at, (step as StepOf<'key'>).name, next)
    else if (step.kind !== 'this') {
      branch(step, { plan, out, step: i, at, scope, spelling })
      return
    }
  }
  if (at.value instanceof Unknown && at.value.options !== null)
    eachOption(at.value, { plan, out, step: plan.steps.length, at, scope, spelling })
  else out.push(at)
}

/** The query goes on at each value that may be there. Where there may be none, the property may be missing. */
function eachOption(unknown: Unknown, here: Here): void {
  const { at, plan, step, scope, spelling } = here
  doubt(scope.run, at, unknown)
  for (const option of unknown.options ?? [])
    if (option !== ABSENT) follow(plan, here.out, step, perhaps(at, option), scope, spelling)
    else if (at.parent !== null)
      here.out.push(
        new Missing(
          perhaps(at.parent),
          plan.parts,
          Math.max(0, step - 1),
          ({ where }) => `Could not find key ${String(at.key)} inside struct at path ${where}`,
        ),
      )
}

/** A step into a value that is not known: nobody can tell what is found there, if anything. */
function intoUnknown(unknown: Unknown, here: Here): void {
  if (unknown.options !== null) eachOption(unknown, here)
  else here.out.push(perhaps(here.at, new Unknown({ reason: unknown.reason })))
}

/** Visits what may stand in the place of a member of a map or list; nothing at all is no member. */
function eachAt(here: Here, member: Found, visit: (member: Found) => void): void {
  const { value } = member
  if (!(value instanceof Unknown) || value.options === null) {
    visit(member)
    return
  }
  doubt(here.scope.run, member, value)
  for (const option of value.options) if (option !== ABSENT) visit(perhaps(member, option))
}

const goOn = (here: Here, at: Found, scope = here.scope, spelling = here.spelling): void =>
  follow(here.plan, here.out, here.step + 1, at, scope, spelling)

function missing(here: Here, why: Reason, from = here.step): void {
  here.out.push(new Missing(here.at, here.plan.parts, from, why))
}

function branch(step: Step, here: Here): void {
  const { value } = here.at
  if (!(value instanceof Unknown)) branchKnown(step, here)
  else {
    const written =
      step.kind === 'key' && value.written !== null ? memberOf(value.written, step.name) : undefined
    if (written !== undefined) goOn(here, child(here.at, (step as StepOf<'key'>).name, written))
    else if (value.text) branchKnown(step, here)
    else intoUnknown(value, here)
  }
}

function branchKnown(step: Step, here: Here): void {
  switch (step.kind) {
    case 'key':
      if (step.index === null) respelled(step, here)
      else indexed(step.index, here, 0)
      break
    case 'index':
      indexed(step.index, here, here.step)
      break
    case 'variable':
      interpolated(step.name, here)
      break
    case 'all_indices':
    case 'all_values':
      everywhere(step, here)
      break
    case 'filter':
      filtered(step, here)
      break
    case 'keys':
      byKeys(step, here)
      break
    case 'this':
      goOn(here, here.at)
      break
  }
}

const typeName = (value: GuardValue): string => TYPE_NAMES[kindOf(value)]

/** A member under another spelling; the first spelling that fits holds for the rest of the query. */
function respelled(step: StepOf<'key'>, here: Here): void {
  const { at, spelling } = here
  const { value } = at
  if (!isMap(value)) {
    missing(here, noStruct(step.name, value))
    return
  }
  const names = spelling === null ? step.spellings() : [spelling(step.name)]
  const found = names.findIndex((name) => memberOf(value, name) !== undefined)
  const name = names[found]
  if (name === undefined)
    missing(here, ({ where }) => `Could not find key ${step.name} inside struct at path ${where}`)
  else
    goOn(here, child(at, name, value[name] as GuardValue), here.scope, spelling ?? SPELLINGS[found] ?? null)
}

const noStruct =
  (name: string, value: GuardValue): Reason =>
  ({ where, shown }) =>
    `Attempting to retrieve from key ${name} but type is not an struct type at path ${where}, Type = ${typeName(value)}, Value = ${shown()}`

const outOfBounds =
  (index: number, parts: readonly QueryPart[]): Reason =>
  ({ where, shown }) =>
    `Array Index out of bounds for path = ${where} on index = ${index} inside Array = ${elements(shown())}, remaining query = ${queryText(parts)}`

/** The elements of a list as `shown`. */
const elements = (list: string): string => list.slice(list.indexOf('}), [') + 4, -2)

/** `typed`: written as an index, not as a name that reads as a number. */
const noArray =
  (index: number, value: GuardValue, typed: boolean): Reason =>
  ({ where }) =>
    `Attempting to retrieve from index ${index} but type is not an array at path ${where}${typed ? `, type ${typeName(value)}` : ''}`

/** A negative index counts like a positive one in cfn-guard 3.1. */
function indexed(written: number, here: Here, from: number): void {
  const { value } = here.at
  const index = Math.abs(written)
  const item = isList(value) ? value[index] : undefined
  if (item !== undefined) goOn(here, child(here.at, index, item))
  else if (isList(value)) missing(here, outOfBounds(written, here.plan.parts), 0)
  else missing(here, noArray(written, value, from > 0), from)
}

function everywhere(step: StepOf<'all_values' | 'all_indices'>, here: Here): void {
  const { at } = here
  const { value } = at
  if (isList(value)) {
    if (value.length === 0) noEntries(here)
    const visit = (item: Found): void => goOn(here, item)
    for (let n = 0; n < value.length; n++) eachAt(here, child(at, n, value[n] as GuardValue), visit)
  } else if (isMap(value) && (step.kind === 'all_values' || step.capture !== null)) {
    if (step.capture === null && throughIndex(here, value)) return
    eachMember(here, value, (key, member, inner) => {
      if (step.capture !== null) captureKey(inner, step.capture, inPlaceOf(at, key))
      goOn(here, member, inner)
    })
  } else goOn(here, at)
}

/** Answers the filter after this step by an index over the members; false when it has to look at each. */
function throughIndex(here: Here, map: GuardMap): boolean {
  const filter = here.plan.steps[here.step + 1]
  if (filter?.kind !== 'filter' || filter.quick === null || here.scope.run.tracer !== null) return false
  const text = filter.quick.text(here.scope)
  const index = text === null ? null : typeIndex(map, filter.quick.name)
  if (text === null || index === null || index.order.length === 0) return false
  for (const key of candidates(index, text)) {
    const member = child(here.at, key, map[key] as GuardValue)
    if (index.odd.has(key)) eachAt(here, member, (one) => goOn(here, one, memberScope(here, one)))
    else follow(here.plan, here.out, here.step + 2, member, memberScope(here, member), here.spelling)
  }
  return true
}

/** Inside of a member, that it is there is taken for granted. */
const memberScope = ({ scope }: Here, member: Found): Scope =>
  new Scope(scope.run, scope, granted(member), null)

const noEntries = (here: Here): void =>
  missing(
    here,
    ({ where }) => `No more entries for value at path = ${where} on type = ${typeName(here.at.value)} `,
  )

function eachMember(
  here: Here,
  map: GuardMap,
  visit: (key: string, member: Found, inner: Scope) => void,
): void {
  const keys = Object.keys(map)
  if (keys.length === 0) noEntries(here)
  for (const key of keys)
    eachAt(here, child(here.at, key, map[key] as GuardValue), (member) =>
      visit(key, member, memberScope(here, member)),
    )
}

function filtered(step: StepOf<'filter'>, here: Here): void {
  const { at } = here
  const { value } = at
  const visit = (item: Found): void => select(here, item, step.holds(memberScope(here, item)))
  const visitItem = (item: Found): void => select(here, item, holdsIn(step, 'List', memberScope(here, item)))
  if (isList(value))
    for (let n = 0; n < value.length; n++) eachAt(here, child(at, n, value[n] as GuardValue), visitItem)
  else if (isMap(value)) filteredMap(step, here, value)
  else if (here.plan.steps[here.step - 1]?.kind !== 'all_indices')
    missing(
      here,
      ({ where }) => `Filter on value type that was not a struct or array ${typeName(value)} ${where}`,
    )
  else visit(at)
}

/** The filter on one value, as a step of the trace when there is one. */
function holdsIn({ holds, lines }: StepOf<'filter'>, kind: 'Map' | 'List', scope: Scope): Status {
  const { tracer } = scope.run
  if (tracer === null) return holds(scope)
  tracer.open(`Filter/${kind}#${lines}`)
  const status = holds(scope)
  tracer.close({ kind: 'filter', status })
  return status
}

/** Goes on at what a filter selects; what it perhaps selects is perhaps a result. */
function select(here: Here, at: Found, status: Status, scope = here.scope): void {
  if (status === PASS) goOn(here, at, scope)
  else if ((status & PASS) !== 0) goOn(here, perhaps(at), scope)
}

/**
 * After `*` and `[*]` the filter asks about the map itself (from the scope's root, as cfn-guard does), after a name
 * about its members.
 */
function filteredMap(step: StepOf<'filter'>, here: Here, map: GuardMap): void {
  const before = here.plan.steps[here.step - 1]?.kind
  if (before === 'all_values' || before === 'all_indices') {
    select(here, here.at, holdsIn(step, 'Map', here.scope))
    return
  }
  if (before !== 'key' && before !== 'variable')
    throw new GuardEvaluationError(
      'bad_filter',
      'A filter on a struct may follow a property, `*` or `[*]` only.',
    )
  if (Object.keys(map).length === 0) return
  eachMember(here, map, (key, member, inner) => {
    const status = holdsIn(step, 'Map', inner)
    if ((status & PASS) === 0) return
    const found = inPlaceOf(here.at, key)
    if (step.capture !== null) captureKey(inner, step.capture, status === PASS ? found : perhaps(found))
    select(here, member, status, inner)
  })
}

function byKeys(step: StepOf<'keys'>, here: Here): void {
  const { at, scope, spelling } = here
  const { value } = at
  if (!isMap(value)) {
    missing(here, ({ where }) => `Map Filter for keys was not a struct ${typeName(value)} ${where}`)
    return
  }
  const wanted = step.operand(at, scope, spelling)
  if (unsure(wanted)) {
    for (const key of Object.keys(value)) goOn(here, perhaps(child(at, key, value[key] as GuardValue)))
    return
  }
  for (const key of Object.keys(value)) {
    const hits = compareKeys(step.operator, step.not, key, wanted)
    if (scope.run.tracer !== null) traceKey(scope.run.tracer, step, inPlaceOf(at, key), wanted, hits > 0)
    const visit = (member: Found): void => goOn(here, member)
    for (let n = 0; n < hits; n++) eachAt(here, child(at, key, value[key] as GuardValue), visit)
  }
}

/** `Resources.%names.Properties`: the values of the variable are names of members. */
function interpolated(name: string, here: Here): void {
  const { value } = here.at
  if (!isMap(value)) {
    missing(here, noStruct(`%${name}`, value))
    return
  }
  const keys = selectedKeys(name, resolveVariable(here.scope, name), here)
  if (keys === null)
    missing(
      here,
      () => `Index on the set of values returned for variable ${name} on the join, is out of bounds`,
    )
  for (const key of keys ?? []) {
    if (key instanceof Missing) missing(here, unresolvedKeys(name, key))
    else if (key.value instanceof Unknown)
      here.out.push(perhaps(here.at, new Unknown({ reason: key.value.reason })))
    else for (const text of keyTexts(name, key)) byName(text, value, here, key.maybe)
  }
}

const unresolvedKeys =
  (name: string, key: Missing): Reason =>
  (at) =>
    `Keys returned for variable ${name} could not completely resolve. ${key.why(at)}`

function byName(name: string, map: GuardMap, from: Here, maybe: boolean): void {
  const here = maybe ? { ...from, at: perhaps(from.at) } : from
  const next = memberOf(map, name)
  if (next === undefined)
    missing(here, ({ where }) => `Could not locate key = ${name} inside struct at path = ${where}`)
  else goOn(here, child(here.at, name, next))
}

/** `%names[0]` picks one name; what else may follow a name is limited in cfn-guard. */
function selectedKeys(name: string, keys: readonly Result[], here: Here): readonly Result[] | null {
  const next = here.plan.steps[here.step + 1]
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
