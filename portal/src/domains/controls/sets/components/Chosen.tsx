import type { ControlChoice } from '@rankan/server/domain/controls/sets.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { controlsQuery } from '../../api.ts'
import { TypeMarks } from '../../components/TypeMarks.tsx'
import { texts } from '../i18n/texts.ts'

/** The controls of a set with the forms that are used and the values of their parameters. */
export function Chosen({ choices }: { readonly choices: readonly ControlChoice[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  const library = useQuery(controlsQuery({}))
  return (
    <ul
      aria-label={t.controls}
      className="flex flex-col divide-y divide-solid-gray-200 rounded-12 border border-solid-gray-420 bg-white"
    >
      {choices.map(({ control, forms, values }) => {
        const row = library.data?.find(({ id }) => id === control)
        return (
          <li key={control} className="flex flex-col gap-1 p-3">
            <Link to="/controls/$controlId" params={{ controlId: control }}>
              {row === undefined ? control : pick(row.title)}
            </Link>
            <TypeMarks types={forms ?? row?.types ?? []} />
            {Object.entries(values ?? {}).map(([name, value]) => (
              <span key={name} className="break-all text-solid-gray-700">
                {name}: {typeof value === 'string' ? value : value.join(', ')}
              </span>
            ))}
          </li>
        )
      })}
    </ul>
  )
}
