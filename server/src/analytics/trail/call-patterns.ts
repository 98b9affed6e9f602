import type { CallReader } from '../../policy/trail/call.ts'
import { type CallTexts, type CheckTexts, callTexts } from './call-texts.ts'
import type { Head, Slices } from './dimensions.ts'
import { BETWEEN, type Cut, cutter, SHORTEST, UUID, WORD } from './holes.ts'
import { FIELD } from './scan.ts'

/** What calls ask that are cut alike: texts with holes. */
interface Pattern {
  readonly of: string
  readonly skeleton: Int32Array
  /** What the first one asked, with its words, until a second one is met. */
  met: { readonly texts: CallTexts; readonly words: readonly string[] } | null
  /** `null` where the words in the holes decide more than themselves, and until a second one is met. */
  texts: PatternTexts | null
  /** Another one of the same hash. */
  readonly next: Pattern | undefined
}

interface PatternTexts {
  readonly skip: CallTexts['skip']
  readonly checks: readonly PatternCheck[]
  /** Holes that the texts speak of. */
  readonly used: readonly number[]
}

interface PatternCheck {
  readonly kind: number
  readonly action: string
  readonly resource: Pieces
  readonly context: Pieces
}

/** A text: `first`, then for each hole its word and what follows it. */
interface Pieces {
  readonly first: string
  readonly rest: readonly (readonly [hole: number, text: string])[]
}

/** Events of one name, region and account, whose patterns are looked up together. */
export interface Kind {
  readonly text: string
  readonly hash: number
}

const LIKE_A_HOLE = new RegExp(`[0-9a-f]{${SHORTEST}}`)

/** Events that can have patterns, or `null`: their account and region are told apart from words in holes. */
export function kindOf(head: Head): Kind | null {
  const { source, name, region, recipient, skip, needsParameters } = head
  if (skip !== null || !needsParameters || !/^\d{12}$/.test(recipient) || LIKE_A_HOLE.test(region))
    return null
  const text = `${source} ${name} ${region} ${recipient}`
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return { text, hash }
}

/** Memory of all patterns of a thread; beyond it they begin anew. */
const MAX_BYTES = 32 * 1024 * 1024
/** What a pattern takes besides its skeleton. */
const PATTERN_BYTES = 2048

/**
 * Maps calls that were never seen. Most of them are like one that was, but for an id: what the mapping says of one with other
 * words in its place is filled with the id. The mapping is asked for the first call of a pattern, once more for the second with
 * markers for its words, and for each call that can have no pattern.
 */
export function callMapper(reader: CallReader) {
  const cut = cutter()
  let patterns = new Map<number, Pattern>()
  let bytes = 0

  const remember = (kind: Kind, found: Cut, from: Slices, texts: CallTexts): void => {
    if (bytes > MAX_BYTES) {
      patterns = new Map()
      bytes = 0
    }
    const hash = kind.hash ^ found.hash
    const skeleton = found.skeleton.slice(0, found.words)
    const met = { texts, words: wordsOf(found, from) }
    patterns.set(hash, { of: kind.text, skeleton, met, texts: null, next: patterns.get(hash) })
    bytes += skeleton.byteLength + PATTERN_BYTES
  }

  const learn = (pattern: Pattern, met: NonNullable<Pattern['met']>, made: PatternTexts | null): void => {
    // What does not give the same for the first call is not used.
    const same = made !== null && JSON.stringify(filled(made, met.words)) === JSON.stringify(met.texts)
    pattern.texts = same ? made : null
    pattern.met = null
  }

  return (from: Slices, head: Head, account: string, kind: Kind | null): CallTexts => {
    const found = kind === null ? null : cut(from)
    if (kind === null || found === null) return callTexts(from, head, account, reader)
    const known = search(patterns.get(kind.hash ^ found.hash), kind, found)
    if (known === undefined) {
      const texts = callTexts(from, head, account, reader)
      remember(kind, found, from, texts)
      return texts
    }
    if (known.met !== null) learn(known, known.met, patternOf(from, head, account, found, reader))
    if (known.texts === null) return callTexts(from, head, account, reader)
    return filled(known.texts, wordsOf(found, from, known.texts.used))
  }
}

function search(first: Pattern | undefined, { text }: Kind, cut: Cut): Pattern | undefined {
  const { skeleton, words } = cut
  for (let one = first; one !== undefined; one = one.next) {
    if (one.skeleton.length !== words || one.of !== text) continue
    let i = 0
    while (i < words && one.skeleton[i] === skeleton[i]) i++
    if (i === words) return one
  }
  return undefined
}

