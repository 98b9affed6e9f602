import type { ControlType } from '@rankan/server/src/catalog/types.ts'
import { classes } from '../../../components/classes.ts'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { TYPE_LOOKS } from '../words.ts'

/** The types of a control, each by name with its colour beside it. */
export function TypeMarks({ types }: { readonly types: readonly ControlType[] }) {
  const t = useTexts(texts)
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {types.map((type) => (
        <li key={type} className="flex items-center gap-1.5 whitespace-nowrap">
          <TypeColour type={type} />
          {t.typeOf[type]}
        </li>
      ))}
    </ul>
  )
}

export const TypeColour = ({ type }: { readonly type: ControlType }) => (
  <span aria-hidden="true" className={classes('inline-block size-3 rounded-4', TYPE_LOOKS[type])} />
)
