import { leaveForm } from '@rankan/server/domain/organisations/forms.ts'
import { useState } from 'react'
import { Field } from '../../../components/Field.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { todayInJapan } from '../today.ts'
import { FormDialog } from './FormDialog.tsx'
import { texts } from './i18n/texts.ts'
import { useForm } from './use-form.ts'

/** Asks before something ends, and on which day; says what ends with it. */
export function EndDialog(props: {
  readonly title: string
  readonly text: string
  readonly send: (day: string) => Promise<unknown>
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const [day, setDay] = useState(todayInJapan())
  const form = useForm({
    schema: leaveForm,
    draft: { day },
    send: (value) => props.send(value.day),
    onDone: props.onClose,
    placeOf: { system_in_use: 'day' },
  })
  return (
    <FormDialog title={props.title} action={props.title} danger form={form} onClose={props.onClose}>
      <p>{props.text}</p>
      <Field
        label={t.endDay}
        type="date"
        value={day}
        onChange={setDay}
        error={form.errorAt('day')}
        required
      />
    </FormDialog>
  )
}
