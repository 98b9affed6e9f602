import { CALL, CHECK, NUMBERED, type Numbered } from './collect.ts'
import { type EventIds, eventIdKeeper } from './event-ids.ts'
import { fit } from './growing.ts'
import type { Handed, HandedTexts } from './hand-over.ts'
import { idTable, mixer } from './ids.ts'
import { listTable, tupleTable } from './intern.ts'
import { inOrderOfTexts, type Spans } from './order.ts'

export interface MergeLimits {
  /** Facts and bytes of texts after which a part is to end; bounds the memory. */
  readonly maxFacts: number
  readonly maxBytes: number
}

export const MERGE: MergeLimits = { maxFacts: 1_000_000, maxBytes: 128 * 1024 * 1024 }

/** Texts of a dimension; number 0 is none. */
export interface MergedTexts extends Spans {
  readonly size: number
  readonly ids: Uint32Array
}

/** All that threads found for a part, each distinct thing once. */
export interface Found {
  readonly texts: Readonly<Record<Numbered, MergedTexts>>
  /** As in `Drained`, with the numbers of `texts`. */
  readonly calls: { readonly flat: Int32Array; readonly starts: Int32Array; readonly size: number }
  /** Call, caller, network, error, day * 4 + view of each row. */
  readonly rows: Int32Array
  readonly size: number
  readonly counts: Uint32Array
  readonly firsts: Uint32Array
  readonly lasts: Uint32Array
  readonly samples: EventIds
  /** Rows with each of their checks. */
  readonly facts: number
}

/** Lines of a call: one for each check; one that was skipped has one that says nothing. */
export const linesOf = (starts: Int32Array, call: number): number =>
  Math.max(1, ((starts[call + 1] as number) - (starts[call] as number) - CALL.length) / CHECK.length)

/**
 * Puts together what collectors found, whatever the order in which they are heard. One for all parts of a thread: V8 compiles the
 * functions of tables that are made anew once more for each of them.
 */
export function merger(limits: MergeLimits = MERGE) {
  const texts = Object.fromEntries(NUMBERED.map((name) => [name, textTable()])) as Record<
    Numbered,
    ReturnType<typeof textTable>
  >
  const calls = listTable()
  const rows = tupleTable()
  const sums = sumsOfRows()
  let facts = 0
  return {
    add(handed: Handed): void {
      const numbers = Object.fromEntries(
        NUMBERED.map((name) => [name, texts[name].add(handed.texts[name])]),
      ) as Record<Numbered, Uint32Array>
      const callOf = mergeCalls(handed.calls, numbers, calls)
      const { principal, network, error } = numbers
      const { rows: tuples } = handed
      for (let row = 0; row < handed.counts.length; row++) {
        if (handed.counts[row] === 0) continue
        const at = 5 * row
        const before = rows.size()
        const call = callOf[tuples[at] as number] as number
        const found = rows.find(
          call,
          principal[tuples[at + 1] as number] as number,
          network[tuples[at + 2] as number] as number,
          error[tuples[at + 3] as number] as number,
          tuples[at + 4] as number,
        )
        if (rows.size() > before) facts += linesOf(calls.values().starts, call)
        sums.add(found, handed, row)
      }
    },
    isFull: () =>
      facts >= limits.maxFacts ||
      NUMBERED.reduce((sum, name) => sum + texts[name].bytes(), 0) >= limits.maxBytes,
    /** What was found since the last time; begins anew. */
    drain(): Found {
      const { flat, starts } = calls.values()
      const found: Found = {
        texts: Object.fromEntries(NUMBERED.map((name) => [name, texts[name].drain()])) as Record<
          Numbered,
          MergedTexts
        >,
        calls: { flat, starts, size: calls.size() },
        rows: rows.values(),
        size: rows.size(),
        ...sums.drain(),
        facts,
      }
      calls.clear()
      rows.clear()
      facts = 0
      return found
    },
  }
}

/** Of each row how often, when first and last, and its sample: the first event, of several in one second the smallest id. */
function sumsOfRows() {
  const samples = eventIdKeeper()
  let counts: Uint32Array<ArrayBuffer>
  let firsts: Uint32Array<ArrayBuffer>
  let lasts: Uint32Array<ArrayBuffer>

  const clear = (): void => {
    samples.clear()
    counts = new Uint32Array(4096)
    firsts = new Uint32Array(4096)
    lasts = new Uint32Array(4096)
  }
  clear()
  return {
    add(found: number, { counts: n, firsts: from, lasts: to, samples: ids }: Handed, row: number): void {
      if (found >= counts.length) {
        counts = fit(counts, found + 1)
        firsts = fit(firsts, found + 1)
        lasts = fit(lasts, found + 1)
      }
      const first = from[row] as number
      const last = to[row] as number
      if (counts[found] === 0 || first < (firsts[found] as number)) samples.put(found, ids, row)
      else if (first === firsts[found]) samples.putSmaller(found, ids, row)
      if (counts[found] === 0 || first < (firsts[found] as number)) firsts[found] = first
      if (last > (lasts[found] as number)) lasts[found] = last
      counts[found] = (counts[found] as number) + (n[row] as number)
    },
    /** What was added since the last time; begins anew. */
    drain(): Pick<Found, 'counts' | 'firsts' | 'lasts' | 'samples'> {
      const found = { counts, firsts, lasts, samples: samples.ids() }
      clear()
      return found
    },
  }
}

