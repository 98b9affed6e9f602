import type { VerdictView } from '@rankan/server/domain/applications/view.ts'
import { Button } from '../../../components/Button.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { OUTCOME_TONES } from '../tones.ts'

const OPEN: readonly VerdictView['outcome'][] = ['fail', 'warn', 'unknown']

export const countOf = (verdicts: readonly VerdictView[], outcome: VerdictView['outcome']): number =>
  verdicts.filter((v) => v.outcome === outcome).length

/** What each rule says, worst first, with the reason for the rule behind it; what holds is folded away. */
export function Verdicts(props: {
  readonly verdicts: readonly VerdictView[]
  readonly onGo?: (path: VerdictView['path']) => void
}) {
  const t = useTexts(texts)
  const { verdicts } = props
  const open = OPEN.flatMap((outcome) => verdicts.filter((v) => v.outcome === outcome))
  const holding = verdicts.filter((v) => v.outcome === 'pass')
  return (
    <div className="flex flex-col gap-3">
      <p role="status">
        {t.counts(
          holding.length,
          countOf(verdicts, 'warn'),
          countOf(verdicts, 'fail'),
          countOf(verdicts, 'unknown'),
        )}
      </p>
      <VerdictList verdicts={open} onGo={props.onGo} />
      {holding.length === 0 ? null : (
        <details>
          <summary className="cursor-pointer py-2 text-blue-900 underline">
            {open.length === 0 ? t.verdictsAllPass : t.holding(holding.length)}
          </summary>
          <VerdictList verdicts={holding} onGo={undefined} />
        </details>
      )}
    </div>
  )
}

function VerdictList(props: {
  readonly verdicts: readonly VerdictView[]
  readonly onGo: ((path: VerdictView['path']) => void) | undefined
}) {
  if (props.verdicts.length === 0) return null
  return (
    <ul className="flex flex-col divide-y divide-solid-gray-200">
      {props.verdicts.map((verdict) => (
        <Verdict key={verdict.rule} verdict={verdict} onGo={props.onGo} />
      ))}
    </ul>
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
