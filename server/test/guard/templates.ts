import { documentOf } from '../../src/guard/document/document.ts'
import type { GuardValue } from '../../src/guard/document/value.ts'
import type { Failure } from '../../src/guard/evaluate/record.ts'
import { Missing, pathOf, type Result } from '../../src/guard/evaluate/result.ts'
import { type CompiledRules, compileRules } from '../../src/guard/guard.ts'
import { parseRules } from '../../src/guard/parse/file.ts'
import { seededRandom } from '../../src/kernel/random.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** What a rule talks about: names of properties, values, resource types. */
export interface Vocabulary {
  readonly keys: readonly string[]
  readonly values: readonly Json[]
  readonly types: readonly string[]
}

export function vocabularyOf(text: string): Vocabulary {
  const keys = new Set<string>()
  const values = new Set<string>()
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item)
    else if (node !== null && typeof node === 'object') {
      const { kind, name, value } = node as { kind?: string; name?: string; value?: GuardValue }
      if (kind === 'key' && name !== undefined) keys.add(name)
      if (kind === 'value') for (const v of plainValues(value ?? null)) values.add(JSON.stringify(v))
      for (const child of Object.values(node)) visit(child)
    }
  }
  visit(parseRules(text))
  const plain = [...values].map((v) => JSON.parse(v) as Json)
  return {
    keys: [...keys],
    values: plain,
    types: plain.filter((v): v is string => typeof v === 'string' && /^\w+::\w+::\w+/.test(v)),
  }
}

function plainValues(value: GuardValue): readonly Json[] {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return [value]
  if (typeof value === 'number') return [value, value + 1, value - 1]
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => plainValues(item as GuardValue))
    return [...items, [...items]]
  }
  return []
}

const ODD: readonly Json[] = [
  '',
  'text',
  [],
  {},
  null,
  true,
  false,
  0,
  1,
  7,
  1.5,
  443,
  { Ref: 'X' },
  { 'Fn::GetAtt': ['A', 'B'] },
  ['a', ''],
  [{}],
  '*',
  'arn:aws:iam::123456789012:role/x',
]

/** Templates grown from what the rule complains about, and changed at random; `count` of them, the same for a seed. */
export function templatesFor(text: string, count: number, seed: number): readonly Json[] {
  const vocabulary = vocabularyOf(text)
  const compiled = compileRules(text)
  const random = seededRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T
  const seen = new Map<string, Json>()
  const add = (template: Json): void => void seen.set(JSON.stringify(template), template)
  for (const type of vocabulary.types) {
    add({ Resources: { A: { Type: type } } })
    add({ Resources: { A: { Type: type, Properties: {} } } })
    add({ [type]: { resourceProperties: {} } })
  }
  add({ Resources: { A: { Type: 'AWS::Other::Thing' } } })
  for (let tries = 0; seen.size < count && tries < count * 20; tries++) {
    const recent = [...seen.values()].slice(-Math.max(8, Math.floor(seen.size / 2)))
    const template = structuredClone(pick(recent))
    const repaired = random.next() < 0.75 && repair(compiled, template, vocabulary, pick)
    if (!repaired) mutate(template, vocabulary, pick)
    add(template)
  }
  return [...seen.values()]
}

type Pick = <T>(list: readonly T[]) => T

/** Changes the template where a rule failed, often to what it wants. */
function repair(compiled: CompiledRules | null, template: Json, vocabulary: Vocabulary, pick: Pick): boolean {
  try {
    const verdicts = compiled?.evaluate(documentOf(template as GuardValue)) ?? []
    const leaves = verdicts.flatMap(({ failures }) => leavesOf(failures))
    if (leaves.length === 0) return false
    const leaf = pick(leaves)
    const value = pick<readonly Json[]>([leaf.wanted, leaf.wanted, vocabulary.values, ODD])
    return set(template, leaf.path, value.length > 0 ? pick(value) : pick(ODD))
  } catch {
    return false
  }
}

interface Leaf {
  readonly path: readonly string[]
  readonly wanted: readonly Json[]
}

function leavesOf(failures: readonly Failure[]): readonly Leaf[] {
  return failures.flatMap((failure): readonly Leaf[] => {
    switch (failure.kind) {
      case 'rule':
      case 'any_of':
        return leavesOf(failure.checks)
      case 'unary':
        return failure.from === null ? [] : [leafOf(failure.from, [])]
      case 'binary':
        return [
          leafOf(
            failure.from,
            (failure.to ?? []).flatMap((to) => (to instanceof Missing ? [] : plainValues(to.value))),
          ),
        ]
      case 'block':
        return failure.missing === null ? [] : [leafOf(failure.missing, [[{}], {}])]
      default:
        return []
    }
  })
}

function leafOf(result: Result, wanted: readonly Json[]): Leaf {
  if (!(result instanceof Missing)) return { path: pathOf(result), wanted }
  const rest = result.parts.slice(result.from).flatMap((part) => {
    if (part.kind === 'key') return [part.name]
    return part.kind === 'all_indices' || part.kind === 'all_values' || part.kind === 'index' ? ['0'] : []
  })
  return { path: [...pathOf(result.at), ...rest], wanted }
}

function set(template: Json, path: readonly string[], value: Json): boolean {
  let at = template
  for (const [i, key] of path.entries()) {
    if (at === null || typeof at !== 'object') return false
    const holder = at as { [key: string]: Json }
    if (i === path.length - 1) holder[key] = structuredClone(value)
    else {
      const next = holder[key]
      if (next === null || typeof next !== 'object') holder[key] = /^\d+$/.test(path[i + 1] ?? '') ? [] : {}
      at = holder[key] ?? null
    }
  }
  return path.length > 0
}

function mutate(template: Json, vocabulary: Vocabulary, pick: Pick): void {
  const places = placesOf(template).filter((place) => place.length > 1)
  const place = pick(places.length > 0 ? places : [['Resources', 'A', 'Properties']])
  const grown = pick([true, false]) && vocabulary.keys.length > 0 ? [...place, pick(vocabulary.keys)] : place
  set(template, grown, pick(pick([vocabulary.values.length > 0 ? vocabulary.values : ODD, ODD])))
}

/** Compliant templates with one place taken away or changed, the least changes first. */
export function* broken(text: string, compliant: readonly unknown[]): Iterable<Json> {
  const { values } = vocabularyOf(text)
  const places = compliant.flatMap((template) =>
    placesOf(template as Json)
      .filter((place) => place.length > 2)
      .map((place) => ({ template: template as Json, place })),
  )
  for (const { template, place } of places) yield without(template, place)
  for (const { template, place } of places)
    for (const value of [...ODD, ...values]) {
      const changed = structuredClone(template)
      set(changed, place, value)
      yield changed
    }
}

function without(template: Json, place: readonly string[]): Json {
  const changed = structuredClone(template)
  let at = changed as { [key: string]: Json }
  for (const key of place.slice(0, -1)) at = at[key] as { [key: string]: Json }
  const last = place.at(-1) ?? ''
  if (Array.isArray(at)) at.splice(Number(last), 1)
  else delete at[last]
  return changed
}

function placesOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (value === null || typeof value !== 'object') return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))]
}
