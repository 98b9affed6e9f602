import type { ControlPlan, PlannedPolicy, StatementSource } from '@rankan/server/domain/controls/plans.ts'
import { Link } from '@tanstack/react-router'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { CodeView } from '../../components/CodeView.tsx'
import { texts } from '../i18n/texts.ts'

/** The policies into which the statements of many controls are packed, and which statement is whose. */
export function PackedPolicies({ plan }: { readonly plan: ControlPlan }) {
  const t = useTexts(texts)
  return (
    <>
      <p className="text-solid-gray-700">{t.policiesText}</p>
      {plan.policies.map((policy) => (
        <Policy key={`${policy.kind} ${policy.name}`} policy={policy} />
      ))}
      {plan.dropped.length === 0 ? null : (
        <>
          <h3 className="text-std-17B-170">{t.dropped}</h3>
          <ul className="list-disc pl-6">
            {plan.dropped.map(({ source, because, by }) => (
              <li key={`${source.control} ${source.file} ${source.index}`}>
                <Source source={source} /> — {t.droppedOf[because]}
                {by.length === 0 ? null : ': '}
                {by.map((one, at) => (
                  <span key={`${one.control} ${one.file} ${one.index}`}>
                    {at === 0 ? '' : ', '}
                    <Source source={one} />
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Policy({ policy }: { readonly policy: PlannedPolicy }) {
  const t = useTexts(texts)
  return (
    <div className="flex min-w-0 flex-col gap-2 rounded-12 border border-solid-gray-420 bg-white p-4">
      <h3 className="flex flex-wrap items-center gap-3 text-std-17B-170">
        <span className="break-all">{policy.name}</span>
        <StatusBadge tone="neutral">{policy.kind.toUpperCase()}</StatusBadge>
        {policy.there ? <StatusBadge tone="good">{t.there}</StatusBadge> : null}
      </h3>
      <p>{t.characters(policy.characters, policy.maxCharacters)}</p>
      <p>
        {t.controls}:{' '}
        {policy.controls.map((control) => (
          <Link key={control} to="/controls/$controlId" params={{ controlId: control }} className="mr-3">
            {control}
          </Link>
        ))}
      </p>
      {policy.statements.length === 0 ? null : <Statements policy={policy} />}
      <details>
        <summary className="cursor-pointer text-blue-900 underline">{t.document(policy.name)}</summary>
        <div className="mt-2">
          <CodeView label={t.document(policy.name)} text={readable(policy.document)} />
        </div>
      </details>
    </div>
  )
}

function Statements({ policy }: { readonly policy: PlannedPolicy }) {
  const t = useTexts(texts)
  return (
    <details>
      <summary className="cursor-pointer text-blue-900 underline">
        {t.statements}
        <span className="sr-only">: {policy.name}</span>
      </summary>
      <ol className="mt-2 flex flex-col gap-1">
        {policy.statements.map(({ sources }, index) => (
          <li key={index}>
            {t.statement(index + 1)} ←{' '}
            {sources.map((source, at) => (
              <span key={`${source.control} ${source.file} ${source.index}`}>
                {at === 0 ? '' : ', '}
                <Source source={source} />
              </span>
            ))}
          </li>
        ))}
      </ol>
    </details>
  )
}

const Source = ({ source }: { readonly source: StatementSource }) => (
  <span>
    <Link to="/controls/$controlId" params={{ controlId: source.control }}>
      {source.control}
    </Link>{' '}
    <span className="text-solid-gray-700">
      {source.file} {source.sid ?? `#${source.index + 1}`}
    </span>
  </span>
)

function readable(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2)
  } catch {
    return document
  }
}
