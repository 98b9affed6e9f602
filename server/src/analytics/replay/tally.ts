import { type TupleTable, tupleTable } from '../trail/intern.ts'

/** Counts of calls by a key of three numbers. */
export interface Tally {
  add(
    calls: number,
    already: number,
    first: number,
    last: number,
    row: number,
    a: number,
    b: number,
    c: number,
  ): void
  readonly size: () => number
  readonly columns: () => TallyColumns
  /** The largest counts first. `row` is the number that came with the first call. */
  top(limit: number): readonly Counted[]
}

/** All counts in the order in which their keys came; three numbers for each key. */
export interface TallyColumns {
  readonly keys: Int32Array
  readonly calls: Float64Array
  readonly already: Float64Array
  readonly firsts: Float64Array
  readonly lasts: Float64Array
  readonly rows: Int32Array
}

export interface Counted {
  readonly key: readonly number[]
  readonly calls: number
  /** Of these, calls that AWS had denied then. */
  readonly already: number
  /** Seconds since 1970. */
  readonly first: number
  readonly last: number
  readonly row: number
}

/** `single`: the key is one number from -1 on, and the other two are 0. */
export function tally(single: boolean): Tally {
  const keys: Keys = single ? singles() : tuples()
  const calls: number[] = []
  const already: number[] = []
  const firsts: number[] = []
  const lasts: number[] = []
  const rows: number[] = []
  const entry = (index: number): Counted => ({
    key: keys.key(index),
    calls: calls[index] as number,
    already: already[index] as number,
    first: firsts[index] as number,
    last: lasts[index] as number,
    row: rows[index] as number,
  })
  return {
    add(n, before, first, last, row, a, b, c) {
      const at = keys.find(a, b, c, 0, 0)
      if (at === calls.length) {
        calls[at] = 0
        already[at] = 0
        firsts[at] = first
        lasts[at] = last
        rows[at] = row
      }
      calls[at] = (calls[at] as number) + n
      already[at] = (already[at] as number) + before
      if (first < (firsts[at] as number)) firsts[at] = first
      if (last > (lasts[at] as number)) lasts[at] = last
    },
    size: () => keys.size(),
    columns() {
      return {
        keys: keys.triples(),
        calls: Float64Array.from(calls),
        already: Float64Array.from(already),
        firsts: Float64Array.from(firsts),
        lasts: Float64Array.from(lasts),
        rows: Int32Array.from(rows),
      }
    },
    top: (limit) =>
      calls
        .map((_, index) => index)
        .sort((x, y) => (calls[y] as number) - (calls[x] as number) || x - y)
        .slice(0, limit)
        .map(entry),
  }
}

interface Keys extends Pick<TupleTable, 'find' | 'size'> {
  readonly key: (index: number) => readonly number[]
  /** Three numbers of each key. */
  readonly triples: () => Int32Array
}

function tuples(): Keys {
  const table = tupleTable()
  return {
    ...table,
    key: (index) => [...table.values().subarray(index * 5, index * 5 + 5)],
    triples() {
      const [values, found] = [table.values(), new Int32Array(3 * table.size())]
      for (let i = 0; i < found.length; i++) found[i] = values[5 * Math.floor(i / 3) + (i % 3)] as number
      return found
    },
  }
}

/** Numbers of single numbers: a place for each, no hashing. */
function singles(): Keys {
  let places = new Int32Array(256)
  const keys: number[] = []
  return {
    find(a) {
      const at = a + 1
      if (at >= places.length) {
        const wider = new Int32Array(Math.max(at + 1, places.length * 2))
        wider.set(places)
        places = wider
      }
      const known = places[at] as number
      if (known > 0) return known - 1
      places[at] = keys.push(a)
      return keys.length - 1
    },
    key: (index) => [keys[index] as number],
    triples() {
      const found = new Int32Array(3 * keys.length)
      for (let i = 0; i < keys.length; i++) found[3 * i] = keys[i] as number
      return found
    },
    size: () => keys.length,
  }
}
