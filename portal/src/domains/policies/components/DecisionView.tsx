import type { Decision, Layer, StatementResult, Verdict } from '@rankan/server/src/policy/decision.ts'
import { KIND_NAMES, sentencesOf } from '@rankan/server/src/policy/explain/sentences.ts'
import { StatusBadge, type Tone } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { EXEMPTIONS, missingWords, reasonWords } from '../engine/reason-words.ts'
import { texts } from '../i18n/texts.ts'
import { Ticks } from './Ticks.tsx'

export const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = {
  allowed: 'good',
  denied: 'bad',
  unknown: 'warning',
}

/** The answer to one request: the verdict, why, what would decide it, and every statement that was asked. */
export function DecisionView(props: {
  readonly decision: Decision
  /** The controls alone were asked: what they do not deny, IAM may still not allow. */
  readonly centre: boolean
}) {
  const { decision, centre } = props
  const t = useTexts(texts)
  const pick = usePick()
  const [answer, ...why] = sentencesOf({ ...decision, missing: [] })
  return (
    <div className="flex flex-col gap-3 rounded-12 border-2 border-solid-gray-420 p-4">
      <div role="status" className="flex flex-col gap-2">
        <p className="flex flex-wrap items-center gap-3 text-std-17B-170">
          <StatusBadge tone={VERDICT_TONES[decision.verdict]}>
            {(centre ? t.controlOf : t.verdictOf)[decision.verdict]}
          </StatusBadge>
          {centre && decision.verdict === 'allowed'
            ? t.notForbidden
            : answer === undefined
              ? null
              : pick(answer)}
        </p>
        {why.map((sentence) => (
          <p key={sentence.en}>
            <Ticks text={pick(sentence)} />
          </p>
        ))}
        {decision.missing.length === 0 ? null : (
          <div>
            <p className="font-700">{t.wouldDecide}</p>
            <ul className="list-disc pl-6">
              {decision.missing.map((missing) => (
                <li key={JSON.stringify(missing)}>
                  <Ticks text={pick(missingWords(missing))} />
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <details>
        <summary className="cursor-pointer text-blue-900 underline">{t.everyStatement}</summary>
        <ul className="mt-3 flex flex-col gap-4">
          {decision.layers.map((layer) => (
            <LayerView key={`${layer.kind} ${layer.target}`} layer={layer} />
          ))}
        </ul>
      </details>
    </div>
  )
}

function LayerView({ layer }: { readonly layer: Layer }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <li className="flex flex-col gap-2">
      <p className="font-700 first-letter:uppercase">
        {pick(KIND_NAMES[layer.kind])}
        {layer.target === null ? '' : ` — ${layer.target}`}
      </p>
      {layer.exempt === null ? null : <p>{pick(EXEMPTIONS[layer.exempt])}</p>}
      {layer.statements.length === 0 && layer.exempt === null ? (
        <p className="text-solid-gray-700">{t.noStatements}</p>
      ) : null}
      <ul className="flex flex-col gap-2 border-l-4 border-solid-gray-200 pl-4">
        {layer.statements.map((statement) => (
          <StatementView key={`${statement.policy} ${statement.index}`} statement={statement} />
        ))}
      </ul>
    </li>
  )
}

const MATCH_TONES = { yes: 'active', no: 'neutral', unknown: 'warning' } as const

function StatementView({ statement }: { readonly statement: StatementResult }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <li>
      <p className="flex flex-wrap items-center gap-2">
        <StatusBadge tone={MATCH_TONES[statement.matches]}>{t.matchOf[statement.matches]}</StatusBadge>
        <span>
          {t.effectOf[statement.effect]}: {statement.policy} /{' '}
          {statement.sid === null || statement.sid === ''
            ? t.statementNumber(statement.index + 1)
            : statement.sid}
        </span>
      </p>
      <ul className="list-disc pl-6 text-solid-gray-700">
        {statement.reasons.map((reason) => (
          <li key={pick(reasonWords(reason))}>
            <Ticks text={pick(reasonWords(reason))} />
          </li>
        ))}
      </ul>
    </li>
  )
}
