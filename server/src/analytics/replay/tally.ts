import { tupleTable } from '../trail/intern.ts'

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

export function tally(): Tally {
  const keys = tupleTable()
  const calls: number[] = []
  const already: number[] = []
  const firsts: number[] = []
  const lasts: number[] = []
  const rows: number[] = []
  const entry = (index: number): Counted => ({
    key: [...keys.values().subarray(index * 5, index * 5 + 5)],
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
    top: (limit) =>
      calls
        .map((_, index) => index)
        .sort((x, y) => (calls[y] as number) - (calls[x] as number) || x - y)
        .slice(0, limit)
        .map(entry),
  }
}