/** Texts by their ids: equal texts have equal ids. */
function textTable() {
  const ids = idTable()
  let starts: Uint32Array<ArrayBuffer>
  let bytes: Uint8Array<ArrayBuffer>
  let used: number

  const clear = (): void => {
    ids.clear()
    starts = new Uint32Array(1024)
    bytes = new Uint8Array(4096)
    used = 0
  }
  clear()
  return {
    bytes: () => used,
    /** Numbers here of the numbers there. */
    add(handed: HandedTexts): Uint32Array {
      const numbers = new Uint32Array(handed.used.length)
      let from = 0
      for (let number = 0; number < numbers.length; number++) {
        if (handed.used[number] === 0) continue
        const length = handed.lengths[number] as number
        const before = ids.size()
        const found = ids.find(handed.ids, number)
        numbers[number] = found
        if (found === before) {
          if (used + length > bytes.length) bytes = fit(bytes, used + length)
          bytes.set(handed.bytes.subarray(from, from + length), used)
          used += length
          if (found + 2 > starts.length) starts = fit(starts, found + 2)
          starts[found + 1] = used
        }
        from += length
      }
      return numbers
    },
    drain(): MergedTexts {
      const found = {
        size: ids.size(),
        ids: ids.values(),
        starts: starts.subarray(0, ids.size() + 1),
        bytes: bytes.subarray(0, used),
      }
      clear()
      return found
    },
  }
}

function mergeCalls(
  { used, flat, starts }: Handed['calls'],
  numbers: Readonly<Record<Numbered, Uint32Array>>,
  into: ReturnType<typeof listTable>,
): Uint32Array {
  const found = new Uint32Array(used.length)
  let list = new Int32Array(64)
  const own = CALL.map((name) => numbers[name])
  const { action, resource, context } = numbers
  for (let call = 0; call < used.length; call++) {
    if (used[call] === 0) continue
    const start = starts[call] as number
    const end = starts[call + 1] as number
    if (end - start > list.length) list = fit(list, end - start)
    for (let i = 0; i < CALL.length; i++)
      list[i] = (own[i] as Uint32Array)[flat[start + i] as number] as number
    for (let i = CALL.length; i < end - start; i += CHECK.length) {
      list[i] = flat[start + i] as number
      list[i + 1] = action[flat[start + i + 1] as number] as number
      list[i + 2] = resource[flat[start + i + 2] as number] as number
      list[i + 3] = context[flat[start + i + 3] as number] as number
    }
    found[call] = into.find(list, end - start)
  }
  return found
}

/** Ids of shapes by row, out of the ids of all that they are made of: the same request has one id in every part. */
export function shapeIds({ texts, calls, rows, size }: Found): Uint32Array {
  const callIds = idsOfCalls(texts, calls)
  const made = new Uint32Array(size * 2)
  const mix = mixer()
  for (let row = 0; row < size; row++) {
    const at = 5 * row
    mix.begin()
    mix.addId(callIds, rows[at] as number)
    mix.addId(texts.principal.ids, rows[at + 1] as number)
    mix.addId(texts.network.ids, rows[at + 2] as number)
    mix.addId(texts.error.ids, rows[at + 3] as number)
    mix.add((rows[at + 4] as number) & 3)
    mix.put(made, row)
  }
  return made
}

function idsOfCalls(texts: Found['texts'], { flat, starts, size }: Found['calls']): Uint32Array {
  const made = new Uint32Array(size * 2)
  const mix = mixer()
  for (let call = 0; call < size; call++) {
    const start = starts[call] as number
    const end = starts[call + 1] as number
    mix.begin()
    for (let i = 0; i < CALL.length; i++) mix.addId(texts[CALL[i] as Numbered].ids, flat[start + i] as number)
    for (let at = start + CALL.length; at < end; at += CHECK.length) {
      mix.add(flat[at] as number)
      mix.addId(texts.action.ids, flat[at + 1] as number)
      mix.addId(texts.resource.ids, flat[at + 2] as number)
      mix.addId(texts.context.ids, flat[at + 3] as number)
    }
    mix.put(made, call)
  }
  return made
}

export interface Ranked {
  /** Numbers in the order of their texts; number 0 is not among them. */
  readonly numbers: Uint32Array<ArrayBuffer>
  /** By number; 0 for number 0, too. */
  readonly ranks: Uint32Array<ArrayBuffer>
}

export function rankTexts(texts: MergedTexts): Ranked {
  const numbers = new Uint32Array(texts.size - 1)
  for (let i = 0; i < numbers.length; i++) numbers[i] = i + 1
  inOrderOfTexts(texts, numbers)
  const ranks = new Uint32Array(texts.size)
  for (let rank = 0; rank < numbers.length; rank++) ranks[numbers[rank] as number] = rank
  return { numbers, ranks }
}
