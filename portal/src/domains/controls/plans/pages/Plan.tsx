import type { ControlPlan, PlanDetail, PlanStep } from '@rankan/server/domain/controls/plans.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../../../app/session.tsx'
import { Button, buttonClasses } from '../../../../components/Button.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Notice } from '../../../../components/Notice.tsx'
import { Page, Section } from '../../../../components/Page.tsx'
import { StatusBadge } from '../../../../components/StatusBadge.tsx'
import { DateText, Facts } from '../../../../components/Values.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { Ticks } from '../../../policies/components/Ticks.tsx'
import { planQuery } from '../api.ts'
import { ApplyDialog } from '../components/ApplyDialog.tsx'
import { DriftList } from '../components/DriftList.tsx'
import { MechanismTable } from '../components/MechanismTable.tsx'
import { PackedPolicies } from '../components/PackedPolicies.tsx'
import { QuotaTable } from '../components/QuotaTable.tsx'
import { texts } from '../i18n/texts.ts'
import { isPlanOver, PLAN_TONES } from '../states.ts'

/** Events tell of each change; this is for a line that broke. */
const REFRESH_MS = 5_000

export function Plan() {
  const t = useTexts(texts)
  const { planId } = useParams({ from: '/shell/control-plans/$planId' })
  const query = useQuery({
    ...planQuery(planId),
    refetchInterval: ({ state: { data } }) =>
      data === undefined || isPlanOver(data.state) ? false : REFRESH_MS,
  })
  const { data } = query
  return (
    <Page
      title={data === undefined ? t.plans : t.planTitle(data.set, data.targetName ?? data.target)}
      actions={data?.plan == null ? undefined : <Act detail={data} plan={data.plan} />}
    >
      <Loaded query={query}>{(detail) => <PlanPage detail={detail} />}</Loaded>
    </Page>
  )
}

function Act({ detail, plan }: { readonly detail: PlanDetail; readonly plan: ControlPlan }) {
  const t = useTexts(texts)
  const mayApply = useMay('control_plan.apply')
  const [asking, setAsking] = useState(false)
  if (detail.applyId !== null)
    return (
      <Link
        to="/control-applies/$applyId"
        params={{ applyId: detail.applyId }}
        className={buttonClasses('secondary')}
      >
        {t.openApply}
      </Link>
    )
  if (!mayApply || detail.state !== 'ready' || plan.steps.length === 0) return null
  return (
    <>
      <Button onPress={() => setAsking(true)}>{t.apply}</Button>
      {asking ? <ApplyDialog planId={detail.id} plan={plan} onClose={() => setAsking(false)} /> : null}
    </>
  )
}

function PlanPage({ detail }: { readonly detail: PlanDetail }) {
  const t = useTexts(texts)
  return (
    <>
      <p role="status" className="flex flex-wrap items-center gap-3">
        <StatusBadge tone={PLAN_TONES[detail.state]}>{t.planStateOf[detail.state]}</StatusBadge>
        {isPlanOver(detail.state) ? <DateText at={detail.finishedAt} /> : t.planWaits}
      </p>
      {detail.error === null ? null : (
        <Notice kind="error" title={t.planFailed}>
          <p>{detail.error.message}</p>
          <ul className="list-disc pl-6">
            {detail.error.issues.map((issue) => (
              <li key={`${issue.path.join('.')} ${issue.code}`}>
                {issue.path.length === 0 ? null : <code>{issue.path.join('.')}: </code>}
                {issue.message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {detail.plan === null ? null : <PlanBody detail={detail} plan={detail.plan} />}
    </>
  )
}

function PlanBody({ detail, plan }: { readonly detail: PlanDetail; readonly plan: ControlPlan }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <>
      <Facts
        items={[
          { name: t.target, value: `${plan.target.name} (${plan.target.id})` },
          {
            name: t.set,
            value: `${detail.set} ${t.versionOf(detail.version)} — ${t.actionOf[detail.action]}`,
          },
          { name: t.landingZone, value: plan.landingZone ? t.yes : t.no },
          { name: t.by, value: detail.createdBy },
        ]}
      />
      {plan.notes.length === 0 ? null : (
        <Notice kind="info" title={t.notes}>
          <ul className="list-disc pl-6">
            {plan.notes.map((note) => (
              <li key={note.en}>
                <Ticks text={pick(note)} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {plan.drift.length === 0 ? null : <DriftList drift={plan.drift} />}
      <Section title={`${t.steps} (${plan.steps.length})`}>
        {plan.steps.length === 0 ? <EmptyState title={t.noSteps} /> : <Steps steps={plan.steps} />}
      </Section>
      <Section title={t.quotas}>
        <QuotaTable quotas={plan.quotas} />
      </Section>
      <Section title={t.policies}>
        <PackedPolicies plan={plan} />
      </Section>
      <Section title={t.mechanisms}>
        <MechanismTable mechanisms={plan.mechanisms} />
      </Section>
    </>
  )
}

function Steps({ steps }: { readonly steps: readonly PlanStep[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <ol className="list-decimal pl-8">
      {steps.map((step) => (
        <li key={step.number} className="mb-2">
          <Ticks text={pick(step.words)} />
          <span className="block text-solid-gray-700">
            {t.partOf[step.part]} · {step.undo === null ? t.notUndoable : t.undoable}
          </span>
        </li>
      ))}
    </ol>
  )
}
