import type { ContextEntry } from '@rankan/server/src/policy/request.ts'
import { CopyButton } from '../../../../components/CopyButton.tsx'
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
import { causeOf, type Finding } from '../judge.ts'

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
        <Command text={`aws sts decode-authorization-message --encoded-message ${answer.encoded}`} />
      )}
    </Notice>
  )
}

function Command({ text }: { readonly text: string }) {
  const t = useTexts(texts)
  return (
    <>
      <section
        aria-label={t.command}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        className="my-2 max-h-40 overflow-auto rounded-8 bg-solid-gray-50 p-3"
      >
        <code className="font-mono break-all">{text}</code>
      </section>
      <CopyButton text={() => text} of={t.command} />
    </>
  )
}

function FindingView({ found }: { readonly found: Found }) {
  const t = useTexts(texts)
  const { denial, finding, remarks, fromEvent } = found
  const cause = causeOf(finding, denial.why)
  const todo = cause === 'open' && fromEvent ? t.todoOpenEvent : t.todoOf[cause]
  return (
    <>
      <RemarksView remarks={remarks} fromEvent={fromEvent} />
      <Notice kind={cause === 'open' ? 'warning' : 'info'} title={t.causeOf[cause]}>
        <p>{t.meaningOf[cause]}</p>
        <p className="mt-2">
          {t.whoTitle}: <strong>{t.whoOf[cause]}</strong>
        </p>
      </Notice>
      {finding.changed ? <Notice kind="warning" title={t.changed} /> : null}
      <Rules finding={finding} />
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

function RemarksView(props: { readonly remarks: Remarks; readonly fromEvent: boolean }) {
  const t = useTexts(texts)
  const pick = usePick()
  const { account, foreignTo, controls, more, skipped } = props.remarks
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
      {more > 0 ? <p>{props.fromEvent ? t.moreEvents(more) : t.moreDenials(more)}</p> : null}
    </>
  )
}

/** Each rule in words: what it is for is what it says. */
function Rules({ finding: { rules, possible, context } }: { readonly finding: Finding }) {
  const t = useTexts(texts)
  const pick = usePick()
  if (rules.length === 0) return null
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-std-18B-160">{possible ? t.possibleRules : t.rules}</h3>
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
                {conditions.map((condition, index) => (
                  <li key={condition.en}>
                    <Ticks text={pick(condition)} />
                    <Here entry={context.get(statement.conditions[index]?.key.toLowerCase() ?? '')} />
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

/** The value of this call under a condition: the rule and the call side by side say why. */
function Here({ entry }: { readonly entry: ContextEntry | undefined }) {
  const t = useTexts(texts)
  if (entry === undefined || entry.state === 'unknown') return null
  const value = entry.state === 'known' && entry.values.length > 0 ? entry.values.join(', ') : null
  return (
    <span className="block">
      → {t.inThisCall}: {value === null ? t.noValue : <strong className="break-all">{value}</strong>}
    </span>
  )
}

function Missing({ finding }: { readonly finding: Finding }) {
  const t = useTexts(texts)
  const pick = usePick()
  if (finding.missing.length === 0 || (finding.forbidder !== 'open' && finding.rules.length === 0))
    return null
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
  const open = finding.decision === null ? 'unasked' : 'open'
  const basis = finding.basis === 'left' && finding.forbidder === 'open' ? open : finding.basis
  const facts = [
    { name: t.account, code: remarks.account },
    { name: t.principal, code: denial.principal },
    { name: t.action, code: denial.action },
    { name: t.resource, code: denial.resource },
    { name: t.policyKind, text: denial.kind === null ? t.unsaid : t.policyKindOf[denial.kind] },
    ...(policyName === null ? [] : [{ name: t.policyArn, text: t.namedPolicy(policyName) }]),
    { name: t.basisTitle, text: t.basisOf[basis] },
  ]
  const words = [
    t.causeOf[causeOf(finding, denial.why)],
    ...facts.map(({ name, code, text }) => `${name}: ${text ?? code ?? t.unknownValue}`),
    ...finding.rules.map(
      ({ ref }) => `${finding.possible ? t.possibleRules : t.rules}: ${ref.policy} ${ref.sid ?? ''}`,
    ),
  ]
  return (
    <details className="rounded-12 border border-solid-gray-420 p-4">
      <summary className="cursor-pointer text-std-16B-170">{t.details}</summary>
      <div className="mt-3 flex flex-col gap-4">
        <Facts
          items={facts.map(({ name, code, text }) => ({
            name,
            value:
              text ?? (code == null ? t.unknownValue : <code className="font-mono break-all">{code}</code>),
          }))}
        />
        <div>
          <CopyButton text={() => words.join('\n')} of={t.answer} />
        </div>
        {finding.decision === null ? null : <DecisionView decision={finding.decision} centre />}
      </div>
    </details>
  )
}
