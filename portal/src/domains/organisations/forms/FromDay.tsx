import { Field } from '../../../components/Field.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from './i18n/texts.ts'
import type { useForm } from './use-form.ts'

/** The day from which on what a form writes is valid. */
export function FromDay(props: {
  readonly form: Pick<ReturnType<typeof useForm>, 'errorAt'>
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const t = useTexts(texts)
  return (
    <Field
      label={t.from}
      type="date"
      value={props.value}
      onChange={props.onChange}
      error={props.form.errorAt('from')}
      required
    />
  )
}
