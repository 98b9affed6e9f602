import type { ReportLine } from '@rankan/server/domain/policies/report.ts'
import { useMemo } from 'react'
import { DataTable } from '../../../../components/DataTable.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { axisTop, type DayBar, dayBars } from '../view.ts'

const HEIGHT = 160
const LEFT = 56
const BAR = 14
const GAP = 4
const LEAST_WIDTH = 880

/** Calls by day as bars, with the same numbers as a table: a picture is nobody's only way to them. */
export function DayChart(props: {
  readonly lines: readonly ReportLine[]
  readonly calls: number
  /** Whether the calls are denials, of which some were denied then already. */
  readonly denials: boolean
}) {
  const t = useTexts(texts)
  const bars = useMemo(() => dayBars(props.lines), [props.lines])
  const [first] = bars
  const last = bars.at(-1)
  if (first === undefined || last === undefined) return null
  return (
    <figure className="flex flex-col gap-3">
      <figcaption className="flex flex-wrap gap-x-6 gap-y-1">
        <span className="text-std-16B-170">{t.byDay}</span>
        {props.denials ? <Legend /> : null}
      </figcaption>
      <section
        aria-label={t.byDay}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        className="overflow-x-auto rounded-8 border border-solid-gray-420 p-3"
      >
        <Bars bars={bars} label={t.chart(first.day, last.day, props.calls)} denials={props.denials} />
      </section>
      <details>
        <summary className="cursor-pointer text-blue-900 underline">{t.chartTable}</summary>
        <div className="mt-3">
          <DayTable bars={bars} denials={props.denials} />
        </div>
      </details>
    </figure>
  )
}

/** Marks by pattern and text, not by colour alone. */
function Legend() {
  const t = useTexts(texts)
  return (
    <>
      <span className="flex items-center gap-2">
        <span aria-hidden="true" className="inline-block size-4 bg-red-900" /> {t.newly}
      </span>
      <span className="flex items-center gap-2">
        <span
          aria-hidden="true"
          className="inline-block size-4 border-2 border-solid-gray-600 border-dashed bg-white"
        />
        {t.already}
      </span>
    </>
  )
}

function Bars(props: {
  readonly bars: readonly DayBar[]
  readonly label: string
  readonly denials: boolean
}) {
  const { bars, label } = props
  const top = axisTop(Math.max(1, ...bars.map(({ calls }) => calls)))
  const step = Math.max(BAR + GAP, Math.min(64, (LEAST_WIDTH - LEFT) / bars.length))
  const width = Math.max(LEAST_WIDTH, LEFT + bars.length * step)
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={HEIGHT + 44}
      viewBox={`0 -12 ${width} ${HEIGHT + 44}`}
      className="block max-w-none"
    >
      {[0, top / 2, top].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} className="stroke-solid-gray-300" />
          <text x={LEFT - 8} y={y(value) + 4} textAnchor="end" className="fill-solid-gray-800 text-[12px]">
            {value.toLocaleString()}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => (
        <Bar key={bar.day} bar={bar} x={LEFT + index * step + GAP} width={step - GAP} y={y} {...props} />
      ))}
      <DayLabels bars={bars} step={step} />
    </svg>
  )
}

function Bar(props: {
  readonly bar: DayBar
  readonly x: number
  readonly width: number
  readonly y: (value: number) => number
  readonly denials: boolean
}) {
  const { bar, x, y } = props
  const width = Math.min(40, props.width)
  const fresh = props.denials ? bar.calls - bar.already : bar.calls
  return (
    <g>
      <title>{`${bar.day}: ${bar.calls.toLocaleString()}`}</title>
      <rect
        x={x}
        y={y(fresh)}
        width={width}
        height={HEIGHT - y(fresh)}
        className={props.denials ? 'fill-red-900' : 'fill-blue-900'}
      />
      {bar.calls > fresh ? (
        <rect
          x={x + 1}
          y={y(bar.calls)}
          width={width - 2}
          height={y(fresh) - y(bar.calls)}
          strokeDasharray="4 2"
          strokeWidth={2}
          className="fill-white stroke-solid-gray-600"
        />
      ) : null}
    </g>
  )
}

const LABEL_WIDTH = 44

/** As many days as there is room for. */
function DayLabels({ bars, step }: { readonly bars: readonly DayBar[]; readonly step: number }) {
  const every = Math.ceil(LABEL_WIDTH / step)
  return bars.map((bar, index) =>
    index % every === 0 && (bars.length - index) * step >= LABEL_WIDTH ? (
      <text
        key={bar.day}
        x={LEFT + index * step + GAP}
        y={HEIGHT + 20}
        className="fill-solid-gray-800 text-[12px]"
      >
        {bar.day.slice(5).replace('-', '/')}
      </text>
    ) : null,
  )
}

function DayTable({ bars, denials }: { readonly bars: readonly DayBar[]; readonly denials: boolean }) {
  const t = useTexts(texts)
  return (
    <DataTable
      label={t.byDay}
      rows={bars}
      rowKey={(row) => row.day}
      tools="export"
      columns={[
        { key: 'day', title: t.day, value: (row) => row.day },
        { key: 'calls', title: t.count, align: 'end', value: (row) => row.calls },
        ...(denials
          ? [
              {
                key: 'already',
                title: t.countAlready,
                align: 'end' as const,
                value: (row: DayBar) => row.already,
              },
            ]
          : []),
      ]}
    />
  )
}
