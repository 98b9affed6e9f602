import { fit } from '../trail/growing.ts'
import { ACCOUNT_AT, AFTER_ARN, ARN_OF_ACCOUNT, ARN_OF_NOBODY } from '../trail/resource-text.ts'
import { objectsReader, type Shreds } from '../trail/shreds.ts'
import { RESTART, type Texts, textsReader } from '../trail/texts.ts'
import { type ArnAutomaton, ASCII, arnAutomaton } from './arns.ts'
import { type Part, readPart } from './check.ts'
import { type Classes, tells, type World } from './classes.ts'
import { type EntryWalk, entryWalk } from './entries.ts'

/** Classes of the resources of a part, by their codes: as `classOf` of each value, without reading all of it. */
export type ResourceSorter = (texts: Texts, plain: Uint8Array) => Int32Array

export function resourceSorter(world: World, classes: Classes): ResourceSorter {
  const automaton = arnAutomaton(world.row)
  if (automaton === null) return (texts) => textClasses(classes, 'resource', texts)
  const walk = resourceWalk(automaton, (text) => classes.classOf('resource', readPart('resource', text)))
  return (texts, plain) => walk(texts, plain)
}

/** Asks each value as it is. */
export function textClasses(classes: Classes, part: Part, texts: Texts): Int32Array {
  const reader = textsReader(texts)
  return Int32Array.from(texts.lengths, (_, code) => classes.classOf(part, readPart(part, reader.text(code))))
}

const [STAR, DIGIT, N, UNREAD] = [42, 48, 110, Number.POSITIVE_INFINITY]

/**
 * Of a resource decides its account, and which patterns its ARN matches. The automaton goes on where a text leaves the
 * one before; a text that leaves it behind the place where all was decided is of its class, and is not read.
 */
function resourceWalk(automaton: ArnAutomaton, slow: (text: string) => number) {
  const accounts = new Map<number, number>([[-1, 0]])
  const known = new Map<number, number>()
  /** After how many bytes of the text each state was reached. */
  let states = new Int32Array(1024)

  return ({ shared, lengths, bytes, starts }: Texts, plain: Uint8Array): Int32Array => {
    const found = new Int32Array(lengths.length)
    let text = new Uint8Array(1024)
    let next = 0
    // Of `text` so many bytes are of the text before, and of `states` so many are of it.
    let [valid, walked] = [0, 0]
    let [decided, before] = [UNREAD, -1]
    let [account, arnAt] = [0, 0]
    for (let code = 0; code < found.length; code++) {
      const same = shared[code] as number
      const length = lengths[code] as number
      const isPlain = plain[code] === 1
      if (isPlain && same >= decided) {
        found[code] = before
        next += length - same
        valid = Math.min(valid, same)
        walked = Math.min(walked, same)
        continue
      }
      text = fit(text, length)
      if (same > valid) next = reload(text, { shared, lengths, bytes, starts }, code)
      else for (let to = same; to < length; ) text[to++] = bytes[next++] as number
      valid = length
      walked = Math.min(walked, same)
      if (!isPlain || automaton.isFull()) {
        found[code] = slow(Buffer.from(text.buffer, 0, length).toString())
        decided = UNREAD
        walked = 0
        continue
      }
      if (walked <= ARN_OF_ACCOUNT) {
        const ofNobody = text[ARN_OF_NOBODY - 12] === N
        account = numberOf(accounts, ofNobody ? -1 : accountIn(text))
        arnAt = ofNobody ? ARN_OF_NOBODY : ARN_OF_ACCOUNT
        walked = 0
      }
      const to = length - AFTER_ARN
      states = fit(states, length + 1)
      if (walked === 0) {
        walked = arnAt
        states[arnAt] = automaton.start
      }
      let at = Math.min(walked, to)
      let state = states[at] as number
      while (at < to && !automaton.isFinal(state)) {
        // Most bytes lead back to the same state: they are passed without asking anything else.
        const steps = automaton.steps()
        const row = ASCII * state
        while (at < to && steps[row + (text[at] as number)] === state) states[++at] = state
        if (at === to) break
        state = automaton.step(state, text[at++] as number)
        states[at] = state
      }
      walked = at
      // The one ARN that is no ARN, `*`, is told from others by the byte behind it.
      const isAll = to === arnAt + 1 && text[arnAt] === STAR
      decided = at < to && !isAll ? Math.max(at, arnAt + 2) : UNREAD
      before = isAll ? -1 : (known.get(account * 65_536 + automaton.matchesOf(state)) ?? -1)
      if (before < 0) {
        before = slow(Buffer.from(text.buffer, 0, length).toString())
        if (!isAll) known.set(account * 65_536 + automaton.matchesOf(state), before)
      }
      found[code] = before
    }
    return found
  }
}

