import { issueText, readForm } from '@rankan/server/domain/applications/issues.ts'
import { APPLICATION_KINDS, ENVIRONMENTS } from '@rankan/server/domain/applications/kinds.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { Checkbox } from '../../../components/Choice.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Card } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { toast } from '../../../components/Toast.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { checkForm, createAndSubmit, type FormState, saveDraft, submitDraft } from '../api.ts'
import { Verdicts } from '../components/Verdicts.tsx'
import { texts } from '../i18n/texts.ts'
import { FormFields } from './FormFields.tsx'
import { type Path, startsWith, textAt, valueAt, withValue } from './path.ts'
import { type FieldSpec, STEPS } from './spec.ts'

const KINDS = APPLICATION_KINDS.filter((kind) => kind !== 'vend')
const fieldsAt = (...prefixes: readonly string[]): readonly FieldSpec[] =>
  STEPS.flatMap((s) => s.fields).filter((f) =>
    prefixes.some((p) => f.path === p || f.path.startsWith(`${p}.`)),
  )

/** What each kind asks for beside account and reason. */
const STARTS: Readonly<Record<string, FormState>> = {
  change_contacts: { contacts: {} },
  change_owner: { owner: {}, admins: [] },
  close: { dataExported: false, evidenceKept: false, finalUnderstood: false },
}

/** A small form for an account that exists: one page, the same life as an application for accounts. */
export function ChangeForm(props: {
  readonly initial: FormState
  readonly saved: { readonly id: string; readonly version: number } | null
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [form, setForm] = useState<FormState>({ ...STARTS[String(props.initial.kind)], ...props.initial })
  const [asked, setAsked] = useState(false)
  const read = readForm(form)
  const check = useQuery({
    queryKey: ['application-check', props.saved?.id ?? null, form],
    queryFn: () => checkForm(form, props.saved?.id ?? null),
    enabled: read.ok,
    placeholderData: (before) => before,
    gcTime: 0,
  })
  const submit = useMutation({
    mutationFn: async () => {
      if (props.saved === null) return createAndSubmit(form)
      const view = await saveDraft(props.saved.id, props.saved.version, form)
      return submitDraft(view.id, view.version)
    },
    onSuccess: async (view) => {
      toast(t.submitted)
      await client.invalidateQueries({ queryKey: ['applications'] })
      await navigate({ to: '/applications/$applicationId', params: { applicationId: view.id } })
    },
  })
  const change = (path: Path, value: unknown) => setForm((before) => withValue(before, path, value))
  const errorOf = (path: Path): string | null => {
    if (!asked || read.ok) return null
    const found = read.error.find((issue) => issue.path.length >= path.length && startsWith(issue.path, path))
    return found === undefined ? null : pick(issueText(found))
  }
  const kind = textAt(form, ['kind'])
  return (
    <form
      className="flex max-w-3xl flex-col gap-5"
      // Each field tells its own error, in the reader's language.
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (read.ok) submit.mutate()
      }}
    >
      {submit.error === null ? null : <ErrorView error={submit.error} />}
      <Select
        label={t.changeKind}
        value={KINDS.find((k) => k === kind) ?? null}
        onChange={(next) =>
          setForm({ ...STARTS[next], kind: next, accountId: form.accountId ?? '', reason: form.reason ?? '' })
        }
        options={KINDS.map((value) => ({ value, label: t.kindOf[value] }))}
        disabled={props.saved !== null}
        required
      />
      <Field
        label={t.accountId}
        hint={t.accountIdHint}
        value={textAt(form, ['accountId'])}
        onChange={(v) => change(['accountId'], v.trim())}
        error={errorOf(['accountId'])}
        required
        maxLength={12}
      />
      {kind === 'change_contacts' ? (
        <FormFields fields={fieldsAt('contacts')} form={form} onChange={change} errorOf={errorOf} />
      ) : null}
      {kind === 'change_owner' ? (
        <FormFields fields={fieldsAt('owner', 'admins')} form={form} onChange={change} errorOf={errorOf} />
      ) : null}
      {kind === 'move' ? (
        <Select
          label={t.moveTo}
          value={ENVIRONMENTS.find((e) => e === valueAt(form, ['environment'])) ?? null}
          onChange={(v) => change(['environment'], v)}
          options={ENVIRONMENTS.map((value) => ({ value, label: t.environmentOf[value] }))}
          error={errorOf(['environment'])}
          required
        />
      ) : null}
      {kind === 'close'
        ? (['dataExported', 'evidenceKept', 'finalUnderstood'] as const).map((name) => (
            <Checkbox key={name} checked={valueAt(form, [name]) === true} onChange={(v) => change([name], v)}>
              {t[name]}
            </Checkbox>
          ))
        : null}
      <Field
        label={t.reason}
        value={textAt(form, ['reason'])}
        onChange={(v) => change(['reason'], v)}
        error={errorOf(['reason'])}
        multiline
        required
      />
      {check.data === undefined ? null : (
        <Card>
          <Verdicts verdicts={check.data.verdicts} />
        </Card>
      )}
      <div>
        <Button type="submit" isPending={submit.isPending}>
          {t.submit}
        </Button>
      </div>
    </form>
  )
}
