import { fit } from '../trail/growing.ts'
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
  /** The largest counts first. `row` is the number that came with the first call. */
  top(limit: number): readonly Counted[]
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
  // Of each key four sums, which are changed together; exact up to 2^53.
  let sums = new Float64Array(SUMS * 64)
  let rows = new Int32Array(64)
  let count = 0
  const entry = (index: number): Counted => {
    const [calls = 0, already = 0, first = 0, last = 0] = sums.subarray(SUMS * index, SUMS * index + SUMS)
    return { key: keys.key(index), calls, already, first, last, row: rows[index] as number }
  }
  return {
    add(calls, already, first, last, row, a, b, c) {
      const index = keys.find(a, b, c, 0, 0)
      const at = SUMS * index
      if (index === count) {
        count++
        rows = fit(rows, count)
        rows[index] = row
        sums = fit(sums, at + SUMS)
        sums[at + FIRST] = first
        sums[at + LAST] = last
      }
      sums[at] = (sums[at] as number) + calls
      sums[at + ALREADY] = (sums[at + ALREADY] as number) + already
      if (first < (sums[at + FIRST] as number)) sums[at + FIRST] = first
      if (last > (sums[at + LAST] as number)) sums[at + LAST] = last
    },
    size: () => count,
    top: (limit) => largest(count, limit, (index) => sums[SUMS * index] as number).map(entry),
  }
}

const SUMS = 4
const [ALREADY, FIRST, LAST] = [1, 2, 3]

/** The `limit` largest of `count`, of equal ones the earlier; most are told from them by one comparison. */
export function largest(
  count: number,
  limit: number,
  weightOf: (index: number) => number,
): readonly number[] {
  const order = (x: number, y: number) => weightOf(y) - weightOf(x) || x - y
  const room = Math.max(256, 4 * limit)
  let found: number[] = []
  let least = Number.NEGATIVE_INFINITY
  for (let index = 0; index < count; index++) {
    if (weightOf(index) <= least) continue
    if (found.push(index) < room) continue
    found = found.sort(order).slice(0, limit)
    least = limit === 0 ? Number.POSITIVE_INFINITY : weightOf(found[limit - 1] as number)
  }
  return found.sort(order).slice(0, limit)
}

interface Keys extends Pick<TupleTable, 'find' | 'size'> {
  readonly key: (index: number) => readonly number[]
}

function tuples(): Keys {
  const table = tupleTable()
  return {
    ...table,
    key: (index) => [...table.values().subarray(index * 5, index * 5 + 5)],
  }
}

/** Numbers of single numbers: a place for each, no hashing. */
function singles(): Keys {
  let places = new Int32Array(256)
  let keys = new Int32Array(256)
  let count = 0
  return {
    find(a) {
      const at = a + 1
      if (at >= places.length) places = fit(places, at + 1)
      const known = places[at] as number
      if (known > 0) return known - 1
      keys = fit(keys, count + 1)
      keys[count++] = a
      places[at] = count
      return count - 1
    },
    key: (index) => [keys[index] as number],
    size: () => count,
  }
}
