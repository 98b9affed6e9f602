import type { ReplaySources } from '@rankan/server/domain/policies/replays.ts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { useMay } from '../../../../app/session.tsx'
import { Button } from '../../../../components/Button.tsx'
import { Radios } from '../../../../components/Choice.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { Page, Section } from '../../../../components/Page.tsx'
import { Select } from '../../../../components/Select.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { replayQuery, sourcesQuery, startReplay } from '../../api.ts'
import { hasDraft, loadDraft } from '../../draft.ts'
import { PolicyDrafts } from '../components/PolicyDrafts.tsx'
import { texts } from '../i18n/texts.ts'
import { COMPARISONS, faultsOf, formOf, requestOf, type StartForm } from '../start.ts'

export function NewReplay() {
  const t = useTexts(texts)
  const mayStart = useMay('replay.start')
  return (
    <Page title={t.newTitle} lead={t.newLead}>
      {mayStart ? <NewForm /> : <EmptyState title={t.notYours} />}
    </Page>
  )
}

function NewForm() {
  const { from } = useSearch({ from: '/shell/replays/new' })
  const query = useQuery(sourcesQuery())
  const before = useQuery({ ...replayQuery(from ?? ''), enabled: from !== undefined })
  return (
    <Loaded query={query}>
      {({ items }) =>
        from === undefined ? (
          <FromDraft sources={items} />
        ) : (
          <Loaded query={before}>
            {(replay) => <StartReplay key={replay.id} sources={items} first={formOf(replay)} />}
          </Loaded>
        )
      }
    </Loaded>
  )
}

type Source = ReplaySources['items'][number]

/** The draft of the editor stands in the form already: that is where people come from. */
function FromDraft({ sources }: { readonly sources: readonly Source[] }) {
  const t = useTexts(texts)
  const draft = hasDraft() ? loadDraft() : null
  const kind = draft?.kind === 'scp' || draft?.kind === 'rcp' ? draft.kind : null
  const source = sources.find(({ trail }) => trail !== null) ?? sources[0]
  const hasPolicy = draft !== null && kind !== null
  const first: StartForm = {
    awsOrganizationId: source?.awsOrganizationId ?? null,
    title: hasPolicy ? t.titleDefault(draft.name) : '',
    policies: hasPolicy ? [{ key: 'draft', name: draft.name, kind, document: draft.text, targets: [] }] : [],
    withInForce: false,
    compare: 'nothing',
    against: [],
    since: '',
    until: '',
  }
  return <StartReplay sources={sources} first={first} />
}

function StartReplay({ sources, first }: { readonly sources: readonly Source[]; readonly first: StartForm }) {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const [form, setForm] = useState(first)
  const [asked, setAsked] = useState(false)
  const change = (part: Partial<StartForm>) => setForm((before) => ({ ...before, ...part }))
  const faults = faultsOf(form)
  const shown = (fault: Parameters<typeof faults.has>[0]) => asked && faults.has(fault)
  const start = useMutation({
    mutationFn: (id: string) => startReplay(requestOf(form, id)),
    onSuccess: ({ id }) => navigate({ to: '/replays/$replayId', params: { replayId: id } }),
  })
  const source = sources.find(({ awsOrganizationId }) => awsOrganizationId === form.awsOrganizationId)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (faults.size === 0 && form.awsOrganizationId !== null) start.mutate(form.awsOrganizationId)
  }
  return (
    <Form className="flex max-w-4xl flex-col gap-6" onSubmit={submit}>
      <Select
        label={t.organization}
        value={form.awsOrganizationId}
        onChange={(awsOrganizationId) => change({ awsOrganizationId })}
        options={sources.map(({ awsOrganizationId, name }) => ({ value: awsOrganizationId, label: name }))}
        required
      />
      {source === undefined || source.trail === null ? (
        <EmptyState title={t.noTrail}>{t.noTrailText}</EmptyState>
      ) : (
        <>
          <p className="text-solid-gray-700">
            {t.trailAt}: <code className="font-mono">{source.trail.location}</code>
          </p>
          <Field
            label={t.name}
            hint={t.titleHint}
            name="title"
            value={form.title}
            onChange={(title) => change({ title })}
            maxLength={100}
            error={shown('title') ? t.titleNeeded : null}
            required
          />
          <Section title={t.drafts}>
            {shown('policies') ? (
              <p role="alert" className="text-error-2">
                {t.draftsNeeded}
              </p>
            ) : null}
            <PolicyDrafts
              awsOrganizationId={source.awsOrganizationId}
              policies={form.policies}
              onChange={(policies) => change({ policies })}
              showFaults={shown('document')}
            />
          </Section>
          <Question form={form} change={change} periodWrong={shown('period')} />
          {form.compare === 'policies' ? (
            <Section title={t.against}>
              <p className="text-solid-gray-700">{t.againstHint}</p>
              {shown('against') ? (
                <p role="alert" className="text-error-2">
                  {t.againstNeeded}
                </p>
              ) : null}
              <PolicyDrafts
                awsOrganizationId={source.awsOrganizationId}
                policies={form.against}
                onChange={(against) => change({ against })}
                showFaults={shown('againstDocument')}
              />
            </Section>
          ) : null}
          {start.error === null ? null : <ErrorView error={start.error} />}
          <div>
            <Button type="submit" isPending={start.isPending}>
              {t.go}
            </Button>
          </div>
        </>
      )}
    </Form>
  )
}

/** What is asked of the policies: with or without those in force, compared or not, over which days. */
function Question(props: {
  readonly form: StartForm
  readonly change: (part: Partial<StartForm>) => void
  readonly periodWrong: boolean
}) {
  const t = useTexts(texts)
  const { form, change, periodWrong } = props
  return (
    <>
      <Radios
        label={t.mode}
        value={form.withInForce ? 'with' : 'alone'}
        onChange={(mode) => change({ withInForce: mode === 'with' })}
        options={[
          { value: 'alone', label: t.modeAlone, hint: t.modeAloneHint },
          { value: 'with', label: t.modeWith, hint: t.modeWithHint },
        ]}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="text-std-16B-170">{t.period}</legend>
        <p className="text-solid-gray-700">{t.periodHint}</p>
        <div className="flex flex-wrap gap-4">
          <Field
            label={t.since}
            type="date"
            name="since"
            value={form.since}
            onChange={(since) => change({ since })}
          />
          <Field
            label={t.untilDay}
            type="date"
            name="until"
            value={form.until}
            onChange={(until) => change({ until })}
            error={periodWrong ? t.periodWrong : null}
          />
        </div>
      </fieldset>
      <Radios
        label={t.compare}
        value={form.compare}
        onChange={(compare) => change({ compare })}
        options={COMPARISONS.map((value) => ({ value, ...t.compareOf[value] }))}
      />
    </>
  )
}
