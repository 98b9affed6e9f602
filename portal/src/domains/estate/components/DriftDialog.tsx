import { ENVIRONMENTS, type Environment } from '@rankan/server/domain/applications/kinds.ts'
import { DRIFT_ACTION_TEXT, DRIFT_KIND_TEXT } from '@rankan/server/domain/drift/kinds.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { searchOrganisations } from '../../../api/organisations.ts'
import { ComboBox } from '../../../components/ComboBox.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import type { Option } from '../../../components/options.tsx'
import { Select } from '../../../components/Select.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useLanguage, usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { applyDrift } from '../api.ts'
import type { DriftChoice } from '../drift-choice.ts'
import { texts } from '../i18n/texts.ts'

export function DriftDialog({
  choice,
  onClose,
}: {
  readonly choice: DriftChoice
  readonly onClose: () => void
}) {
  const { drift, action } = choice
  const t = useTexts(texts)
  const pick = usePick()
  const { language } = useLanguage()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [organisation, setOrganisation] = useState<Option | null>(null)
  const [environment, setEnvironment] = useState<Environment | null>(null)
  const [asked, setAsked] = useState(false)
  const isAdoption = action === 'adopt'
  const apply = useMutation({
    mutationFn: () =>
      applyDrift(drift.id, {
        action,
        reason: reason.trim(),
        ...(organisation === null ? {} : { organisationId: organisation.value }),
        ...(environment === null ? {} : { environment }),
      }),
    onSuccess: async () => {
      toast(t.applied)
      onClose()
      await client.invalidateQueries({ queryKey: ['drift'] })
    },
  })
  const complete = reason.trim() !== '' && (!isAdoption || (organisation !== null && environment !== null))
  return (
    <Confirm
      title={pick(DRIFT_ACTION_TEXT[action])}
      isOpen
      onClose={onClose}
      action={t.apply}
      pending={apply.isPending}
      onConfirm={() => {
        setAsked(true)
        if (complete) apply.mutate()
      }}
    >
      {apply.error === null ? null : <ErrorView error={apply.error} />}
      <p>
        {pick(DRIFT_KIND_TEXT[drift.kind])}: {drift.accountName} ({drift.accountId})
      </p>
      {isAdoption ? (
        <>
          <ComboBox
            label={t.adoptOrganisation}
            value={organisation}
            onChange={setOrganisation}
            searchKey={['organisations', 'search', language]}
            search={(text, signal) => searchOrganisations(text, language, signal)}
            required
            error={asked && organisation === null ? t.chooseOrganisation : null}
          />
          <Select
            label={t.environment}
            value={environment}
            onChange={setEnvironment}
            options={ENVIRONMENTS.map((value) => ({ value, label: t.environmentOf[value] }))}
            required
            error={asked && environment === null ? t.chooseEnvironment : null}
          />
        </>
      ) : null}
      <Field
        label={t.reason}
        value={reason}
        onChange={setReason}
        required
        error={asked && reason.trim() === '' ? t.reasonNeeded : null}
      />
    </Confirm>
  )
}
