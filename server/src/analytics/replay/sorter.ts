import { objectsReader, type Shreds } from '../trail/shreds.ts'
import { type Texts, textsReader } from '../trail/texts.ts'
import { arnAutomaton } from './arns.ts'
import { tells } from './askers.ts'
import { type Part, readPart } from './check.ts'
import type { Classes } from './classes.ts'
import { entryAutomaton } from './entries.ts'
import type { Kernel } from './kernel.ts'
import { AGAIN, DONE, OBJECTS } from './structures.ts'
import { type Walk, walkThrough } from './walk.ts'
import type { World } from './world.ts'

/** Classes of the resources of a part, by their codes: as `classOf` of each value, without reading all of it. */
export type ResourceSorter = (texts: Texts, plain: Uint8Array) => Int32Array

export function resourceSorter(world: World, classes: Classes, kernel: Kernel): ResourceSorter {
  const automaton = arnAutomaton(world.row, kernel)
  if (automaton === null) return (texts) => textClasses(classes, 'resource', texts)
  const walk = walkThrough(automaton, kernel)
  const ask = (text: string) => classes.classOf('resource', readPart('resource', text))
  return (texts, plain) => walk(texts, ask, plain)
}

/** Asks each value as it is. */
export function textClasses(classes: Classes, part: Part, texts: Texts): Int32Array {
  const reader = textsReader(texts)
  return Int32Array.from(texts.lengths, (_, code) => classes.classOf(part, readPart(part, reader.text(code))))
}

/** Classes of the objects of a part, by their codes. */
export type ShredSorter = (shreds: Shreds) => Int32Array

interface Key {
  /** Values of the same kind are of the same class; another key has other kinds. */
  readonly kindOf: (values: readonly string[] | null) => number
  readonly walk: Walk | null
}

/**
 * Of context keys decide those that atoms read, and of their values the classes that they have alone: objects with the
 * same asked keys in the same classes are one class. Objects of another form are asked as they are.
 */
export function shredSorter(
  { row }: World,
  classes: Classes,
  part: 'context' | 'network',
  kernel: Kernel,
): ShredSorter {
  const asked = [...new Set(row.atoms.flatMap(({ inputs }) => inputs))]
  const keys = new Map<string, Key | null>()
  let kinds = 0
  const newKey = (name: string): Key => {
    const classOf = classes.classOfEntry(part, name)
    const ofClasses: number[] = []
    const automaton = name.endsWith('*') ? null : entryAutomaton(row, name, kernel)
    return {
      kindOf(values) {
        const one = classOf(values)
        ofClasses[one] ??= kinds++
        return ofClasses[one] as number
      },
      walk: automaton === null ? null : walkThrough(automaton, kernel),
    }
  }
  const keyOf = (name: string): Key | null => {
    const known = keys.get(name)
    if (known !== undefined) return known
    const made = asked.some((one) => tells(name, one)) ? newKey(name) : null
    keys.set(name, made)
    return made
  }
  const objects = kernel.wasm.newObjects() >>> 0

  return (shreds) => {
    const { shapeOf, entries, shapes } = shreds
    const kindsOf = shreds.keys.map((name, index) => {
      const key = index === 0 ? null : keyOf(name)
      return key === null ? null : entryKinds(shreds.values(index), key, kernel).byteOffset
    })
    const found = kernel.take(shapeOf.length)
    const { firsts, places } = askedPlaces(shapes, kindsOf)
    const widths = Uint32Array.from(shapes, ({ length }) => length)
    kernel.set(objects, OBJECTS, {
      shapeOf: kernel.place(shapeOf),
      entries: kernel.place(entries),
      count: shapeOf.length,
      found: found.byteOffset,
      widths: kernel.place(widths),
      firsts: kernel.place(firsts),
      places: kernel.place(places),
    })
    kernel.wasm.beginObjects(objects)
    let read: ((code: number) => string) | null = null
    while (true) {
      const why = kernel.wasm.walkObjects(objects)
      if (why === DONE) return found
      if (why === AGAIN) continue
      read ??= objectsReader(shreds)
      const code = kernel.field(objects, OBJECTS.at.code)
      kernel.wasm.tellObject(objects, classes.classOf(part, readPart(part, read(code))))
    }
  }
}

/** Of each shape the places of its asked keys, and where the kinds of their values stand. */
function askedPlaces(shapes: Shreds['shapes'], kindsOf: readonly (number | null)[]) {
  const firsts = [0]
  const places: number[] = []
  for (const shape of shapes) {
    for (const [place, key] of shape.entries()) {
      const kinds = kindsOf[key] ?? null
      if (kinds !== null) places.push(place, kinds)
    }
    firsts.push(places.length / 2)
  }
  return { firsts: Uint32Array.from(firsts), places: Uint32Array.from(places) }
}

/** Most values are one text without escapes, which stands between `["` and `"]`. */
const valuesIn = (json: string): readonly string[] | null =>
  PLAIN.test(json) ? [json.slice(2, -2)] : (JSON.parse(json) as readonly string[] | null)
const PLAIN = /^\["[^"\\]*"\]$/

/** Kinds of the values of a key by their codes. */
function entryKinds(texts: Texts, { kindOf, walk }: Key, kernel: Kernel): Int32Array {
  const ask = (text: string) => kindOf(valuesIn(text))
  if (walk !== null) return walk(texts, ask)
  const kinds = kernel.take(texts.lengths.length)
  const reader = textsReader(texts)
  for (let code = 0; code < kinds.length; code++) kinds[code] = ask(reader.text(code))
  return kinds
}
