import { renewalForm } from '@rankan/server/domain/applications/renewal.ts'
import type { AttentionItem } from '@rankan/server/domain/organisations/view.ts'
import { useState } from 'react'
import { Field } from '../../../components/Field.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { renewException } from '../api.ts'
import { FormDialog } from './FormDialog.tsx'
import { texts } from './i18n/texts.ts'
import { useForm } from './use-form.ts'

/** The key of an item names the rule last. */
const ruleOf = (item: AttentionItem): string => item.key.split('|').at(-1) ?? ''

/** An exception goes on until another day, for a reason that stands in the ledger. */
export function RenewException({
  item,
  onClose,
}: {
  readonly item: AttentionItem
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const [reason, setReason] = useState('')
  const [expiresOn, setExpiresOn] = useState('')
  const form = useForm({
    schema: renewalForm,
    draft: { reason, expiresOn },
    send: (value) => renewException(item.subject, ruleOf(item), value),
    onDone: onClose,
  })
  return (
    <FormDialog title={t.renewException} form={form} onClose={onClose}>
      <p>{pick(item.words)}</p>
      <Field
        label={t.expiresOn}
        type="date"
        value={expiresOn}
        onChange={setExpiresOn}
        error={form.errorAt('expiresOn')}
        required
      />
      <Field
        label={t.reason}
        value={reason}
        onChange={setReason}
        maxLength={1000}
        multiline
        error={form.errorAt('reason')}
        required
      />
    </FormDialog>
  )
}
