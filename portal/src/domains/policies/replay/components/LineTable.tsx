import type { ReportLine } from '@rankan/server/domain/policies/report.ts'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../../../components/DataTable.tsx'
import { DateText } from '../../../../components/Values.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

export interface LineTableProps<L extends ReportLine> {
  readonly label: string
  readonly lines: readonly L[]
  /** What the first column holds, and how it is shown. */
  readonly title: string
  readonly name: (line: L) => string
  readonly more?: readonly Column<L>[]
  /** Shows `already` beside what is new. */
  readonly denials: boolean
}

/** Lines of a report: a value with its calls, first and last. */
export function LineTable<L extends ReportLine>(props: LineTableProps<L>) {
  const columns = useCounts<L>(props.denials)
  const t = useTexts(texts)
  const { title, name, more = [] } = props
  return (
    <DataTable
      label={props.label}
      rows={props.lines}
      rowKey={(line) => `${line.value} ${name(line)}`}
      tools
      exportLabel={t.exportShown}
      columns={[{ key: 'value', title, width: 20, value: name }, ...more, ...columns]}
    />
  )
}

export interface Counts {
  readonly calls: number
  readonly already: number
  readonly first: string
  readonly last: string
}

/** Columns that every table of a report has. */
export function useCounts<L extends Counts>(denials: boolean): readonly Column<L>[] {
  const t = useTexts(texts)
  return useMemo(
    () => [
      numbers('calls', t.count, 7, (line: L) => line.calls),
      ...(denials
        ? [
            numbers('new', t.countNew, 8, (line: L) => line.calls - line.already),
            numbers('already', t.countAlready, 9, (line: L) => line.already),
          ]
        : []),
      {
        key: 'first',
        title: t.first,
        width: 10,
        value: (line: L) => line.first,
        cell: (line: L) => <DateText at={line.first} />,
      },
      {
        key: 'last',
        title: t.last,
        width: 10,
        value: (line: L) => line.last,
        cell: (line: L) => <DateText at={line.last} />,
      },
    ],
    [t, denials],
  )
}

const numbers = <R,>(key: string, title: string, width: number, value: (row: R) => number): Column<R> => ({
  key,
  title,
  width,
  align: 'end',
  value,
  cell: (row) => value(row).toLocaleString(),
})
