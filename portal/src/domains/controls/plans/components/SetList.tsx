import type { ControlChoice, ControlSetView } from '@rankan/server/domain/controls/sets.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { controlsQuery } from '../../api.ts'
import { texts } from '../i18n/texts.ts'

/** Each set with what it is for and the controls that it holds. */
export function SetList({ sets }: { readonly sets: readonly ControlSetView[] }) {
  return (
    <ul className="flex flex-col gap-3">
      {sets.map((set) => (
        <SetItem key={set.name} set={set} />
      ))}
    </ul>
  )
}

function SetItem({ set }: { readonly set: ControlSetView }) {
  const t = useTexts(texts)
  const pick = usePick()
  const library = useQuery(controlsQuery({}))
  const titles = new Map(library.data?.map(({ id, title }) => [id, pick(title)]))
  return (
    <li className="flex flex-col gap-2 rounded-12 border border-solid-gray-420 bg-white p-4">
      <h3 className="text-std-17B-170">{pick(set.title)}</h3>
      <p>{pick(set.description)}</p>
      <p className="text-solid-gray-700">
        <code className="font-mono">{set.name}</code> · {t.versionOf(set.version)} · {t.originOf[set.origin]}{' '}
        · {t.controlCount(set.controls.length)}
      </p>
      <details>
        <summary className="cursor-pointer text-blue-900 underline">
          {t.showControls}
          <span className="sr-only">: {pick(set.title)}</span>
        </summary>
        <ul className="mt-2 list-disc pl-6">
          {set.controls.map((choice) => (
            <Choice key={choice.control} choice={choice} title={titles.get(choice.control)} />
          ))}
        </ul>
      </details>
    </li>
  )
}

function Choice({ choice, title }: { readonly choice: ControlChoice; readonly title: string | undefined }) {
  const t = useTexts(texts)
  const forms = choice.forms?.map((form) => t.formOf[form]).join(' / ')
  return (
    <li>
      <Link to="/controls/$controlId" params={{ controlId: choice.control }}>
        {title ?? choice.control}
      </Link>{' '}
      {forms === undefined ? null : t.onlyForms(forms)}
      {Object.entries(choice.values ?? {}).map(([name, value]) => (
        <span key={name} className="block text-solid-gray-700">
          {name}: {typeof value === 'string' ? value : value.join(', ')}
        </span>
      ))}
    </li>
  )
}
