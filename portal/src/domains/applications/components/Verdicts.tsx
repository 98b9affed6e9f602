import type { VerdictView } from '@rankan/server/domain/applications/view.ts'
import { Button } from '../../../components/Button.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { OUTCOME_TONES } from '../tones.ts'

const ORDER: readonly VerdictView['outcome'][] = ['fail', 'warn', 'unknown', 'pass']

export const countOf = (verdicts: readonly VerdictView[], outcome: VerdictView['outcome']): number =>
  verdicts.filter((v) => v.outcome === outcome).length

/** What each rule says, worst first, with the reason for the rule behind it. */
export function Verdicts(props: {
  readonly verdicts: readonly VerdictView[]
  readonly onGo?: (path: VerdictView['path']) => void
}) {
  const t = useTexts(texts)
  const { verdicts } = props
  const sorted = ORDER.flatMap((outcome) => verdicts.filter((v) => v.outcome === outcome))
  return (
    <div className="flex flex-col gap-3">
      <p role="status">
        {t.counts(
          countOf(verdicts, 'pass'),
          countOf(verdicts, 'warn'),
          countOf(verdicts, 'fail'),
          countOf(verdicts, 'unknown'),
        )}
      </p>
      <ul className="flex flex-col divide-y divide-solid-gray-200">
        {sorted.map((verdict) => (
          <Verdict key={verdict.rule} verdict={verdict} onGo={props.onGo} />
        ))}
      </ul>
    </div>
  )
}

function Verdict({
  verdict,
  onGo,
}: {
  readonly verdict: VerdictView
  readonly onGo: ((path: VerdictView['path']) => void) | undefined
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const isOpen = verdict.outcome !== 'pass'
  return (
    <li className="flex flex-col gap-1 py-3">
      <p className="flex flex-wrap items-center gap-2">
        <StatusBadge tone={OUTCOME_TONES[verdict.outcome]}>{t.outcomeOf[verdict.outcome]}</StatusBadge>
        <span className="font-700">{pick(verdict.title)}</span>
      </p>
      <p className="break-words">{pick(verdict.message)}</p>
      {verdict.exception === null ? null : <p>{t.exceptionAsked(verdict.exception.expiresOn)}</p>}
      <details>
        <summary className="cursor-pointer text-blue-900 underline">{t.why}</summary>
        <p className="mt-1">{pick(verdict.explanation)}</p>
        <p className="text-solid-gray-700">
          {t.reference}: {verdict.reference}
        </p>
      </details>
      {isOpen && onGo !== undefined ? (
        <div>
          <Button look="quiet" small onPress={() => onGo(verdict.path)}>
            {t.goToField}
            <span className="sr-only">: {pick(verdict.title)}</span>
          </Button>
        </div>
      ) : null}
    </li>
  )
}
