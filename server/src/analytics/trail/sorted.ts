import { CALL, CHECK, NUMBERED, type Numbered } from './collect.ts'
import { type Found, linesOf, type Ranked, rankTexts, shapeIds } from './merge.ts'
import { inOrderOfIds, numbersTo, picked, placesIn, sortedBy } from './order.ts'

/** Columns of numbers of a fact: those of `NUMBERED` are numbers of texts, 0 where there is none. */
export type FactColumn = Numbered | 'kind' | 'seen' | 'day'

/** Facts in the order in which an index has them, those that stand for no check behind all others. */
export interface SortedFacts {
  readonly found: Found
  readonly ranked: Readonly<Record<Numbered, Ranked>>
  readonly size: number
  /** Of them those that are checks. */
  readonly checks: number
  /** Row of each, and the place of its check in its call. */
  readonly rows: Uint32Array
  readonly checkNo: Uint32Array
  /** By row, two words each. */
  readonly shapes: Uint32Array
  column(name: FactColumn): Uint32Array<ArrayBuffer>
  /** 1 where AWS denied the call then, by number of its error. */
  readonly denied: Uint8Array
}

/** Each row with each of its checks. `checkAt`: where its call has it, or `NO_CHECK`. */
interface Lines {
  readonly rows: Uint32Array<ArrayBuffer>
  readonly checkNo: Uint32Array<ArrayBuffer>
  readonly checkAt: Uint32Array<ArrayBuffer>
}
const NO_CHECK = 0xffff_ffff

export function sortFacts(found: Found): SortedFacts {
  const ranked = Object.fromEntries(NUMBERED.map((name) => [name, rankTexts(found.texts[name])])) as Record<
    Numbered,
    Ranked
  >
  const shapes = shapeIds(found)
  const denied = deniedErrors(found)
  const lines = linesIn(found, inOrderOfIds(shapes, found.size))
  const order = orderOf(found, lines, ranked, denied)
  const sorted: Lines = {
    rows: picked(lines.rows, order),
    checkNo: picked(lines.checkNo, order),
    checkAt: picked(lines.checkAt, order),
  }
  const first = sorted.checkAt.indexOf(NO_CHECK)
  return {
    found,
    ranked,
    size: found.facts,
    checks: first < 0 ? found.facts : first,
    rows: sorted.rows,
    checkNo: sorted.checkNo,
    shapes,
    column: (name) => columnOf(found, sorted, name),
    denied,
  }
}

/** In the order of rows that is given. */
function linesIn({ rows, calls, facts }: Found, order: Uint32Array): Lines {
  const lines = {
    rows: new Uint32Array(facts),
    checkNo: new Uint32Array(facts),
    checkAt: new Uint32Array(facts),
  }
  let at = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number
    const call = rows[5 * row] as number
    const start = (calls.starts[call] as number) + CALL.length
    const isEmpty = start === calls.starts[call + 1]
    const count = linesOf(calls.starts, call)
    for (let n = 0; n < count; n++, at++) {
      lines.rows[at] = row
      lines.checkNo[at] = n
      lines.checkAt[at] = isEmpty ? NO_CHECK : start + n * CHECK.length
    }
  }
  return lines
}

function deniedErrors({ texts: { error } }: Found): Uint8Array {
  const bytes = Buffer.from(error.bytes.buffer, error.bytes.byteOffset, error.bytes.byteLength)
  return Uint8Array.from({ length: error.size }, (_, number) =>
    bytes.subarray(error.starts[number], error.starts[number + 1]).includes('"denied":true') ? 1 : 0,
  )
}

const OF_ROW = ['principal', 'network', 'error'] as const

/** A column in the order of `lines`. */
function columnOf(found: Found, lines: Lines, name: FactColumn): Uint32Array<ArrayBuffer> {
  if (name === 'seen' || name === 'day') {
    const both = inRows(found, lines, 4)
    for (let i = 0; i < both.length; i++)
      both[i] = name === 'seen' ? (both[i] as number) & 3 : (both[i] as number) >>> 2
    return both
  }
  const ofRow = OF_ROW.indexOf(name as (typeof OF_ROW)[number])
  if (ofRow >= 0) return inRows(found, lines, 1 + ofRow)
  const ofCheck = CHECK.indexOf(name as (typeof CHECK)[number])
  if (ofCheck >= 0) return inChecks(found, lines, ofCheck)
  return inCalls(found, lines, CALL.indexOf(name as (typeof CALL)[number]))
}

function inRows({ rows: from }: Found, { rows }: Lines, place: number): Uint32Array<ArrayBuffer> {
  const column = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) column[i] = from[5 * (rows[i] as number) + place] as number
  return column
}

function inChecks({ calls: { flat } }: Found, { checkAt }: Lines, place: number): Uint32Array<ArrayBuffer> {
  const column = new Uint32Array(checkAt.length)
  for (let i = 0; i < checkAt.length; i++)
    if (checkAt[i] !== NO_CHECK) column[i] = flat[(checkAt[i] as number) + place] as number
  return column
}

function inCalls({ rows: from, calls }: Found, { rows }: Lines, place: number): Uint32Array<ArrayBuffer> {
  const column = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const call = from[5 * (rows[i] as number)] as number
    column[i] = calls.flat[(calls.starts[call] as number) + place] as number
  }
  return column
}

/** `when` of an index: the day twice, and one more when AWS denied the call then. */
export function whenOf(facts: Pick<SortedFacts, 'column' | 'denied'>): Uint32Array<ArrayBuffer> {
  const [when, errors] = [facts.column('day'), facts.column('error')]
  for (let i = 0; i < when.length; i++)
    when[i] = 2 * (when[i] as number) + (facts.denied[errors[i] as number] as number)
  return when
}

/** Columns of an index from the first to the last that decides; what asks the same lies in the order of events and shapes. */
const ORDER = ['action', 'region', 'principal', 'network', 'seen', 'account', 'context', 'resource'] as const

function orderOf(
  found: Found,
  lines: Lines,
  ranked: SortedFacts['ranked'],
  denied: Uint8Array,
): Uint32Array<ArrayBuffer> {
  const column = (name: FactColumn) => columnOf(found, lines, name)
  const { event } = found.texts
  const keys: readonly (() => Uint32Array)[] = [
    () => lines.checkAt.map((at) => (at === NO_CHECK ? 1 : 0)),
    ...ORDER.map((name) => () => (name === 'seen' ? column(name) : picked(ranked[name].ranks, column(name)))),
    () => whenOf({ column, denied }),
    () => picked(placesIn(inOrderOfIds(event.ids, event.size)), column('event')),
  ]
  let [order, spare] = [numbersTo(found.facts), new Uint32Array(found.facts)]
  for (const key of keys.toReversed()) [order, spare] = sortedBy(order, spare, key())
  return order
}
