import type { ReactNode } from 'react'
import { stringify } from './csv.ts'

/** A column of a table over rows of `R`. `value` is what is sorted, filtered and exported; `cell` is what is shown. */
export interface Column<R> {
  readonly key: string
  readonly title: string
  readonly value: (row: R) => string | number | null
  readonly cell?: (row: R) => ReactNode
  /** Least width in rem, and its share of what is left; 9 by default. */
  readonly width?: number
  readonly align?: 'end'
  readonly sortable?: boolean
  /** Filtered and exported, and shown within another column. */
  readonly hidden?: boolean
}

export interface Sorting {
  readonly key: string
  readonly down: boolean
}

const collator = new Intl.Collator('ja', { numeric: true })

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}

/** Rows in the wanted order; equal rows keep theirs. Empty values come last when sorted upwards. */
export function sortRows<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  sorting: Sorting | null,
): readonly R[] {
  const column = columns.find(({ key }) => key === sorting?.key)
  if (sorting === null || column === undefined) return rows
  const keyed = rows.map((row) => ({ row, value: column.value(row) }))
  keyed.sort((a, b) => (sorting.down ? compare(b.value, a.value) : compare(a.value, b.value)))
  return keyed.map(({ row }) => row)
}

/** As people type it: width and case do not matter (`ＡＢＣ` finds `abc`). */
const folded = (text: string) => text.normalize('NFKC').toLowerCase()

/** Rows in which every word is in some column. */
export function filterRows<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  typed: string,
): readonly R[] {
  const words = folded(typed)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const text = folded(columns.map((column) => column.value(row) ?? '').join('\n'))
    return words.every((word) => text.includes(word))
  })
}

/** UTF-8 with a byte-order mark, because Excel in Japan reads a file without one as Shift_JIS. */
export const csvOf = <R>(rows: readonly R[], columns: readonly Column<R>[]): string =>
  `\uFEFF${stringify([columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ value }) => value(row)))])}`
