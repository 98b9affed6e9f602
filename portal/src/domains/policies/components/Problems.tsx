import { memo } from 'react'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { useLanguage } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import type { Checked } from '../engine/check.ts'
import { problemText } from '../engine/problem-words.ts'
import { texts } from '../i18n/texts.ts'
import { Ticks } from './Ticks.tsx'

/** A broken document is shown with so many problems at once; the rest comes when these are mended. */
const SHOWN = 30

export const Problems = memo(function Problems(props: {
  readonly checked: Pick<Checked, 'problems' | 'errors' | 'warnings'>
  readonly onJump: (line: number, column: number) => void
}) {
  const t = useTexts(texts)
  const { language } = useLanguage()
  const { problems, errors, warnings } = props.checked
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="text-std-16B-170">
        {problems.length === 0 ? `✓ ${t.noProblems}` : t.problemCount(errors, warnings)}
      </p>
      {problems.length === 0 ? null : (
        <ul className="flex flex-col gap-2">
          {problems.slice(0, SHOWN).map((problem) => {
            const { message, hint } = problemText(problem, language)
            return (
              <li
                key={`${problem.code} ${problem.path} ${problem.line}:${problem.column} ${problem.message}`}
                className="flex flex-col gap-1 rounded-8 border border-solid-gray-420 p-3"
              >
                <span className="flex flex-wrap items-center gap-2">
                  <StatusBadge tone={problem.severity === 'error' ? 'bad' : 'warning'}>
                    {t.severityOf[problem.severity]}
                  </StatusBadge>
                  <button
                    type="button"
                    className="cursor-pointer text-blue-900 underline"
                    onClick={() => props.onJump(problem.line, problem.column)}
                  >
                    {t.place(Math.max(1, problem.line), Math.max(1, problem.column))}
                  </button>
                </span>
                <span>
                  <Ticks text={message} />
                </span>
                {hint === null ? null : (
                  <span className="text-solid-gray-700">
                    → <Ticks text={hint} />
                  </span>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
})
