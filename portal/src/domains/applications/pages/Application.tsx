import type { ApplicationView } from '@rankan/server/domain/applications/view.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, buttonClasses } from '../../../components/Button.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Card, Page, Section } from '../../../components/Page.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { toast } from '../../../components/Toast.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { applicationQuery, type Decision, withdraw } from '../api.ts'
import { DecisionDialog } from '../components/DecisionDialog.tsx'
import { FormSummary } from '../components/FormSummary.tsx'
import { Progress } from '../components/Progress.tsx'
import { Thread } from '../components/Thread.tsx'
import { Turn } from '../components/Turn.tsx'
import { Verdicts } from '../components/Verdicts.tsx'
import { texts } from '../i18n/texts.ts'
import { STATE_TONES } from '../tones.ts'

export function Application() {
  const t = useTexts(texts)
  const pick = usePick()
  const { applicationId } = useParams({ from: '/shell/applications/$applicationId' })
  const query = useQuery(applicationQuery(applicationId))
  const title = (query.data && (pick(query.data.systemName) || query.data.accountId)) || t.listTitle
  return (
    <Page title={title} lead={query.data === undefined ? applicationId : pick(query.data.organisationName)}>
      <Loaded query={query} lines={8}>
        {(application) => <Content application={application} />}
      </Loaded>
    </Page>
  )
}

function Content({ application }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <span data-testid="state">
          <StatusBadge tone={STATE_TONES[application.state]}>{t.stateOf[application.state]}</StatusBadge>
        </span>
        <span>{t.kindOf[application.kind]}</span>
        <code className="font-mono text-solid-gray-700 break-all">{application.id}</code>
      </div>
      <Answer application={application} />
      <Actions application={application} />
      {application.turn === null ? null : (
        <Card>
          <Turn application={application} />
        </Card>
      )}
      <Progress application={application} />
      {application.verdicts.length === 0 ? null : (
        <Section title={t.verdicts}>
          <Card>
            <Verdicts verdicts={application.verdicts} />
          </Card>
        </Section>
      )}
      <Exceptions application={application} />
      <Section title={t.formContent}>
        <Card>
          <FormSummary form={application.form} />
        </Card>
      </Section>
      <Thread application={application} />
      <History application={application} />
    </>
  )
}

function Answer({ application: { state, answer } }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  if (answer === null || (state !== 'returned' && state !== 'rejected')) return null
  const title = state === 'returned' ? t.returnedTitle(answer.by.name) : t.rejectedTitle(answer.by.name)
  return (
    <Notice kind={state === 'returned' ? 'warning' : 'info'} title={title}>
      <p className="whitespace-pre-wrap">{answer.comment}</p>
    </Notice>
  )
}

function Actions({ application }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [decision, setDecision] = useState<Decision | null>(null)
  const [asking, setAsking] = useState(false)
  const { actions } = application
  const takeBack = useMutation({
    mutationFn: () => withdraw(application.id, application.version),
    onSuccess: async () => {
      toast(t.withdrawn)
      setAsking(false)
      await client.invalidateQueries({ queryKey: ['applications'] })
    },
  })
  const shown = actions.filter((a) => a !== 'comment' && a !== 'repair' && a !== 'submit')
  if (shown.length === 0) return null
  return (
    <div className="flex flex-wrap gap-3">
      {actions.includes('approve') ? (
        <Button onPress={() => setDecision('approve')}>{t.approve}</Button>
      ) : null}
      {actions.includes('return') ? (
        <Button look="secondary" onPress={() => setDecision('return')}>
          {t.returnBack}
        </Button>
      ) : null}
      {actions.includes('reject') ? (
        <Button look="danger" onPress={() => setDecision('reject')}>
          {t.reject}
        </Button>
      ) : null}
      {actions.includes('edit') ? (
        <Link
          to="/applications/$applicationId/edit"
          params={{ applicationId: application.id }}
          className={buttonClasses()}
        >
          {t.edit}
        </Link>
      ) : null}
      {actions.includes('withdraw') ? (
        <Button look="secondary" onPress={() => setAsking(true)}>
          {t.withdraw}
        </Button>
      ) : null}
      {decision === null ? null : (
        <DecisionDialog application={application} decision={decision} onClose={() => setDecision(null)} />
      )}
      <Confirm
        title={t.withdrawTitle}
        isOpen={asking}
        onClose={() => setAsking(false)}
        action={t.withdraw}
        danger
        pending={takeBack.isPending}
        onConfirm={() => takeBack.mutate()}
      >
        {takeBack.error === null ? null : <ErrorView error={takeBack.error} />}
        <p>{t.withdrawText}</p>
      </Confirm>
    </div>
  )
}

function Exceptions({ application }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  if (application.exceptions.length === 0) return null
  return (
    <Section title={t.exceptions}>
      <Card>
        <Facts
          items={application.exceptions.map((e) => ({
            name: e.rule,
            value: `${e.reason}(${t.until} ${e.expiresOn}、${e.approver.name})`,
          }))}
        />
      </Card>
    </Section>
  )
}

function History({ application }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  const actions: Readonly<Record<string, string>> = t.actionOf
  return (
    <Section title={t.history}>
      <ol className="flex flex-col gap-2">
        {application.history.map((event) => (
          <li key={event.id} className="flex flex-wrap gap-x-3">
            <DateText at={event.at} />
            <strong>{actions[event.action] ?? event.action}</strong>
            <span>
              {event.actor.name}
              {event.onBehalfOf === null ? '' : `(${t.standsInFor(event.onBehalfOf.name)})`}
            </span>
            {event.comment === '' ? null : <span className="text-solid-gray-700">{event.comment}</span>}
          </li>
        ))}
      </ol>
    </Section>
  )
}
