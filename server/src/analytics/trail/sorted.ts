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

const COLUMNS = [...NUMBERED, 'kind', 'seen', 'day'] as const
type Columns = Record<FactColumn | 'row' | 'checkNo', Uint32Array<ArrayBuffer>>

export function sortFacts(found: Found): SortedFacts {
  const ranked = Object.fromEntries(NUMBERED.map((name) => [name, rankTexts(found.texts[name])])) as Record<
    Numbered,
    Ranked
  >
  const shapes = shapeIds(found)
  const denied = deniedErrors(found)
  const columns = columnsOf(found)
  const order = orderOf(found, columns, shapes, ranked, denied)
  // Each in turn, so that unsorted ones go.
  for (const name of [...COLUMNS, 'row', 'checkNo'] as const) columns[name] = picked(columns[name], order)
  const first = columns.kind.indexOf(0)
  return {
    found,
    ranked,
    size: found.facts,
    checks: first < 0 ? found.facts : first,
    rows: columns.row,
    checkNo: columns.checkNo,
    shapes,
    column: (name) => columns[name],
    denied,
  }
}

/** Each row with each of its checks, in the order in which they were found; what is together in memory is read once. */
function columnsOf({ rows, size, calls: { flat, starts }, facts }: Found): Columns {
  const columns = Object.fromEntries(
    [...COLUMNS, 'row', 'checkNo'].map((name) => [name, new Uint32Array(facts)]),
  ) as Columns
  const { event, region, account, skip, kind, action, resource, context } = columns
  const { principal, network, error, day, seen, row: rowOf, checkNo } = columns
  let at = 0
  for (let row = 0; row < size; row++) {
    const tuple = 5 * row
    const call = rows[tuple] as number
    const start = starts[call] as number
    const count = linesOf(starts, call)
    const isEmpty = starts[call + 1] === start + CALL.length
    for (let n = 0; n < count; n++, at++) {
      rowOf[at] = row
      checkNo[at] = n
      event[at] = flat[start] as number
      region[at] = flat[start + 1] as number
      account[at] = flat[start + 2] as number
      skip[at] = flat[start + 3] as number
      principal[at] = rows[tuple + 1] as number
      network[at] = rows[tuple + 2] as number
      error[at] = rows[tuple + 3] as number
      day[at] = (rows[tuple + 4] as number) >> 2
      seen[at] = (rows[tuple + 4] as number) & 3
      if (isEmpty) continue
      const check = start + CALL.length + n * CHECK.length
      kind[at] = flat[check] as number
      action[at] = flat[check + 1] as number
      resource[at] = flat[check + 2] as number
      context[at] = flat[check + 3] as number
    }
  }
  return columns
}

function deniedErrors({ texts: { error } }: Found): Uint8Array {
  const bytes = Buffer.from(error.bytes.buffer, error.bytes.byteOffset, error.bytes.byteLength)
  return Uint8Array.from({ length: error.size }, (_, number) =>
    bytes.subarray(error.starts[number], error.starts[number + 1]).includes('"denied":true') ? 1 : 0,
  )
}

/** `when` of an index: the day twice, and one more when AWS denied the call then. */
export function whenOf({ column, denied }: Pick<SortedFacts, 'column' | 'denied'>): Uint32Array<ArrayBuffer> {
  const days = column('day')
  const errors = column('error')
  const when = new Uint32Array(days.length)
  for (let i = 0; i < when.length; i++)
    when[i] = 2 * (days[i] as number) + (denied[errors[i] as number] as number)
  return when
}

/** Columns of an index from the first to the last that decides; what asks the same lies in the order of events and shapes. */
const ORDER = ['action', 'region', 'principal', 'network', 'seen', 'account', 'context', 'resource'] as const

function orderOf(
  found: Found,
  columns: Columns,
  shapes: Uint32Array,
  ranked: SortedFacts['ranked'],
  denied: Uint8Array,
): Uint32Array<ArrayBuffer> {
  const { event } = found.texts
  const keys: readonly (() => Uint32Array)[] = [
    () => columns.kind.map((kind) => (kind === 0 ? 1 : 0)),
    ...ORDER.map(
      (name) => () => (name === 'seen' ? columns.seen : picked(ranked[name].ranks, columns[name])),
    ),
    () => whenOf({ column: (name) => columns[name], denied }),
    () => picked(placesIn(inOrderOfIds(event.ids, event.size)), columns.event),
    () => picked(placesIn(inOrderOfIds(shapes, found.size)), columns.row),
  ]
  // Checks of a row lie one after the other from the beginning, and stay so.
  let [order, spare] = [numbersTo(found.facts), new Uint32Array(found.facts)]
  for (const key of keys.toReversed()) [order, spare] = sortedBy(order, spare, key())
  return order
}
