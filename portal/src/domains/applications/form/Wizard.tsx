import { issueText, readForm } from '@rankan/server/domain/applications/issues.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError } from '../../../api/problem.ts'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Card } from '../../../components/Page.tsx'
import { Stepper } from '../../../components/Stepper.tsx'
import { toast } from '../../../components/Toast.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { type FormState, submitDraft } from '../api.ts'
import { FormSummary } from '../components/FormSummary.tsx'
import { Verdicts } from '../components/Verdicts.tsx'
import { texts } from '../i18n/texts.ts'
import { Exceptions } from './Exceptions.tsx'
import { FormFields } from './FormFields.tsx'
import { type Path, startsWith, withValue } from './path.ts'
import { STEPS, stepOf } from './spec.ts'
import { type Saved, useDraft } from './use-draft.ts'
import { useVerdicts } from './use-verdicts.ts'

/** The application, step by step. Each step that is left is saved; the rules are shown beside it all the time. */
export function Wizard(props: { readonly initial: FormState; readonly saved: Saved | null }) {
  const t = useTexts(texts)
  const pick = usePick()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [form, setForm] = useState(props.initial)
  const draft = useDraft(props.initial, props.saved)
  const [step, setStep] = useState(0)
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const judged = useVerdicts(form, draft.id)
  const issues = useIssues(form)
  const last = STEPS.length - 1
  const current = STEPS[step]

  const save = useMutation({ mutationFn: () => draft.keep(form), onSuccess: () => toast(t.savedDraft) })
  const go = useMutation({
    mutationFn: async (to: number) => {
      await draft.keep(form)
      return to
    },
    onMutate: () => setLeft(new Set([...left, step])),
    onSuccess: (to) => {
      setStep(to)
      window.scrollTo({ top: 0 })
    },
  })
  const submit = useMutation({
    mutationFn: async () => {
      setLeft(new Set(STEPS.map((_, i) => i)))
      const { id, version } = await draft.keep(form)
      return submitDraft(id, version)
    },
    onSuccess: async (view) => {
      toast(t.submitted)
      await client.invalidateQueries({ queryKey: ['applications'] })
      await navigate({ to: '/applications/$applicationId', params: { applicationId: view.id } })
    },
  })
  const change = (path: Path, value: unknown) => setForm((before) => withValue(before, path, value))
  const errorOf = (path: Path): string | null => {
    if (!left.has(step)) return null
    const found = issues.find((issue) => issue.path.length >= path.length && startsWith(issue.path, path))
    return found === undefined ? null : found.text[pickLanguage(pick)]
  }
  // The mutation ends a moment after its step is shown; a click that comes between belongs to the new step.
  const isLeaving = go.isPending && go.variables !== step
  const error = save.error ?? go.error ?? submit.error
  const goTo = (path: Path) => go.mutate(stepOf(path))
  return (
    <div className="flex flex-col gap-6">
      <Stepper steps={STEPS.map((s) => pick(s.title))} current={step} onGo={(to) => go.mutate(to)} />
      {error === null ? null : (
        <Seen what={error}>
          <SaveError error={error} />
        </Seen>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <form
          className="flex min-w-0 flex-col gap-6"
          // A half-filled step may be left and is kept: the browser's own checks would hold back the button.
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (step < last) go.mutate(step + 1)
            else submit.mutate()
          }}
        >
          <StepTitle key={step} first={left.size === 0}>
            {current === undefined ? '' : pick(current.title)}
          </StepTitle>
          {step === last ? (
            <>
              <FormSummary form={form} onEdit={(to) => go.mutate(to)} />
              <Names names={judged.check?.plannedNames ?? []} />
              <Exceptions form={form} verdicts={judged.verdicts} onChange={change} />
            </>
          ) : null}
          <FormFields fields={current?.fields ?? []} form={form} onChange={change} errorOf={errorOf} />
          {step === last && judged.check !== null ? (
            <p>{judged.check.automatic ? t.automatic : t.notAutomatic}</p>
          ) : null}
          {step === last && issues.length > 0 ? <Remaining issues={issues} onGo={goTo} /> : null}
          <div className="flex flex-wrap gap-3">
            {step > 0 ? (
              <Button look="secondary" onPress={() => go.mutate(step - 1)}>
                {t.back}
              </Button>
            ) : null}
            <Button look="secondary" onPress={() => save.mutate()} isPending={save.isPending}>
              {t.saveDraft}
            </Button>
            <Button type="submit" isPending={isLeaving || submit.isPending}>
              {step === last ? t.submit : t.next}
            </Button>
          </div>
        </form>
        <aside
          aria-label={t.verdicts}
          className="lg:sticky lg:top-4 lg:max-h-[calc(100vh-2rem)] lg:overflow-auto"
        >
          <Card>
            <h2 className="mb-2 text-std-17B-170">{t.verdicts}</h2>
            <Verdicts verdicts={judged.verdicts} onGo={goTo} />
          </Card>
        </aside>
      </div>
    </div>
  )
}

