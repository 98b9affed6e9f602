import type { ApplyDetail, StepView } from '@rankan/server/domain/controls/applies.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../../../app/session.tsx'
import { Button } from '../../../../components/Button.tsx'
import { Confirm } from '../../../../components/Dialog.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Notice } from '../../../../components/Notice.tsx'
import { Page, Section } from '../../../../components/Page.tsx'
import { ProgressTimeline } from '../../../../components/ProgressTimeline.tsx'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { DateText, Facts } from '../../../../components/Values.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { Ticks } from '../../../policies/components/Ticks.tsx'
import { applyQuery, giveUpApply, retryApply } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { APPLY_TONES, isApplyOver, isReason, STEP_LOOKS } from '../states.ts'

/** Events tell of each step; this is for a line that broke. */
const REFRESH_MS = 5_000

export function Apply() {
  const t = useTexts(texts)
  const { applyId } = useParams({ from: '/shell/control-applies/$applyId' })
  const query = useQuery({
    ...applyQuery(applyId),
    refetchInterval: ({ state: { data } }) =>
      data === undefined || isApplyOver(data.state) ? false : REFRESH_MS,
  })
  const { data } = query
  return (
    <Page title={data === undefined ? t.applies : t.applyPage(data.set, data.targetName)}>
      <Loaded query={query}>{(apply) => <ApplyView apply={apply} />}</Loaded>
    </Page>
  )
}

function ApplyView({ apply }: { readonly apply: ApplyDetail }) {
  const t = useTexts(texts)
  return (
    <>
      <p role="status" className="flex flex-wrap items-center gap-3">
        <StatusBadge tone={APPLY_TONES[apply.state]}>{t.applyStateOf[apply.state]}</StatusBadge>
        {t.doneOf(apply.stepsDone, apply.steps)}
      </p>
      {apply.state === 'refused' ? (
        <Notice kind="warning" title={t.refusedTitle}>
          <p>{apply.error?.message}</p>
          <p>{t.refusedText}</p>
        </Notice>
      ) : null}
      {apply.state === 'needs_repair' ? <Repair apply={apply} /> : null}
      <Facts
        items={[
          { name: t.target, value: `${apply.targetName} (${apply.target})` },
          {
            name: t.set,
            value: `${apply.set} ${t.versionOf(apply.version)} — ${t.actionOf[apply.action]}`,
          },
          { name: t.reason, value: apply.reason ?? '—' },
          { name: t.by, value: apply.createdBy },
          { name: t.at, value: <DateText at={apply.createdAt} /> },
          {
            name: t.plans,
            value: (
              <Link to="/control-plans/$planId" params={{ planId: apply.planId }}>
                {t.openPlan}
              </Link>
            ),
          },
        ]}
      />
      <Section title={t.progress}>
        <Progress steps={apply.stepList} />
      </Section>
    </>
  )
}

function Progress({ steps }: { readonly steps: readonly StepView[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <ProgressTimeline
      label={t.progress}
      steps={steps.map((step) => ({
        key: String(step.number),
        title: <Ticks text={pick(step.words)} />,
        state: STEP_LOOKS[step.state],
        stateText: t.stepStateOf[step.state],
        meta: (
          <>
            {t.partOf[step.part]}
            {step.attempts > 1 ? ` · ${t.attempts(step.attempts)}` : ''}
            {step.finishedAt === null ? null : (
              <>
                {' · '}
                <DateText at={step.finishedAt} />
              </>
            )}
          </>
        ),
        children: step.error === null ? null : <p className="text-error-2">{step.error.message}</p>,
      }))}
    />
  )
}

/** A step failed: go on, or take back what was done. */
function Repair({ apply }: { readonly apply: ApplyDetail }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const mayApply = useMay('control_plan.apply')
  const [givingUp, setGivingUp] = useState(false)
  const [reason, setReason] = useState('')
  const reload = () => client.invalidateQueries({ queryKey: ['control_applies'] })
  const retry = useMutation({ mutationFn: () => retryApply(apply.id), onSuccess: reload })
  const giveUp = useMutation({
    mutationFn: () => giveUpApply(apply.id, reason.trim()),
    onSuccess: async () => {
      setGivingUp(false)
      await reload()
    },
  })
  return (
    <Notice kind="error" title={t.repairTitle}>
      <p>{apply.error?.message}</p>
      <p>{t.repairText}</p>
      {mayApply ? (
        <div className="mt-3 flex flex-wrap gap-3">
          <Button small onPress={() => retry.mutate()} isPending={retry.isPending}>
            {t.retry}
          </Button>
          <Button small look="danger" onPress={() => setGivingUp(true)}>
            {t.giveUp}
          </Button>
        </div>
      ) : null}
      {retry.error === null ? null : <ErrorView error={retry.error} />}
      <Confirm
        title={t.giveUpTitle}
        isOpen={givingUp}
        onClose={() => setGivingUp(false)}
        action={t.giveUp}
        onConfirm={() => giveUp.mutate()}
        pending={giveUp.isPending}
        disabled={!isReason(reason)}
        danger
      >
        <p>{t.giveUpText}</p>
        <Field
          label={t.reason}
          name="reason"
          hint={t.reasonHint}
          value={reason}
          onChange={setReason}
          required
          multiline
        />
        {giveUp.error === null ? null : <ErrorView error={giveUp.error} />}
      </Confirm>
    </Notice>
  )
}
