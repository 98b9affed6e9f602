import type { CallReader } from '../../policy/trail/call.ts'
import type { SkipReason } from '../../policy/trail/facts.ts'
import {
  type CallMemory,
  type Cut,
  NO_HOLE,
  NOT_CUT,
  type PatternCheck,
  type Pieces,
  THE_ACCOUNT,
  UNTAUGHT,
} from './call-memory.ts'
import { type CallTexts, type CheckTexts, callTexts } from './call-texts.ts'
import type { Head, Slices } from './dimensions.ts'
import { FIELD } from './scan.ts'

/** What a call asks, in numbers. */
export interface CallNumbers {
  readonly skip: SkipReason | null
  /** Kind, action, resource and context of each of `count` checks; until the next call is read. */
  readonly checks: Int32Array
  readonly count: number
}

/** What of a pattern is known here: the first call, until a second one is met; then why it is not asked any more, if it is not. */
type Known =
  | { readonly kind: 'met'; readonly texts: CallTexts; readonly cut: Cut; readonly account: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | { readonly kind: 'taught' }
  /** The words in its holes decide more than themselves. */
  | { readonly kind: 'unfit' }

/** Beyond either of them all patterns begin anew: bytes in the module, and how many are kept here. */
const [MAX_BYTES, MAX_PATTERNS] = [16 * 1024 * 1024, 16_384]

/**
 * Maps calls that were never seen. Most of them are like one that was, but for ids and the account: what the mapping says of one with
 * other words in their places is filled with theirs. The mapping is asked for the first call of a pattern, once more for the second
 * with markers for its words, and for each call that can have no pattern.
 */
export function callMapper(reader: CallReader, memory: CallMemory) {
  const kinds = new Map<string, number>()
  let nextKind = 0
  let patterns: (Known | undefined)[] = []
  let checks = new Int32Array(64)

  const numbersOf = ({ skip, checks: texts }: CallTexts): CallNumbers => {
    if (checks.length < 4 * texts.length) checks = new Int32Array(8 * texts.length)
    texts.forEach(({ kind, action, resource, context }, i) => {
      checks[4 * i] = kind
      checks[4 * i + 1] = memory.numberOf('action', action)
      checks[4 * i + 2] = memory.numberOf('resource', resource)
      checks[4 * i + 3] = memory.numberOf('context', context)
    })
    return { skip, checks, count: texts.length }
  }

  /** Kinds that are in use keep their numbers, which nothing else ever gets. */
  const forget = (): void => {
    if (memory.bytesOfPatterns() < MAX_BYTES && patterns.length < MAX_PATTERNS) return
    memory.forgetPatterns()
    kinds.clear()
    patterns = []
  }

  const learn = (
    number: number,
    met: Extract<Known, { kind: 'met' }>,
    made: CallTexts | readonly PatternCheck[] | null,
  ): void => {
    if (made === null) patterns[number] = { kind: 'unfit' }
    else if ('skip' in made)
      patterns[number] =
        made.skip !== null && made.skip === met.texts.skip
          ? { kind: 'skipped', reason: made.skip }
          : { kind: 'unfit' }
    // What does not give the same for the first call is not used.
    else if (JSON.stringify(filled(made, met)) !== JSON.stringify(met.texts))
      patterns[number] = { kind: 'unfit' }
    else {
      memory.teach(number, made)
      patterns[number] = { kind: 'taught' }
    }
  }

  return {
    /** Number of the events of one name and region, whose patterns are looked up together; `null` when they can have none. */
    kindOf({ source, name, region, recipient, skip, needsParameters }: Head): number | null {
      if (skip !== null || !needsParameters || !/^\d{12}$/.test(recipient) || LIKE_A_HOLE.test(region))
        return null
      const text = `${source} ${name} ${region}`
      const known = kinds.get(text)
      if (known !== undefined) return known
      kinds.set(text, nextKind)
      return nextKind++
    },
    /** What the record at hand asks. `kind`: of its head; its account is the one in the record. */
    read(from: Slices, head: Head, account: string, kind: number | null): CallNumbers {
      const asked = () => callTexts(from, head, account, reader)
      const found = kind === null ? NOT_CUT : memory.read(kind)
      if (found >= 0) return { skip: null, checks: memory.checks(), count: found }
      if (kind === null || found === NOT_CUT) return numbersOf(asked())
      const number = UNTAUGHT - found
      const known = patterns[number]
      if (known === undefined) {
        const texts = asked()
        patterns[number] = { kind: 'met', texts, cut: memory.cut(), account }
        forget()
        return numbersOf(texts)
      }
      if (known.kind === 'skipped') return { skip: known.reason, checks, count: 0 }
      if (known.kind === 'unfit') return numbersOf(asked())
      if (known.kind === 'met') learn(number, known, patternOf(from, head, memory.cut(), reader))
      return this.read(from, head, account, kind)
    },
  }
}

const LIKE_A_HOLE = /[0-9a-f]{5}/

/** What a pattern says of the call that was met first. */
const filled = (
  checks: readonly PatternCheck[],
  { cut, account }: { cut: Cut; account: string },
): CallTexts => {
  const wordOf = (hole: number) =>
    hole === NO_HOLE ? '' : hole === THE_ACCOUNT ? account : (cut.words[hole] as string)
  const textOf = (pieces: Pieces) => pieces.map(([hole, text]) => wordOf(hole) + text).join('')
  return {
    skip: null,
    checks: checks.map(({ kind, action, resource, context }) => ({
      kind,
      action: textOf(action),
      resource: textOf(resource),
      context: textOf(context),
    })),
  }
}

/** Of what stands in a skeleton (`server/wasm/trail/holes.ts`). */
const [UUID, BETWEEN, ACCOUNT] = [2, 3, 4]

/** Words that stand for holes while a pattern is made: of the same kind as those of records, and told apart from all others. */
const marker = (hole: number, kind: number): string => {
  const number = hole.toString(16).padStart(2, '0')
  return kind === UUID ? `f0e1d2c3-b4a5-4d3e-9f10-a5968778f0${number}` : `f0e1d2c3b4a59${number}f`
}
const ACCOUNT_MARKER = '907182635449'
const MARKER = /f0e1d2c3|907182635449/g
const MARKED = /f0e1d2c3b4a59([0-9a-f]{2})f|f0e1d2c3-b4a5-4d3e-9f10-a5968778f0([0-9a-f]{2})|907182635449/

/**
 * The record mapped with markers in its holes: what it asks with pieces for texts, that it is skipped, or `null` when markers are found
 * where order or meaning may hang on them.
 */
function patternOf(
  from: Slices,
  head: Head,
  cut: Cut,
  reader: CallReader,
): CallTexts | readonly PatternCheck[] | null {
  const marked = withMarkers(from, cut)
  if (marked === null) return null
  const texts = callTexts(marked, head, ACCOUNT_MARKER, reader)
  if (texts.skip !== null) return texts
  if (!texts.checks.every(isPattern)) return null
  return texts.checks.map(({ kind, action, resource, context }) => ({
    kind,
    action: [[NO_HOLE, action]],
    resource: piecesOf(resource),
    context: piecesOf(context),
  }))
}

const hasMarker = (text: string) => text.search(MARKER) >= 0

/** Keys are sorted by their names, and some lists by their values: words in these would change their order. */
function isPattern({ action, context }: CheckTexts): boolean {
  if (hasMarker(action)) return false
  const keys = JSON.parse(context) as Readonly<Record<string, readonly string[] | null>>
  return Object.entries(keys).every(
    ([key, values]) =>
      !hasMarker(key) && (values === null || values.length < 2 || !hasMarker(values.join(' '))),
  )
}

function piecesOf(text: string): Pieces {
  const parts = text.split(MARKED)
  const pieces: (readonly [number, string])[] = [[NO_HOLE, parts[0] ?? '']]
  for (let i = 1; i < parts.length; i += 3) {
    const number = parts[i] ?? parts[i + 1]
    pieces.push([number === undefined ? THE_ACCOUNT : Number.parseInt(number, 16), parts[i + 2] ?? ''])
  }
  return pieces
}

/** The two members with markers in the place of words; `null` when they hold something like a marker. */
function withMarkers(from: Slices, { skeleton }: Cut): Slices | null {
  const members: string[] = ['', '']
  let [member, holes] = [0, 0]
  for (let at = 0; at < skeleton.length; at++) {
    const byte = skeleton[at] as number
    if (byte === BETWEEN) member++
    else if (byte > ACCOUNT) members[member] += String.fromCharCode(byte)
    else {
      members[member] += byte === ACCOUNT ? ACCOUNT_MARKER : marker(skeleton[++at] as number, byte)
      holes++
    }
  }
  if ((members.join(' ').match(MARKER) ?? []).length !== holes) return null
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
