import type { ExplainedCase } from '@rankan/server/src/catalog/explain-case.ts'
import type { Control, ControlCase } from '@rankan/server/src/catalog/record.ts'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { runAll } from '../run.ts'
import { wordOf } from '../words.ts'
import { CaseTry } from './CaseTry.tsx'
import { CaseWhy } from './CaseWhy.tsx'

/** The cases of a control, run in this page by the engines that run them on the server. */
export function Cases({ control }: { readonly control: Control }) {
  const t = useTexts(texts)
  const run = useMutation({ mutationFn: () => runAll(control) })
  const { reset } = run
  // Results of other parameters would be wrong ones.
  useEffect(() => reset(), [control, reset])
  const { cases } = control
  if (cases.length === 0) return <EmptyState title={t.noCases} />
  return (
    <>
      <p className="text-solid-gray-700">{t.casesLead}</p>
      <div className="flex flex-wrap items-center gap-4">
        <Button onPress={() => run.mutate()} isPending={run.isPending}>
          {run.data === undefined ? t.run : t.runAgain}
        </Button>
        <p role="status">{run.isPending ? t.running : <Outcome results={run.data ?? []} />}</p>
      </div>
      {run.error === null ? null : <ErrorView error={run.error} />}
      {[...new Set(cases.map(({ form }) => form))].map((form) => (
        <div key={form} className="flex flex-col gap-2">
          <h3 className="text-std-16B-170">{t.kindOf[form]}</h3>
          <ul className="divide-y divide-solid-gray-200 rounded-12 border border-solid-gray-420 bg-white">
            {cases.map((one, at) =>
              one.form === form ? (
                <CaseItem key={`${at} ${one.name}`} control={control} one={one} result={run.data?.[at]} />
              ) : null,
            )}
          </ul>
        </div>
      ))}
    </>
  )
}

function Outcome({ results }: { readonly results: readonly ExplainedCase[] }) {
  const t = useTexts(texts)
  const passed = results.filter((result) => result.passed).length
  if (results.length === 0) return null
  return passed === results.length ? t.allPassed(passed) : t.somePassed(passed, results.length)
}

function CaseItem(props: {
  readonly control: Control
  readonly one: ControlCase
  readonly result: ExplainedCase | undefined
}) {
  const t = useTexts(texts)
  const { control, one, result } = props
  const [open, setOpen] = useState(false)
  const expect = 'expect' in one ? one.expect : 'as wanted'
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {result === undefined ? (
          <StatusBadge tone="neutral">{t.notRun}</StatusBadge>
        ) : (
          <StatusBadge tone={result.passed ? 'good' : 'bad'}>
            {result.passed ? t.passed : t.failed}
          </StatusBadge>
        )}
        <span>{one.name}</span>
        <span className="text-solid-gray-700">
          {t.expected}: {wordOf(t.verdictOf, expect)}
        </span>
      </div>
      {result === undefined ? null : <CaseWhy result={result} />}
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="cursor-pointer text-blue-900 underline">
          {t.try}
          <span className="sr-only">: {one.name}</span>
        </summary>
        {open ? <CaseTry control={control} one={one} /> : null}
      </details>
    </li>
  )
}
