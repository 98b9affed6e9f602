import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useDeferredValue, useMemo, useRef, useState } from 'react'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { Button } from './Button.tsx'
import { classes } from './classes.ts'
import { download } from './csv.ts'
import { EmptyState } from './EmptyState.tsx'
import { Field } from './Field.tsx'
import { type Column, csvOf, filterRows, type Sorting, sortRows } from './table-rows.ts'
import { useIsWider } from './use-is-wider.ts'

export type { Column } from './table-rows.ts'

export interface DataTableProps<R> {
  /** Says what the table holds, for screen readers and for the file name of the export. */
  readonly label: string
  readonly rows: readonly R[]
  readonly columns: readonly Column<R>[]
  readonly rowKey: (row: R) => string
  /** Shown instead of an empty table. */
  readonly empty?: ReactNode
  readonly initialSorting?: Sorting
  /** A text filter over every column and the export of what is shown, or the export alone (where the server filters). */
  readonly tools?: boolean | 'export'
  /** Where another export stands beside it: what this one holds. */
  readonly exportLabel?: string
  /** More filters beside the text filter. */
  readonly filters?: ReactNode
  /** Keyset paging: more rows are on the server. */
  readonly onMore?: (() => void) | null
  readonly pendingMore?: boolean
  /** Where the server counts, the count of all. */
  readonly total?: number | null
}

const ROW_HEIGHT = 49
const DEFAULT_WIDTH = 9
/** Below this many rows the page itself scrolls; above, the table scrolls and only what is seen is in the document. */
const VIRTUAL_FROM = 60

/** Rows and columns: sorting, text filter, CSV export, and any number of rows. */
export function DataTable<R>(props: DataTableProps<R>) {
  const { rows, columns, label } = props
  const [sorting, setSorting] = useState<Sorting | null>(props.initialSorting ?? null)
  const [typed, setTyped] = useState('')
  const wanted = useDeferredValue(typed)
  const shown = useMemo(
    () => sortRows(filterRows(rows, columns, wanted), columns, sorting),
    [rows, columns, wanted, sorting],
  )
  const t = useTexts(common)
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {props.tools || props.filters !== undefined ? (
        <div className="flex flex-wrap items-end gap-3">
          {props.tools === true ? (
            <Field label={t.filter} type="search" value={typed} onChange={setTyped} className="w-64" />
          ) : null}
          {props.filters}
          {props.tools ? (
            <Button look="secondary" onPress={() => download(`${label}.csv`, csvOf(shown, columns))}>
              {props.exportLabel ?? t.exportCsv}
            </Button>
          ) : null}
        </div>
      ) : null}
      <p role="status" className="text-solid-gray-700">
        {t.rows(shown.length, Math.max(props.total ?? 0, rows.length))}
      </p>
      {shown.length === 0 ? (
        (props.empty ?? <EmptyState title={t.emptyTable} />)
      ) : (
        <Grid {...props} rows={shown} sorting={sorting} onSort={setSorting} />
      )}
      {props.onMore ? (
        <div>
          <Button look="secondary" onPress={props.onMore} isPending={props.pendingMore ?? false}>
            {t.more}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

interface GridProps<R> extends DataTableProps<R> {
  readonly sorting: Sorting | null
  readonly onSort: (sorting: Sorting | null) => void
}

function Grid<R>({ label, rows, rowKey, sorting, onSort, ...props }: GridProps<R>) {
  const columns = props.columns.filter((column) => !column.hidden)
  const scroller = useRef<HTMLElement>(null)
  const isVirtual = rows.length >= VIRTUAL_FROM
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: isVirtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => {
      const row = rows[index]
      return row === undefined ? index : rowKey(row)
    },
    overscan: 12,
  })
  const items = virtualizer.getVirtualItems()
  const visible = isVirtual ? items.map(({ index }) => index) : rows.map((_, index) => index)
  const above = isVirtual ? (items[0]?.start ?? 0) : 0
  const below = isVirtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0
  const width = columns.reduce((sum, column) => sum + (column.width ?? DEFAULT_WIDTH), 0)
  return (
    <>
      <WidthHint box={scroller} />
      <section
        ref={scroller}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        className={classes('overflow-auto rounded-8 border border-solid-gray-420', isVirtual && 'h-[70vh]')}
      >
        <table
          aria-label={label}
          aria-rowcount={rows.length + 1}
          className="w-full table-fixed border-collapse text-left"
          style={{ minWidth: `${width}rem` }}
        >
          <colgroup>
            {columns.map((column) => (
              <col key={column.key} style={{ width: `${column.width ?? DEFAULT_WIDTH}rem` }} />
            ))}
          </colgroup>
          <thead className="sticky top-0 z-10 bg-solid-gray-50">
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <HeaderCell key={column.key} column={column} sorting={sorting} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            <Spacer height={above} />
            {visible.map((index) => {
              const row = rows[index]
              if (row === undefined) return null
              return (
                <tr
                  key={rowKey(row)}
                  aria-rowindex={index + 2}
                  data-index={index}
                  ref={isVirtual ? virtualizer.measureElement : undefined}
                  className="border-t border-solid-gray-200 bg-white align-top hover:bg-blue-50"
                >
                  {columns.map((column) => (
                    <td
                      key={column.key}
                      className={classes('px-3 py-2.5', column.align === 'end' && 'text-right tabular-nums')}
                    >
                      {column.cell === undefined ? (column.value(row) ?? '—') : column.cell(row)}
                    </td>
                  ))}
                </tr>
              )
            })}
            <Spacer height={below} />
          </tbody>
        </table>
      </section>
    </>
  )
}

/** Where the edge falls between two columns, nothing else shows that there are more. */
function WidthHint({ box }: { readonly box: RefObject<HTMLElement | null> }) {
  const t = useTexts(common)
  return useIsWider(box) ? (
    <p className="text-solid-gray-700">
      <span aria-hidden="true">↔</span> {t.tableIsWide}
    </p>
  ) : null
}

/** Stands for the rows that are not in the document. */
const Spacer = ({ height }: { readonly height: number }) => (height <= 0 ? null : <tr style={{ height }} />)

function HeaderCell<R>(props: {
  readonly column: Column<R>
  readonly sorting: Sorting | null
  readonly onSort: (sorting: Sorting | null) => void
}) {
  const { column, sorting, onSort } = props
  const t = useTexts(common)
  const mine = sorting?.key === column.key ? sorting : null
  const next: Sorting | null =
    mine === null ? { key: column.key, down: false } : mine.down ? null : { ...mine, down: true }
  const direction = mine === null ? 'none' : mine.down ? 'descending' : 'ascending'
  return (
    <th
      scope="col"
      aria-sort={column.sortable === false ? undefined : direction}
      className={classes('px-3 py-2 font-700', column.align === 'end' && 'text-right')}
    >
      {column.sortable === false ? (
        column.title
      ) : (
        <button
          type="button"
          title={t.sortBy(column.title)}
          className="cursor-pointer rounded-4 text-left font-700 hover:underline"
          onClick={() => onSort(next)}
        >
          {column.title} <span aria-hidden="true">{mine === null ? '↕' : mine.down ? '↓' : '↑'}</span>
        </button>
      )}
    </th>
  )
}
