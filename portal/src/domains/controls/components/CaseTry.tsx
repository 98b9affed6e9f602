import { inputOf } from '@rankan/server/src/catalog/case-input.ts'
import type { Control, ControlCase } from '@rankan/server/src/catalog/record.ts'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { CodeArea } from '../../policies/components/CodeArea.tsx'
import { texts } from '../i18n/texts.ts'
import { tryInput } from '../run.ts'
import { CaseWhy } from './CaseWhy.tsx'

const NO_MARKS = new Map<number, never>()

/** The input of a case, to be changed and judged. */
export function CaseTry({ control, one }: { readonly control: Control; readonly one: ControlCase }) {
  const t = useTexts(texts)
  const given = JSON.stringify(inputOf(one), null, 2)
  const [text, setText] = useState(given)
  const judge = useMutation({ mutationFn: () => tryInput(control, one, text) })
  const tried = judge.data
  const problem = tried !== undefined && 'problem' in tried ? tried.problem : null
  const change = (next: string) => {
    setText(next)
    judge.reset()
  }
  return (
    <div className="mt-3 flex flex-col gap-3">
      <CodeArea
        label={`${t.caseInput}: ${one.name}`}
        hint={t.caseInputHint}
        value={text}
        onChange={change}
        marks={NO_MARKS}
        error={
          problem === null
            ? null
            : problem.where === ''
              ? t.badJson(problem.message)
              : t.badInput(`${problem.where} — `, problem.message)
        }
      />
      <div className="flex flex-wrap gap-3">
        <Button small onPress={() => judge.mutate()} isPending={judge.isPending}>
          {t.judge}
        </Button>
        <Button small look="secondary" onPress={() => change(given)}>
          {t.restore}
        </Button>
      </div>
      <div role="status">
        {tried !== undefined && 'result' in tried ? <CaseWhy result={tried.result} /> : null}
      </div>
      {judge.error === null ? null : <ErrorView error={judge.error} />}
    </div>
  )
}