/** Words of holes by their numbers: of all, or of those that are used. */
function wordsOf({ spans, holes }: Cut, { buffer }: Slices, used?: readonly number[]): readonly string[] {
  const words: string[] = []
  const add = (hole: number) => {
    words[hole] = buffer.toString('latin1', spans[2 * hole], spans[2 * hole + 1])
  }
  if (used !== undefined) for (const hole of used) add(hole)
  else for (let hole = 0; hole < holes; hole++) add(hole)
  return words
}

const filled = ({ skip, checks }: PatternTexts, words: readonly string[]): CallTexts => ({
  skip,
  checks: checks.map(({ kind, action, resource, context }) => ({
    kind,
    action,
    resource: textOf(resource, words),
    context: textOf(context, words),
  })),
})

function textOf({ first, rest }: Pieces, words: readonly string[]): string {
  let text = first
  for (const [hole, then] of rest) text += (words[hole] as string) + then
  return text
}

/** Words that stand for holes while a pattern is made: of the same kind as those of records, and told apart from all others. */
const marker = (hole: number, kind: number): string => {
  const number = hole.toString(16).padStart(2, '0')
  return kind === UUID ? `f0e1d2c3-b4a5-4d3e-9f10-a5968778f0${number}` : `f0e1d2c3b4a59${number}f`
}
const MARKER = 'f0e1d2c3'
const MARKED = /f0e1d2c3b4a59([0-9a-f]{2})f|f0e1d2c3-b4a5-4d3e-9f10-a5968778f0([0-9a-f]{2})/

/** The record mapped with markers in its holes; `null` when they are found where order or meaning may hang on them. */
function patternOf(
  from: Slices,
  head: Head,
  account: string,
  cut: Cut,
  reader: CallReader,
): PatternTexts | null {
  const marked = withMarkers(from, cut)
  if (marked === null) return null
  const { skip, checks } = callTexts(marked, head, account, reader)
  if (!checks.every(isPattern)) return null
  const made = checks.map(({ kind, action, resource, context }) => ({
    kind,
    action,
    resource: piecesOf(resource),
    context: piecesOf(context),
  }))
  const holes = made.flatMap(({ resource, context }) =>
    [...resource.rest, ...context.rest].map(([hole]) => hole),
  )
  return { skip, checks: made, used: [...new Set(holes)] }
}

/** Keys are sorted by their names, and some lists by their values: words in these would change their order. */
function isPattern({ action, context }: CheckTexts): boolean {
  if (action.includes(MARKER)) return false
  const keys = JSON.parse(context) as Readonly<Record<string, readonly string[] | null>>
  return Object.entries(keys).every(
    ([key, values]) =>
      !key.includes(MARKER) && (values === null || values.length < 2 || !values.join(' ').includes(MARKER)),
  )
}

function piecesOf(text: string): Pieces {
  const parts = text.split(MARKED)
  const rest: (readonly [number, string])[] = []
  for (let i = 1; i < parts.length; i += 3)
    rest.push([Number.parseInt(parts[i] ?? parts[i + 1] ?? '', 16), parts[i + 2] ?? ''])
  return { first: parts[0] ?? '', rest }
}

/** The two members with markers in the place of words; `null` when they hold something like a marker. */
function withMarkers(from: Slices, { skeleton, words }: Cut): Slices | null {
  const standing = Buffer.from(skeleton.buffer, skeleton.byteOffset, words * 4)
  const members: string[] = ['', '']
  let [member, holes] = [0, 0]
  for (let at = 0; at < standing.length; at++) {
    const byte = standing[at] as number
    if (byte === 0) break
    if (byte === WORD || byte === UUID) {
      members[member] += marker(standing[++at] as number, byte)
      holes++
    } else if (byte === BETWEEN) member++
    else members[member] += String.fromCharCode(byte)
  }
  if (members.join(' ').split(MARKER).length - 1 !== holes) return null
  const buffer = Buffer.from(members.join(''), 'latin1')
  const spans = from.spans.slice()
  const [parameters, resources] = members.map((text) => text.length) as [number, number]
  put(spans, FIELD.requestParameters, 0, parameters)
  put(spans, FIELD.resources, parameters, parameters + resources)
  return { bytes: buffer, buffer, spans }
}

function put(spans: Int32Array, field: number, start: number, end: number): void {
  // A member that is not there stays so.
  if ((spans[2 * field] as number) < 0) return
  spans[2 * field] = start
  spans[2 * field + 1] = end
}
