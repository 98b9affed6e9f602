import { failureText } from '@rankan/server/domain/accounts/failure-texts.ts'
import { stepTitle } from '@rankan/server/domain/accounts/steps.ts'
import type { RepairRequest } from '@rankan/server/domain/accounts/work-view.ts'
import type { ApplicationView } from '@rankan/server/domain/applications/view.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Select } from '../../../components/Select.tsx'
import { toast } from '../../../components/Toast.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { repairWork, timelineQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'

/** Fields that can be put right as text here; contacts are changed by an application of their own. */
const CORRECTABLE = ['account.email', 'account.name', 'budget.notify', 'owner.email'] as const
type Correctable = (typeof CORRECTABLE)[number]

type Order = ApplicationView['orders'][number]

/** Why it stopped, and for the centre what can be done: try again, correct a field and go on, give up. */
export function Repair(props: {
  readonly applicationId: string
  readonly order: Order
  readonly mayRepair: boolean
  readonly onDone?: () => void
}) {
  const { order, mayRepair, onDone } = props
  const t = useTexts(texts)
  const pick = usePick()
  const { failure } = order
  if (failure === null) return null
  return (
    <Notice kind="warning" title={`${t.repairStep}: ${pick(stepTitle(failure.step))}`}>
      <p>{pick(failureText(failure.code))}</p>
      <p className="mt-1 break-words text-solid-gray-700">
        {t.rawFailure}: <span lang="en">{failure.message}</span>{' '}
        <code className="font-mono">{failure.code}</code>
      </p>
      {mayRepair ? (
        <RepairForm
          order={order}
          applicationId={props.applicationId}
          correctable={failure.correctable}
          onDone={onDone}
        />
      ) : null}
    </Notice>
  )
}

function RepairForm({
  order,
  applicationId,
  correctable,
  onDone,
}: {
  readonly order: Order
  readonly applicationId: string
  readonly correctable: readonly string[]
  readonly onDone: (() => void) | undefined
}) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const fields = CORRECTABLE.filter((field) => correctable.includes(field))
  const [field, setField] = useState<Correctable | null>(fields[0] ?? null)
  const [value, setValue] = useState('')
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const [wanted, setWanted] = useState(false)
  const [from, setFrom] = useState<string | null>(null)
  const pick = usePick()
  // What was done before may be done again, e.g. after somebody changed it in AWS by hand.
  const timeline = useQuery(timelineQuery(applicationId))
  const steps = timeline.data?.works.find((work) => work.workId === order.workId)?.steps ?? []
  const send = useMutation({
    mutationFn: (body: RepairRequest) => repairWork(order.workId, body),
    onSuccess: async () => {
      toast(t.repairSent)
      onDone?.()
      await client.invalidateQueries({ queryKey: ['applications'] })
      await client.invalidateQueries({ queryKey: ['queue'] })
    },
  })
  const withReason = (body: (reason: string) => RepairRequest) => {
    setAsked(true)
    if (reason.trim() !== '') send.mutate(body(reason.trim()))
  }
  const correct = () => {
    setWanted(true)
    setAsked(true)
    if (field === null || value.trim() === '') return
    const right = field === 'budget.notify' ? value.split(/\s+/).filter(Boolean) : value.trim()
    withReason((why) => ({ action: 'correct', field, value: right, reason: why }))
  }
  return (
    <div className="mt-3 flex flex-col gap-3">
      {send.error === null ? null : <ErrorView error={send.error} />}
      <div>
        <div className="flex flex-wrap items-end gap-3">
          {/* There from the start: what comes later would move the buttons from under the pointer. */}
          <Select
            label={t.retryFrom}
            value={from}
            onChange={setFrom}
            options={steps.map((step) => ({ value: step.step, label: pick(step.title) }))}
            className="w-72"
            disabled={steps.length === 0}
          />
          <Button
            small
            onPress={() =>
              send.mutate(from === null ? { action: 'retry' } : { action: 'retry', fromStep: from })
            }
            isPending={send.isPending}
          >
            {t.retry}
          </Button>
        </div>
      </div>
      <Field
        label={t.reason}
        value={reason}
        onChange={setReason}
        error={asked && reason.trim() === '' ? t.reasonNeeded : null}
      />
      {fields.length === 0 ? null : (
        <div className="flex flex-wrap items-start gap-3">
          <Select
            label={t.correctField}
            value={field}
            onChange={setField}
            options={fields.map((f) => ({ value: f, label: t.fieldOf[f] }))}
            className="w-60"
          />
          <Field
            label={t.newValue}
            value={value}
            onChange={setValue}
            multiline={field === 'budget.notify'}
            error={wanted && value.trim() === '' ? t.valueNeeded : null}
            {...(field === 'budget.notify' ? { hint: t.correctHint } : {})}
            className="w-72"
          />
          <Button small look="secondary" onPress={correct} isPending={send.isPending}>
            {t.correct}
          </Button>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          small
          look="danger"
          isPending={send.isPending}
          onPress={() => withReason((why) => ({ action: 'give_up', reason: why }))}
        >
          {t.giveUp}
        </Button>
        <span>{t.giveUpText}</span>
      </div>
    </div>
  )
}
