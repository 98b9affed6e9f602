import { Notice } from '../../../../components/Notice.tsx'
import { Facts } from '../../../../components/Values.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { DecisionView } from '../../components/DecisionView.tsx'
import { Ticks } from '../../components/Ticks.tsx'
import { missingWords } from '../../engine/reason-words.ts'
import { skipWords } from '../../engine/skip-words.ts'
import { statementWords } from '../../engine/statement-words.ts'
import type { Answer, Remarks } from '../ask.ts'
import { texts } from '../i18n/texts.ts'
import type { Finding, Rule } from '../judge.ts'

type Found = Extract<Answer, { what: 'finding' }>

/** Who forbids it, what that means, what to do; and below, for those who ask further, why. */
export function AnswerView({ answer }: { readonly answer: Answer }) {
  const t = useTexts(texts)
  if (answer.what === 'fault') return <FaultView answer={answer} />
  if (answer.what === 'finding') return <FindingView found={answer} />
  if (answer.errorCode === null)
    return (
      <Notice kind="info" title={t.notDenied}>
        {t.notDeniedText}
      </Notice>
    )
  return (
    <Notice kind="info" title={t.otherError}>
      {t.otherErrorText(answer.errorCode)}
    </Notice>
  )
}

function FaultView({ answer }: { readonly answer: Extract<Answer, { what: 'fault' }> }) {
  const t = useTexts(texts)
  const { title, text } = t.fault[answer.fault]
  return (
    <Notice kind="warning" title={title}>
      <p>{text}</p>
      {answer.encoded === null ? null : (
        <pre className="mt-2 max-h-40 overflow-auto rounded-8 bg-solid-gray-50 p-3 font-mono whitespace-pre-wrap">
          aws sts decode-authorization-message --encoded-message {answer.encoded}
        </pre>
      )}
    </Notice>
  )
}

function FindingView({ found }: { readonly found: Found }) {
  const t = useTexts(texts)
  const { finding, remarks, fromEvent } = found
  const todo = finding.forbidder === 'open' && fromEvent ? t.todoOpenEvent : t.todoOf[finding.forbidder]
  return (
    <>
      <RemarksView remarks={remarks} />
      <Notice
        kind={finding.forbidder === 'open' ? 'warning' : 'info'}
        title={t.forbidderOf[finding.forbidder]}
      >
        <p>{t.meaningOf[finding.forbidder]}</p>
      </Notice>
      {finding.changed ? <Notice kind="warning" title={t.changed} /> : null}
      <Rules rules={finding.rules} />
      <Missing finding={finding} />
      <div>
        <h3 className="text-std-18B-160">{t.todoTitle}</h3>
        <ol className="list-decimal pl-6">
          {todo.split('\n').map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </div>
      <Details found={found} />
    </>
  )
}

function RemarksView({ remarks }: { readonly remarks: Remarks }) {
  const t = useTexts(texts)
  const pick = usePick()
  const { account, foreignTo, controls, more, skipped } = remarks
  return (
    <>
      {foreignTo === null ? null : (
        <Notice kind="warning" title={t.foreign}>
          {t.foreignText(account ?? '', foreignTo)}
        </Notice>
      )}
      {controls === 'not_readable' ? (
        <Notice kind="warning" title={t.notReadable(account ?? '')}>
          {t.notReadableText}
        </Notice>
      ) : null}
      {controls === 'not_swept' ? <p>{t.notSwept}</p> : null}
      {controls === 'no_account' ? <p>{t.noAccount}</p> : null}
      {skipped === null ? null : (
        <Notice kind="warning" title={t.skipped}>
          {t.skippedText(pick(skipWords(skipped)))}
        </Notice>
      )}
      {more > 0 ? <p>{t.moreEvents(more)}</p> : null}
    </>
  )
}

/** Each rule in words: what it is for is what it says. */
function Rules({ rules }: { readonly rules: readonly Rule[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  if (rules.length === 0) return null
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-std-18B-160">{t.rules}</h3>
      <ul className="flex flex-col gap-3">
        {rules.map(({ ref, statement }) => {
          const { sentence, conditions } = statementWords(statement)
          const sid = ref.sid === null || ref.sid === '' ? t.statementNumber(ref.index + 1) : ref.sid
          return (
            <li key={`${ref.policy} ${ref.index}`} className="rounded-12 border border-solid-gray-420 p-4">
              <p className="text-std-16B-170">{t.ruleNamed(ref.policy, sid)}</p>
              {ref.target === null ? null : <p className="text-solid-gray-700">{t.attachedAt(ref.target)}</p>}
              <p>
                <Ticks text={pick(sentence)} />
              </p>
              <ul className="list-disc pl-6">
                {conditions.map((condition) => (
                  <li key={condition.en}>
                    <Ticks text={pick(condition)} />
                  </li>
                ))}
              </ul>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Missing({ finding }: { readonly finding: Finding }) {
  const t = useTexts(texts)
  const pick = usePick()
  if (finding.forbidder !== 'open' || finding.missing.length === 0) return null
  return (
    <div>
      <h3 className="text-std-18B-160">{t.wouldDecide}</h3>
      <ul className="list-disc pl-6">
        {finding.missing.map((missing) => (
          <li key={JSON.stringify(missing)}>
            <Ticks text={pick(missingWords(missing))} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Details({ found }: { readonly found: Found }) {
  const t = useTexts(texts)
  const { denial, finding, remarks, policyName } = found
  const code = (text: string | null) =>
    text === null ? t.unknownValue : <code className="font-mono">{text}</code>
  const basis = finding.basis === 'left' && finding.forbidder === 'open' ? 'open' : finding.basis
  return (
    <details className="rounded-12 border border-solid-gray-420 p-4">
      <summary className="cursor-pointer text-std-16B-170">{t.details}</summary>
      <div className="mt-3 flex flex-col gap-4">
        <Facts
          items={[
            { name: t.account, value: code(remarks.account) },
            { name: t.principal, value: code(denial.principal) },
            { name: t.action, value: code(denial.action) },
            { name: t.resource, value: code(denial.resource) },
            { name: t.policyKind, value: denial.kind === null ? t.unsaid : t.policyKindOf[denial.kind] },
            ...(policyName === null ? [] : [{ name: t.policyArn, value: t.namedPolicy(policyName) }]),
            { name: t.basisTitle, value: t.basisOf[basis] },
          ]}
        />
        {finding.decision === null ? null : <DecisionView decision={finding.decision} centre />}
      </div>
    </details>
  )
}
