import type { Policy } from '@rankan/server/src/policy/policies.ts'
import { memo } from 'react'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { statementWords } from '../engine/statement-words.ts'
import { texts } from '../i18n/texts.ts'
import { Ticks } from './Ticks.tsx'

/** Each statement of a policy as a sentence. */
export const InWords = memo(function InWords(props: {
  readonly policy: Policy | null
  readonly onJump: ((line: number, column: number) => void) | null
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const { policy, onJump } = props
  if (policy === null) return <EmptyState title={t.wordsNeedPolicy} />
  return (
    <ol className="flex flex-col gap-3">
      {policy.statements.map((statement) => {
        const { sentence, conditions } = statementWords(statement)
        return (
          <li
            key={statement.index}
            className="flex flex-col gap-2 rounded-12 border border-solid-gray-420 p-4"
          >
            <span className="flex flex-wrap items-center gap-2">
              <StatusBadge tone={statement.effect === 'Deny' ? 'bad' : 'good'}>
                {t.effectOf[statement.effect]}
              </StatusBadge>
              <span className="text-std-16B-170">
                {statement.sid === null || statement.sid === ''
                  ? t.statementNumber(statement.index + 1)
                  : statement.sid}
              </span>
              {onJump === null ? null : (
                <button
                  type="button"
                  className="cursor-pointer text-blue-900 underline"
                  onClick={() => onJump(statement.place.line, statement.place.column)}
                >
                  {t.place(statement.place.line, statement.place.column)}
                </button>
              )}
            </span>
            <p>
              <Ticks text={pick(sentence)} />
            </p>
            {conditions.length === 0 ? null : (
              <ul className="list-disc pl-6">
                {conditions.map((condition) => (
                  <li key={condition.en}>
                    <Ticks text={pick(condition)} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        )
      })}
    </ol>
  )
})
