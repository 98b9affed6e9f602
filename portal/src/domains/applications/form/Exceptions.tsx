import type { VerdictView } from '@rankan/server/domain/applications/view.ts'
import { Checkbox } from '../../../components/Choice.tsx'
import { Field } from '../../../components/Field.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import type { FormState } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { type Path, valueAt } from './path.ts'

interface Asked {
  readonly rule: string
  readonly reason: string
  readonly expiresOn: string
}

/** For each rule that fails and may be excepted: ask for it, with a reason and an end. The centre decides. */
export function Exceptions(props: {
  readonly form: FormState
  readonly verdicts: readonly VerdictView[]
  readonly onChange: (path: Path, value: unknown) => void
}) {
  const { form, verdicts, onChange } = props
  const t = useTexts(texts)
  const pick = usePick()
  const value = valueAt(form, ['exceptions'])
  const asked: readonly Asked[] = Array.isArray(value) ? value : []
  const rules = verdicts.filter((v) => v.outcome === 'fail' && v.mayBeExcepted)
  const put = (next: readonly Asked[]) => onChange(['exceptions'], next)
  const change = (rule: string, part: Partial<Asked>) =>
    put(asked.map((a) => (a.rule === rule ? { ...a, ...part } : a)))
  return (
    <>
      {rules.map((verdict) => {
        const mine = asked.find((a) => a.rule === verdict.rule)
        return (
          <div key={verdict.rule} className="flex flex-col gap-2 rounded-12 border border-solid-gray-420 p-4">
            <p className="font-700">{pick(verdict.title)}</p>
            <p>{pick(verdict.message)}</p>
            <Checkbox
              checked={mine !== undefined}
              onChange={(on) =>
                put(
                  on
                    ? [...asked, { rule: verdict.rule, reason: '', expiresOn: '' }]
                    : asked.filter((a) => a.rule !== verdict.rule),
                )
              }
            >
              {t.askException}
            </Checkbox>
            {mine === undefined ? null : (
              <>
                <Field
                  label={t.exceptionReason}
                  value={mine.reason}
                  onChange={(reason) => change(verdict.rule, { reason })}
                  multiline
                  required
                />
                <Field
                  label={t.exceptionUntil}
                  type="date"
                  value={mine.expiresOn}
                  onChange={(expiresOn) => change(verdict.rule, { expiresOn })}
                  required
                />
              </>
            )}
          </div>
        )
      })}
    </>
  )
}