/** Puts a text together from where reading can begin; where the next one stands. */
function reload(into: Uint8Array, { shared, lengths, bytes, starts }: Texts, code: number): number {
  const restart = code - (code % RESTART)
  let next = starts[restart / RESTART] as number
  const length = lengths[code] as number
  for (let at = restart; at <= code; at++) {
    const end = lengths[at] as number
    for (let to = shared[at] as number; to < end; to++, next++)
      if (to < length) into[to] = bytes[next] as number
  }
  return next
}

function numberOf(numbers: Map<number, number>, value: number): number {
  const known = numbers.get(value)
  if (known !== undefined) return known
  numbers.set(value, numbers.size)
  return numbers.size - 1
}

/** The twelve digits as a number. */
function accountIn(bytes: Uint8Array): number {
  let account = 0
  for (let i = 0; i < 12; i++) account = account * 10 + (bytes[ACCOUNT_AT + i] as number) - DIGIT
  return account
}

/** Classes of the objects of a part, by their codes. */
export type ShredSorter = (shreds: Shreds) => Int32Array

interface Key {
  readonly classOf: (values: readonly string[] | null) => number
  readonly walk: EntryWalk | null
  /** Where each class of an entry leads from each row of entries so far. */
  readonly after: number[][]
}

/**
 * Of context keys decide those that atoms read, and of their values the classes that they have alone: objects with the
 * same asked keys in the same classes are one class. Objects of another form are asked as they are.
 */
export function shredSorter({ row }: World, classes: Classes, part: 'context' | 'network'): ShredSorter {
  const asked = [...new Set(row.atoms.flatMap(({ inputs }) => inputs))]
  const keys = new Map<string, Key | null>()
  const keyOf = (name: string): Key | null => {
    const known = keys.get(name)
    if (known !== undefined) return known
    const made = asked.some((one) => tells(name, one))
      ? {
          classOf: classes.classOfEntry(part, name),
          walk: name.endsWith('*') ? null : entryWalk(row, name),
          after: [],
        }
      : null
    keys.set(name, made)
    return made
  }
  const classAt: number[] = []
  let paths = 1

  return (shreds) => {
    const { shapeOf, entries, shapes } = shreds
    const own = shreds.keys.map((name, index) => {
      const key = index === 0 ? null : keyOf(name)
      return key === null ? null : entryClasses(shreds, index, key)
    })
    const askedIn = shapes.map((shape) =>
      shape.flatMap((key, place) => {
        const asked = own[key] ?? null
        return asked === null ? [] : [{ place, ...asked }]
      }),
    )
    const found = new Int32Array(shapeOf.length)
    let read: ((code: number) => string) | null = null
    let at = 0
    for (let code = 0; code < found.length; code++) {
      const shape = shapeOf[code] as number
      const places = askedIn[shape] as (typeof askedIn)[number]
      let path = 0
      for (let i = 0; i < places.length; i++) {
        const { place, classOf, ask, after } = places[i] as (typeof places)[number]
        const entry = entries[at + place] as number
        if ((classOf[entry] as number) < 0) classOf[entry] = ask(entry)
        const one = classOf[entry] as number
        after[path] ??= []
        const next = after[path] as number[]
        next[one] ??= paths++
        path = next[one] as number
      }
      let one = shape === 0 ? undefined : classAt[path]
      if (one === undefined) {
        read ??= objectsReader(shreds)
        one = classes.classOf(part, readPart(part, read(code)))
        if (shape !== 0) classAt[path] = one
      }
      found[code] = one
      at += (shapes[shape] as readonly number[]).length
    }
    return found
  }
}

/** Most values are one text without escapes, which stands between `["` and `"]`. */
const valuesIn = (json: string): readonly string[] | null =>
  PLAIN.test(json) ? [json.slice(2, -2)] : (JSON.parse(json) as readonly string[] | null)
const PLAIN = /^\["[^"\\]*"\]$/

/** Classes of the values of a key by their codes: -1 where it was not asked yet, each is asked once. */
function entryClasses(shreds: Shreds, index: number, key: Key) {
  const texts = shreds.values(index)
  const reader = textsReader(texts)
  const byMatches: number[] = []
  return {
    after: key.after,
    classOf: new Int32Array(texts.lengths.length).fill(-1),
    ask(code: number): number {
      const matches = key.walk === null ? -1 : key.walk(reader, code, texts.lengths[code] as number)
      if (matches < 0) return key.classOf(valuesIn(reader.text(code)))
      byMatches[matches] ??= key.classOf(valuesIn(reader.text(code)))
      return byMatches[matches] as number
    },
  }
}
