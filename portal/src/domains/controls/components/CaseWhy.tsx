import type { ExplainedCase, RuleFinding } from '@rankan/server/src/catalog/explain-case.ts'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { Ticks } from '../../policies/components/Ticks.tsx'
import { texts } from '../i18n/texts.ts'
import { wordOf } from '../words.ts'
import { CodeView } from './CodeView.tsx'

/** What the engine said of a case, and why. */
export function CaseWhy({ result }: { readonly result: ExplainedCase }) {
  const t = useTexts(texts)
  const pick = usePick()
  // That nothing forbids it is all there is to say of what the control lets pass.
  const why = result.found === 'allowed' ? [] : result.sentences.slice(1)
  return (
    <div className="flex flex-col gap-2 border-l-4 border-solid-gray-200 pl-4">
      <p>
        <span className="font-700">{t.found}:</span> {wordOf(t.verdictOf, result.found)}
      </p>
      {why.map((sentence) => (
        <p key={sentence.en}>
          <Ticks text={pick(sentence)} />
        </p>
      ))}
      {result.findings.length === 0 ? null : (
        <ul className="list-disc pl-6">
          {result.findings.map((finding) => (
            <Finding key={JSON.stringify(finding)} finding={finding} />
          ))}
        </ul>
      )}
      {result.effective === null ? null : (
        <CodeView label={`${t.effective}: ${result.name}`} text={result.effective} />
      )}
    </div>
  )
}

function Finding({ finding }: { readonly finding: RuleFinding }) {
  const t = useTexts(texts)
  const { path, found, missing, wanted, message } = finding
  return (
    <li>
      {message === null ? null : <p>{message}</p>}
      <p>
        {t.where}: <code className="font-mono break-all">{path === '' ? '/' : path}</code>
        {missing === null ? null : (
          <>
            {' '}
            <Ticks text={t.nothingThere(`\`${missing}\``)} />
          </>
        )}
        {found === null || missing !== null ? null : (
          <>
            {' '}
            {t.found}: <code className="font-mono break-all">{found}</code>
          </>
        )}
      </p>
      <p className="text-solid-gray-700">
        {t.wanted}: <code className="font-mono break-all">{wanted}</code>
      </p>
    </li>
  )
}
