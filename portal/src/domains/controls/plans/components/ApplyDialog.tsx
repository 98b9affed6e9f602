import type { ControlPlan } from '@rankan/server/domain/controls/plans.ts'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Confirm } from '../../../../components/Dialog.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Notice } from '../../../../components/Notice.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { applyPlan } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { isReason } from '../states.ts'

/** Asks before the plan is applied; a preventive control needs a reason. */
export function ApplyDialog(props: {
  readonly planId: string
  readonly plan: ControlPlan
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const { planId, plan, onClose } = props
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const needed = plan.preventive && !isReason(reason)
  const apply = useMutation({
    mutationFn: () => applyPlan(planId, isReason(reason) ? { reason: reason.trim() } : {}),
    onSuccess: ({ id }) => navigate({ to: '/control-applies/$applyId', params: { applyId: id } }),
  })
  const confirm = () => {
    setAsked(true)
    if (!needed) apply.mutate()
  }
  return (
    <Confirm
      title={t.applyTitle}
      isOpen
      onClose={onClose}
      action={t.apply}
      onConfirm={confirm}
      pending={apply.isPending}
      danger={plan.preventive}
      wide
    >
      <p>{t.applyText(plan.steps.length, plan.target.name)}</p>
      {plan.preventive ? (
        <Notice kind="warning" title={t.preventiveTitle}>
          <p>{t.preventiveText}</p>
          <p>
            <Link to="/replays/new">{t.toReplay}</Link>
          </p>
        </Notice>
      ) : null}
      <Field
        label={t.reason}
        name="reason"
        hint={t.reasonHint}
        value={reason}
        onChange={setReason}
        required={plan.preventive}
        error={asked && needed ? t.reasonNeeded : null}
        maxLength={1000}
        multiline
      />
      {apply.error === null ? null : <ErrorView error={apply.error} />}
    </Confirm>
  )
}
