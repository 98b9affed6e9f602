import { Meter as AriaMeter, Label } from 'react-aria-components'
import { classes } from './classes.ts'

/** How much of a limit is used, as a bar and in words. Full is not bad by itself: a slot is there to be used. */
export function Meter(props: {
  readonly label: string
  readonly used: number
  readonly limit: number
  readonly text: string
}) {
  const { label, used, limit, text } = props
  return (
    <AriaMeter
      value={used}
      minValue={0}
      maxValue={Math.max(1, limit)}
      valueLabel={text}
      className="flex max-w-sm items-center gap-3"
    >
      {({ percentage }) => (
        <>
          <Label className="sr-only">{label}</Label>
          <span
            aria-hidden="true"
            className="h-3 min-w-20 flex-1 overflow-hidden rounded-full bg-solid-gray-100"
          >
            <span
              className={classes('block h-full', used >= limit ? 'bg-warning-orange-2' : 'bg-blue-900')}
              style={{ width: `${percentage}%` }}
            />
          </span>
          <span className="whitespace-nowrap tabular-nums">{text}</span>
        </>
      )}
    </AriaMeter>
  )
}
