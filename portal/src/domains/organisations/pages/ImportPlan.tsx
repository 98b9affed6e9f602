import type { Decision } from '@rankan/server/domain/organisations/import/plan.ts'
import type { ImportView } from '@rankan/server/domain/organisations/view.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '../../../api/problem.ts'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Card, Page, Section } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { toast } from '../../../components/Toast.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { applyPlan, decide, discardPlan, importQuery } from '../api.ts'
import { PlanItems } from '../components/PlanItems.tsx'
import { texts } from '../i18n/texts.ts'

const STATE_TONES = { planned: 'waiting', applied: 'good', discarded: 'neutral' } as const

export function ImportPlan() {
  const t = useTexts(texts)
  const { importId } = useParams({ from: '/shell/organisations/imports/$importId' })
  const query = useQuery(importQuery(importId))
  return (
    <Page
      title={t.planTitle}
      {...(query.data === undefined ? {} : { lead: t.planOf(query.data.fileName, query.data.asOf) })}
    >
      <Loaded query={query}>{(plan) => <Plan plan={plan} />}</Loaded>
    </Page>
  )
}

function Plan({ plan }: { readonly plan: ImportView }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const mayImport = useMay('organisation.import') && plan.state === 'planned'
  const keep = (made: ImportView) => client.setQueryData(importQuery(plan.id).queryKey, made)
  const choose = useMutation({
    mutationFn: (decisions: Readonly<Record<string, Decision>>) => decide(plan.id, decisions),
    onSuccess: keep,
  })
  const proposals = plan.items.filter((item) => item.state === 'proposed')
  const acceptAll = () =>
    choose.mutate(Object.fromEntries(proposals.map((item) => [item.key, { verdict: 'accept' as const }])))
  const missing = plan.items.filter((item) => item.change === 'gone' && item.state === 'needs_confirmation')
  const keepMissing = () =>
    choose.mutate(Object.fromEntries(missing.map((item) => [item.key, { verdict: 'skip' as const }])))
  return (
    <>
      <Card>
        <PlanFacts plan={plan} />
      </Card>
      {mayImport && plan.unconfirmed > 0 ? (
        <Notice kind="warning" title={t.unconfirmed(plan.unconfirmed)}>
          <p>{t.unconfirmedText}</p>
          {missing.length === 0 ? null : (
            <Button look="secondary" small onPress={keepMissing} isPending={choose.isPending}>
              {t.keepMissing(missing.length)}
            </Button>
          )}
        </Notice>
      ) : null}
      {mayImport && proposals.length > 0 ? (
        <Notice kind="info" title={t.proposed(proposals.length)}>
          <p>{t.proposedText}</p>
          <Button look="secondary" small onPress={acceptAll} isPending={choose.isPending}>
            {t.acceptAllProposed}
          </Button>
        </Notice>
      ) : null}
      {choose.error === null ? null : <ErrorView error={choose.error} />}
      {mayImport ? <Actions plan={plan} onDone={keep} onRemake={() => choose.mutate({})} /> : null}
      <PlanItems plan={plan} onDecide={mayImport ? choose.mutate : null} />
      {plan.items.length === 0 ? (
        <EmptyState title={t.emptyPlan}>
          <p>{t.emptyPlanText}</p>
        </EmptyState>
      ) : null}
      <Outdated plan={plan} />
    </>
  )
}

function PlanFacts({ plan }: { readonly plan: ImportView }) {
  const t = useTexts(texts)
  const changes = Object.entries(plan.counts).filter(([, n]) => n > 0) as [keyof typeof t.change, number][]
  return (
    <Facts
      items={[
        {
          name: t.state,
          value: <StatusBadge tone={STATE_TONES[plan.state]}>{t.importState[plan.state]}</StatusBadge>,
        },
        { name: t.encoding, value: plan.encoding },
        { name: t.profile, value: plan.profile },
        { name: t.rows, value: t.rowsInFile(plan.rows) },
        { name: t.unchanged, value: String(plan.unchanged) },
        ...changes.map(([change, n]) => ({ name: t.change[change], value: String(n) })),
        { name: t.by, value: plan.actorName },
        { name: t.at, value: <DateText at={plan.createdAt} /> },
        ...(plan.appliedAt === null ? [] : [{ name: t.appliedAt, value: <DateText at={plan.appliedAt} /> }]),
      ]}
    />
  )
}

function Actions(props: {
  readonly plan: ImportView
  readonly onDone: (made: ImportView) => void
  readonly onRemake: () => void
}) {
  const { plan } = props
  const t = useTexts(texts)
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const apply = useMutation({
    mutationFn: () => applyPlan(plan.id),
    onSettled: () => setAsking(false),
    onSuccess: async (made) => {
      toast(t.applied)
      props.onDone(made)
      await client.invalidateQueries({ queryKey: ['organisations'] })
    },
  })
  const discard = useMutation({ mutationFn: () => discardPlan(plan.id), onSuccess: props.onDone })
  const moved = apply.error instanceof ApiError && apply.error.problem.code === 'register_moved'
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-3">
        <Button onPress={() => setAsking(true)} isDisabled={plan.unconfirmed > 0}>
          {t.apply}
        </Button>
        <Button look="secondary" onPress={() => discard.mutate()} isPending={discard.isPending}>
          {t.discard}
        </Button>
      </div>
      {moved ? (
        <Notice kind="warning" title={t.moved}>
          <Button
            look="secondary"
            small
            onPress={() => {
              apply.reset()
              props.onRemake()
            }}
          >
            {t.remake}
          </Button>
        </Notice>
      ) : apply.error === null ? null : (
        <ErrorView error={apply.error} />
      )}
      {discard.error === null ? null : <ErrorView error={discard.error} />}
      <Confirm
        title={t.apply}
        isOpen={asking}
        onClose={() => setAsking(false)}
        action={t.apply}
        pending={apply.isPending}
        onConfirm={() => apply.mutate()}
      >
        <p>{t.applyAsk}</p>
      </Confirm>
    </div>
  )
}

function Outdated({ plan }: { readonly plan: ImportView }) {
  const t = useTexts(texts)
  if (plan.outdated.length === 0) return null
  return (
    <Section title={t.outdated}>
      <p>{t.outdatedText}</p>
      <ul className="list-disc pl-6">
        {plan.outdated.map((row) => (
          <li key={row.line}>
            {t.outdatedRow(
              row.line,
              `${row.nameJa} (${row.code})`,
              row.nowNameJa === null ? t.gone : `${row.nowNameJa} (${row.nowCode})`,
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