/** Takes the focus when its step comes: the next Tab goes to the first field, and a screen reader says where one is. */
function StepTitle({ children, first }: { readonly children: string; readonly first: boolean }) {
  const title = useRef<HTMLHeadingElement>(null)
  const comesBySelf = useRef(first)
  useEffect(() => {
    if (!comesBySelf.current) title.current?.focus({ preventScroll: true })
  }, [])
  return (
    <h2 ref={title} tabIndex={-1} className="text-std-22B-150 outline-none">
      {children}
    </h2>
  )
}

/** The language that `pick` picks. */
const pickLanguage = (pick: (text: { ja: 'ja'; en: 'en' }) => string): 'ja' | 'en' =>
  pick({ ja: 'ja', en: 'en' }) === 'ja' ? 'ja' : 'en'

interface ShownIssue {
  readonly path: Path
  readonly text: { readonly ja: string; readonly en: string }
}

function useIssues(form: FormState): readonly ShownIssue[] {
  return useMemo(() => {
    const read = readForm(form)
    return read.ok ? [] : read.error.map((issue) => ({ path: issue.path, text: issueText(issue) }))
  }, [form])
}

function Names({ names }: { readonly names: readonly { readonly name: string; readonly email: string }[] }) {
  const t = useTexts(texts)
  if (names.length === 0) return null
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-std-17B-170">{t.plannedNames}</h3>
      <ul>
        {names.map((n) => (
          <li key={n.name} className="break-all">
            <code className="font-mono">{n.name}</code> {n.email}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Remaining({
  issues,
  onGo,
}: {
  readonly issues: readonly ShownIssue[]
  readonly onGo: (path: Path) => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <Notice kind="warning" title={`${t.cannotSubmit}: ${t.fixIssues(issues.length)}`}>
      <ul className="flex flex-col gap-1">
        {issues.slice(0, 20).map((issue) => (
          <li key={`${issue.path.join('.')} ${issue.text.en}`}>
            <button
              type="button"
              className="cursor-pointer text-left text-blue-900 underline"
              onClick={() => onGo(issue.path)}
            >
              {labelOf(issue.path, pick)}: {pick(issue.text)}
            </button>
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function labelOf(path: Path, pick: (text: { ja: string; en: string }) => string): string {
  const dotted = path.join('.')
  const field = STEPS.flatMap((s) => s.fields).find(
    (f) => dotted === f.path || dotted.startsWith(`${f.path}.`) || f.path.startsWith(`${dotted}.`),
  )
  return field === undefined ? dotted : pick(field.label)
}

/** Brings what it holds onto the screen: the button that failed stands at the end of a long page, the reason on top. */
function Seen({ what, children }: { readonly what: unknown; readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (what !== null) place.current?.scrollIntoView({ block: 'center' })
  }, [what])
  return <div ref={place}>{children}</div>
}

/** A conflict tells who was faster; everything else is shown as it came. */
function SaveError({ error }: { readonly error: Error }) {
  const t = useTexts(texts)
  if (!(error instanceof ApiError) || error.problem.code !== 'version_changed')
    return <ErrorView error={error} />
  return (
    <Notice kind="error" title={t.conflictTitle}>
      <p>{t.conflictText(/^`([^`]+)`/.exec(error.problem.detail)?.[1] ?? '')}</p>
      <div className="mt-2">
        <Button small look="secondary" onPress={() => window.location.reload()}>
          {t.reload}
        </Button>
      </div>
    </Notice>
  )
}
