import type { ManagementPolicy } from '@rankan/server/src/policy/management/document.ts'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { managementWords } from '../engine/management-words.ts'
import { texts } from '../i18n/texts.ts'
import { Ticks } from './Ticks.tsx'

/** Each setting of a management policy as sentences. */
export function SettingsInWords(props: {
  readonly policy: ManagementPolicy | null
  readonly onJump: (line: number, column: number) => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  if (props.policy === null) return <EmptyState title={t.wordsNeedPolicy} />
  return (
    <ol className="flex flex-col gap-3">
      {managementWords(props.policy).map(({ path, place, sentences }) => (
        <li key={path} className="flex flex-col gap-2 rounded-12 border border-solid-gray-420 p-4">
          <span className="flex flex-wrap items-center gap-2">
            <code className="font-mono break-all">{path}</code>
            <button
              type="button"
              className="cursor-pointer text-blue-900 underline"
              onClick={() => props.onJump(place.line, place.column)}
            >
              {t.place(place.line, place.column)}
            </button>
          </span>
          {sentences.map((sentence) => (
            <p key={sentence.en}>
              <Ticks text={pick(sentence)} />
            </p>
          ))}
        </li>
      ))}
    </ol>
  )
}
