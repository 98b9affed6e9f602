import type { QuotaRow } from '@rankan/server/domain/quotas/view.ts'
import { dayInJapan } from '@rankan/server/kernel/days.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { changeQuota } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { limitOf } from '../quota-limit.ts'

export function QuotaForm(props: {
  readonly awsOrganizationId: string
  readonly row: QuotaRow
  readonly onDone: () => void
}) {
  const { row, onDone } = props
  const t = useTexts(texts)
  const client = useQueryClient()
  const [limit, setLimit] = useState(String(row.limit))
  const [from, setFrom] = useState(dayInJapan(new Date()))
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const save = useMutation({
    mutationFn: (value: number | null) =>
      changeQuota(props.awsOrganizationId, row.quota, {
        limit: value,
        effectiveFrom: from,
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      toast(t.quotaSaved)
      onDone()
      await Promise.all(
        ['aws-organizations', 'queue'].map((topic) => client.invalidateQueries({ queryKey: [topic] })),
      )
    },
  })
  const wanted = limitOf(limit, row.highest)
  const explained = reason.trim() !== '' && from !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (wanted !== null && explained) save.mutate(wanted)
  }
  const reset = () => {
    setAsked(true)
    if (explained) save.mutate(null)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {save.error === null ? null : <ErrorView error={save.error} />}
      <Field
        label={t.quotaLimit}
        hint={t.quotaHint(row.highest, row.adjustable)}
        type="number"
        value={limit}
        onChange={setLimit}
        required
        error={asked && wanted === null ? t.quotaLimitNeeded(row.highest) : null}
      />
      <Field
        label={t.quotaFrom}
        type="date"
        value={from}
        onChange={setFrom}
        required
        error={asked && from === '' ? t.quotaFromNeeded : null}
      />
      <Field
        label={t.reason}
        value={reason}
        onChange={setReason}
        required
        maxLength={500}
        error={asked && reason.trim() === '' ? t.reasonNeeded : null}
      />
      <p className="text-solid-gray-700">{t.quotaSource(row.source, row.asOf)}</p>
      <div className="flex flex-wrap justify-end gap-3">
        <Button look="quiet" onPress={onDone}>
          {t.quotaBack}
        </Button>
        {row.override === null && row.upcoming.length === 0 ? null : (
          <Button look="secondary" onPress={reset} isPending={save.isPending}>
            {t.quotaReset}
          </Button>
        )}
        <Button type="submit" isPending={save.isPending}>
          {t.quotaSave}
        </Button>
      </div>
    </form>
  )
}
