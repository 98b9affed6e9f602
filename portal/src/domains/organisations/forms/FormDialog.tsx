import type { ReactNode } from 'react'
import { Confirm } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from './i18n/texts.ts'
import type { useForm } from './use-form.ts'

/** The window of a form: what no field can show stands below its fields. */
export function FormDialog(props: {
  readonly title: string
  readonly form: Pick<ReturnType<typeof useForm>, 'rest' | 'pending' | 'submit'>
  readonly onClose: () => void
  readonly children: ReactNode
  readonly action?: string
  readonly danger?: boolean
  readonly wide?: boolean
}) {
  const t = useTexts(texts)
  const { form } = props
  return (
    <Confirm
      title={props.title}
      isOpen
      onClose={props.onClose}
      action={props.action ?? t.save}
      pending={form.pending}
      danger={props.danger ?? false}
      wide={props.wide ?? false}
      onConfirm={form.submit}
    >
      {props.children}
      {form.rest === null ? null : <ErrorView error={form.rest} />}
    </Confirm>
  )
}
