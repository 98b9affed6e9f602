import { Meter } from '../../../components/Meter.tsx'

/** A meter in a cell of a table. Positioned, because its label for screen readers would else widen the page where the table scrolls. */
export function Used(props: {
  readonly label: string
  readonly used: number
  readonly limit: number
  readonly text: string
}) {
  return (
    <span className="relative block">
      <Meter {...props} />
    </span>
  )
}
