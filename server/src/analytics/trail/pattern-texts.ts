import type { CallReader } from '../../policy/trail/call.ts'
import type { SkipReason } from '../../policy/trail/facts.ts'
import { type Cut, NO_HOLE, type PatternCheck, type Pieces, THE_ACCOUNT } from './call-memory.ts'
import { type CallTexts, type CheckTexts, callTexts } from './call-texts.ts'
import type { Head, Slices } from './dimensions.ts'
import { FIELD } from './scan.ts'

/** What calls ask that are cut alike. */
export type Pattern =
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | { readonly kind: 'checks'; readonly checks: readonly PatternCheck[] }

/** Words in the holes of a call. */
export interface Words {
  readonly ofHoles: readonly string[]
  readonly account: string
}

/** What a pattern says of the call that has these words. */
export const filled = (checks: readonly PatternCheck[], { ofHoles, account }: Words): CallTexts => {
  const wordOf = (hole: number) =>
    hole === NO_HOLE ? '' : hole === THE_ACCOUNT ? account : (ofHoles[hole] as string)
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

/** What the record asks with markers in its holes; `null` when they are found where order or meaning may hang on them. */
export function patternOf(from: Slices, head: Head, cut: Cut, reader: CallReader): Pattern | null {
  const marked = withMarkers(from, cut)
  if (marked === null) return null
  const { skip, checks } = callTexts(marked, head, ACCOUNT_MARKER, reader)
  if (skip !== null) return { kind: 'skipped', reason: skip }
  if (!checks.every(isPattern)) return null
  const texts = checks.map(({ kind, action, resource, context }) => ({
    kind,
    action: [[NO_HOLE, action]] as const,
    resource: piecesOf(resource),
    context: piecesOf(context),
  }))
  return { kind: 'checks', checks: texts }
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
