import type { ControlType } from '@rankan/server/src/catalog/types.ts'
import { classes } from '../../../components/classes.ts'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { TYPE_LOOKS } from '../words.ts'

/** A part of a whole in figures, and as a bar for the eye. */
export function Share(props: {
  readonly part: number
  readonly whole: number
  readonly type?: ControlType
  readonly look?: string
}) {
  const t = useTexts(texts)
  const { part, whole, type } = props
  const look = type === undefined ? props.look : TYPE_LOOKS[type]
  return (
    <span className="flex flex-col gap-1">
      <span className="whitespace-nowrap tabular-nums">{t.servedOf(part, whole)}</span>
      <span aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-solid-gray-100">
        <span
          className={classes('block h-full', look)}
          style={{ width: `${whole === 0 ? 0 : (100 * part) / whole}%` }}
        />
      </span>
    </span>
  )
}
