import type { GuardDocument } from '../guard/document/document.ts'
import { ABSENT, type GuardValue, isList, isMap, memberOf, Unknown } from '../guard/document/value.ts'

/** Where a value was written, from the inside out: its key, and the place around it. */
export interface Place {
  readonly key: string
  readonly parent: Place | null
}

export const within = (parent: Place | null, ...keys: readonly (string | number)[]): Place | null =>
  keys.reduce<Place | null>((place, key) => ({ key: String(key), parent: place }), parent)

function pathTo(place: Place | null): readonly string[] {
  const path: string[] = []
  for (let at = place; at !== null; at = at.parent) path.push(at.key)
  return path.reverse()
}

/** The places of lists and maps that were made from others; what was not made is at the same path as before. */
export type Places = WeakMap<object, Place>

/** Finds lines and columns of a document that was made from another. */
export const traced =
  (made: GuardValue, source: GuardDocument, places: Places): GuardDocument['locate'] =>
  (path) =>
    source.locate(sourcePath(made, path, places))

/** The path in the source of the value at `path`: from the nearest value around it whose place is known. */
export function sourcePath(made: GuardValue, path: readonly string[], places: Places): readonly string[] {
  let known: readonly string[] = []
  let rest: string[] = []
  let at: GuardValue | undefined = made
  for (const key of path) {
    const holder: GuardValue | undefined = at === undefined ? undefined : holderOf(at, key)
    const chosen = holder === at || holder === undefined ? undefined : places.get(holder as object)
    if (chosen !== undefined) {
      known = pathTo(chosen)
      rest = []
    }
    at = holder === undefined ? undefined : stepInto(holder, key)
    const place = typeof at === 'object' && at !== null ? places.get(at) : undefined
    if (place === undefined) rest.push(key)
    else {
      known = pathTo(place)
      rest = []
    }
  }
  return [...known, ...rest]
}

function stepInto(value: GuardValue, key: string): GuardValue | undefined {
  if (isList(value)) return value[Number(key)]
  return isMap(value) ? memberOf(value, key) : undefined
}

/** The value itself, or the option of a choice, that has such a member. */
function holderOf(value: GuardValue, key: string): GuardValue | undefined {
  if (!(value instanceof Unknown)) return value
  for (const option of value.options ?? [])
    if (option !== ABSENT && stepInto(option, key) !== undefined) return option
  return undefined
}
