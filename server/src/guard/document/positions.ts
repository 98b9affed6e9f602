import type { Place } from './problem.ts'

/** Where a value and its members are written. Offsets count UTF-16 units from 0. */
export interface Position {
  readonly offset: number
  readonly members: ReadonlyMap<string, Position> | null
}

/** Finds line and column (from 0, as cfn-guard prints them) of an offset. */
export function lineFinder(
  text: string,
): (offset: number) => { readonly line: number; readonly column: number } {
  const starts = [0]
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low, column: offset - (starts[low] ?? 0) }
  }
}

/** The same for people: both count from 1. */
export function placeOf(text: string, offset: number): Place {
  const { line, column } = lineFinder(text)(offset)
  return { line: line + 1, column: column + 1 }
}

/** The position of the value at `path`, or of the nearest that encloses it (values that `json_parse` made have none). */
export function positionAt(root: Position, path: readonly string[]): Position {
  let at = root
  for (const key of path) {
    const next = at.members?.get(key)
    if (next === undefined) return at
    at = next
  }
  return at
}
