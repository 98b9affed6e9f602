import type { StepView, WorkView } from '@rankan/server/domain/accounts/work-view.ts'
import type { ApplicationView } from '@rankan/server/domain/applications/view.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Card, Section } from '../../../components/Page.tsx'
import { ProgressTimeline, type TimelineStep } from '../../../components/ProgressTimeline.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { japanTime } from '../../../components/Values.tsx'
import { useLanguage, usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { timelineQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { Repair } from './Repair.tsx'

type Texts = ReturnType<typeof useTexts<typeof texts.ja>>

/** Approvals first, then the steps of each account's workflow, as they happen. */
export function Progress({ application }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  const { language } = useLanguage()
  if (application.state === 'draft') return null
  return (
    <Section title={t.progress}>
      <Card>
        <ProgressTimeline label={t.progress} steps={approvalSteps(application, t, language)} />
      </Card>
      {application.orders.length === 0 ? null : <Works application={application} />}
    </Section>
  )
}

function approvalSteps(a: ApplicationView, t: Texts, language: 'ja' | 'en'): readonly TimelineStep[] {
  const stage = (name: 'organisation' | 'centre'): TimelineStep => {
    const given = a.approvals.find((approval) => approval.stage === name)
    if (given !== undefined) {
      const by = given.automatic === null ? given.by.name : t.automaticBy(given.automatic.policyVersion)
      const instead = given.onBehalfOf === null ? '' : `(${t.standsInFor(given.onBehalfOf.name)})`
      const meta = `${by}${instead} ${japanTime(given.at, language)}`
      return {
        key: name,
        title: t.approvalOf[name],
        state: 'done',
        stateText: t.stepStateOf.done,
        meta,
        children: given.comment === '' ? null : <p>{given.comment}</p>,
      }
    }
    const waits = a.turn?.stage === name
    return {
      key: name,
      title: t.approvalOf[name],
      state: waits ? 'waiting' : 'pending',
      stateText: waits ? t.stepStateOf.waiting : t.stepStateOf.pending,
    }
  }
  const submitted: TimelineStep = {
    key: 'submitted',
    title: t.actionOf.submitted,
    state: a.submittedAt === null ? 'pending' : 'done',
    stateText: a.submittedAt === null ? t.stepStateOf.pending : t.stepStateOf.done,
    meta: a.submittedAt === null ? undefined : `${a.applicant.name} ${japanTime(a.submittedAt, language)}`,
  }
  return [submitted, stage('organisation'), stage('centre')]
}

function Works({ application }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  const { data } = useQuery(timelineQuery(application.id))
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {application.orders.map((order) => {
        const work = data?.works.find((w) => w.workId === order.workId)
        const title =
          order.environment === null ? t.kindOf[application.kind] : t.environmentOf[order.environment]
        return (
          <Card key={order.workId}>
            <div
              className="flex flex-col gap-3"
              data-testid={`work-${order.environment ?? application.kind}`}
            >
              <div className="flex flex-wrap items-center gap-3">
                <h3 className="text-std-17B-170">{title}</h3>
                <OrderBadge state={order.state} />
              </div>
              <p className="break-all">
                {order.accountName}
                {order.accountEmail === null ? null : (
                  <span className="block text-solid-gray-700">{order.accountEmail}</span>
                )}
                {order.accountId === null ? null : (
                  <Link to="/accounts/$accountId" params={{ accountId: order.accountId }}>
                    {order.accountId}
                  </Link>
                )}
              </p>
              {order.state === 'needs_repair' ? (
                <Repair
                  applicationId={application.id}
                  order={order}
                  mayRepair={application.actions.includes('repair')}
                />
              ) : null}
              <WorkSteps work={work} />
            </div>
          </Card>
        )
      })}
    </div>
  )
}

function OrderBadge({ state }: { readonly state: ApplicationView['orders'][number]['state'] }) {
  const t = useTexts(texts)
  const tones = {
    queued: 'waiting',
    running: 'active',
    needs_repair: 'bad',
    finished: 'good',
    abandoned: 'neutral',
  } as const
  return <StatusBadge tone={tones[state]}>{t.orderStateOf[state]}</StatusBadge>
}

function WorkSteps({ work }: { readonly work: WorkView | undefined }) {
  const t = useTexts(texts)
  const pick = usePick()
  const { language } = useLanguage()
  if (work === undefined || work.steps.length === 0) return <p className="text-solid-gray-700">{t.noSteps}</p>
  return (
    <ProgressTimeline
      label={t.steps}
      steps={work.steps.map((step) => ({
        key: step.step,
        title: pick(step.title),
        state: step.state,
        stateText: t.stepStateOf[step.state],
        meta: metaOf(step, t, language),
        children: step.error === null || step.state === 'done' ? null : <p>{step.error.message}</p>,
      }))}
    />
  )
}

function metaOf(step: StepView, t: Texts, language: 'ja' | 'en'): string {
  const at = japanTime(step.finishedAt ?? step.startedAt, language)
  return step.attempts > 1 ? `${at}・${t.attempts(step.attempts)}` : at
}
