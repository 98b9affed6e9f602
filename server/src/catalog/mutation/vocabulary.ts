import { type GuardValue, isList, isMap, Range } from '../../guard/document/value.ts'
import type { RuleFile } from '../../guard/parse/ast.ts'

/** Values that rules and their cases speak of, the neighbours of numbers, and what no rule speaks of. */
export interface Vocabulary {
  readonly values: readonly GuardValue[]
  /** Names of properties in the rules. */
  readonly keys: readonly string[]
  /** Members of lists in failing cases. */
  readonly items: readonly GuardValue[]
}

const OUTSIDE: readonly GuardValue[] = ['', 'another', '*', 0, -1, true, false, null, [], {}]

/** @param examples documents of the failing cases: what they hold is often just what a rule refuses */
export function vocabularyOf(file: RuleFile, examples: readonly GuardValue[]): Vocabulary {
  const values = new Map<string, GuardValue>()
  const keys = new Set<string>()
  const add = (value: GuardValue): void => void values.set(`${typeof value} ${JSON.stringify(value)}`, value)
  const literals = (value: GuardValue): void => {
    for (const leaf of leavesOf(value)) for (const near of neighbours(leaf)) add(near)
  }
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item)
    else if (node !== null && typeof node === 'object') {
      const { kind, name, value } = node as { kind?: string; name?: string; value?: GuardValue }
      if (kind === 'key' && name !== undefined) keys.add(name)
      if (kind === 'value' && value !== undefined) literals(value)
      for (const child of Object.values(node)) visit(child)
    }
  }
  visit(file)
  for (const example of examples) literals(example)
  for (const value of OUTSIDE) add(value)
  return { values: [...values.values()], keys: [...keys], items: examples.flatMap(itemsOf) }
}

function leavesOf(value: GuardValue): readonly GuardValue[] {
  if (isList(value)) return value.flatMap(leavesOf)
  return isMap(value) ? Object.values(value).flatMap(leavesOf) : [value]
}

/** Maps that stand in lists. */
function itemsOf(value: GuardValue): readonly GuardValue[] {
  if (isList(value)) return [...value.filter(isMap), ...value.flatMap(itemsOf)]
  return isMap(value) ? Object.values(value).flatMap(itemsOf) : []
}

function neighbours(value: GuardValue): readonly GuardValue[] {
  if (typeof value === 'number') return [value, value + 1, value - 1]
  if (value instanceof Range)
    return [value.lower, value.upper].flatMap((end) =>
      typeof end === 'number' ? [end - 1, end, end + 1] : [],
    )
  return typeof value === 'string' || typeof value === 'boolean' ? [value] : []
}
