import type { PolicyKind } from '@rankan/server/src/policy/policies.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Meter } from '../../../components/Meter.tsx'
import { Page, Section } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { Tabs } from '../../../components/Tabs.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { guardrailQuery } from '../api.ts'
import { Affected } from '../components/Affected.tsx'
import { CodeArea, type CodeAreaHandle } from '../components/CodeArea.tsx'
import { InWords } from '../components/InWords.tsx'
import { Problems } from '../components/Problems.tsx'
import { SettingsInWords } from '../components/SettingsInWords.tsx'
import { WhatIf } from '../components/WhatIf.tsx'
import { DRAFT_KINDS, type Draft, isManagement, useDraft } from '../draft.ts'
import { type Checked, checkDraft, checkManagementDraft, marksOf } from '../engine/check.ts'
import { EXAMPLE_NAMES, EXAMPLES, exampleText } from '../engine/examples.ts'
import { factsFor, factsIndex } from '../engine/facts.ts'
import { formatted } from '../engine/lines.ts'
import { prefixesIn } from '../engine/prefixes.ts'
import { texts } from '../i18n/texts.ts'

export function Editor() {
  const t = useTexts(texts)
  const [draft, change] = useDraft()
  const opened = useOpened(change)
  const handle = useRef<CodeAreaHandle>(null)
  const jump = useCallback((line: number, column: number) => handle.current?.jump(line, column), [])
  const { checked, words, whatIf } = useViews(draft, jump)
  const marks = useMemo(() => marksOf(checked.problems), [checked])
  return (
    <Page title={t.editorTitle} lead={t.editorLead}>
      {opened.error === null ? null : <ErrorView error={opened.error} onRetry={opened.retry} />}
      <Tools draft={draft} onChange={change} />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-3">
          <CodeArea
            label={t.document}
            hint={t.documentHint}
            value={draft.text}
            onChange={(text) => change({ text })}
            marks={marks}
            handle={handle}
          />
          <Size checked={checked} />
        </div>
        <Section title={t.problems}>
          <Problems checked={checked} onJump={jump} />
        </Section>
      </div>
      <Tabs
        label={t.views}
        tabs={[
          { key: 'words', title: t.inWords, content: words },
          { key: 'what-if', title: t.whatIf, content: whatIf },
          {
            key: 'affected',
            title: t.affected,
            content: <Affected name={draft.name} kind={draft.kind} errors={checked.errors} />,
          },
        ]}
      />
    </Page>
  )
}

/** Loads the policy in force that the address names into the draft, once, and takes it out of the address. */
function useOpened(change: (part: Partial<Draft>) => void) {
  const { organization, policy } = useSearch({ from: '/shell/policies/editor' })
  const navigate = useNavigate()
  const wanted = organization !== undefined && policy !== undefined
  const query = useQuery({ ...guardrailQuery(organization ?? '', policy ?? ''), enabled: wanted })
  const { data, error, refetch } = query
  useEffect(() => {
    if (!wanted || data === undefined) return
    const kind = DRAFT_KINDS.find((one) => one === data.kind) ?? 'scp'
    change({ name: data.name, kind, text: formatted(data.document) ?? data.document })
    void navigate({ to: '/policies/editor', replace: true })
  }, [wanted, data, change, navigate])
  return { error: wanted ? error : null, retry: () => void refetch() }
}

/** What is said of the draft: a management policy has settings in the place of statements, and decides no call. */
function useViews(draft: Draft, jump: (line: number, column: number) => void) {
  const t = useTexts(texts)
  const text = useDeferredValue(draft.text)
  const { kind, name } = draft
  const checked = useChecked(text, isManagement(kind) ? null : kind, name)
  if (!isManagement(kind))
    return {
      checked,
      words: <InWords policy={checked.policy} onJump={jump} />,
      whatIf: <WhatIf policy={checked.policy} />,
    }
  const management = checkManagementDraft(text, kind, name)
  return {
    checked: management,
    words: <SettingsInWords policy={management.policy} onJump={jump} />,
    whatIf: <EmptyState title={t.whatIfNeedsKind}>{t.whatIfNeedsKindText}</EmptyState>,
  }
}

function useChecked(settled: string, kind: PolicyKind | null, name: string): Checked {
  const index = useQuery({
    queryKey: ['iam-index'],
    queryFn: factsIndex,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const prefixes = useMemo(
    () =>
      index.data === undefined ? null : [...prefixesIn(settled, Object.keys(index.data.services))].sort(),
    [settled, index.data],
  )
  const facts = useQuery({
    queryKey: ['iam-facts', prefixes],
    queryFn: () => factsFor(prefixes ?? []),
    enabled: prefixes !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return useMemo(
    () => checkDraft(kind === null ? '' : settled, kind ?? 'scp', name, facts.data),
    [settled, kind, name, facts.data],
  )
}

function Tools(props: { readonly draft: Draft; readonly onChange: (part: Partial<Draft>) => void }) {
  const t = useTexts(texts)
  const { draft, onChange } = props
  const replace = (part: Partial<Draft>) => {
    const before = { ...draft }
    onChange(part)
    toast(t.replaced, () => onChange(before))
  }
  const format = () => {
    const text = formatted(draft.text)
    if (text === null) toast(t.formatNeedsJson)
    else replace({ text })
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field
        label={t.policyName}
        value={draft.name}
        onChange={(name) => onChange({ name })}
        maxLength={128}
        className="w-64"
      />
      <Select
        label={t.kind}
        value={draft.kind}
        onChange={(kind) => onChange({ kind })}
        className="w-64"
        options={DRAFT_KINDS.map((value) => ({ value, label: t.kindOf[value] }))}
      />
      <Select
        label={t.example}
        value={null}
        onChange={(name) => replace({ name, kind: EXAMPLES[name].kind, text: exampleText(name) })}
        className="w-72"
        options={EXAMPLE_NAMES.map((value) => ({ value, label: t.exampleOf[value] }))}
      />
      <Button look="secondary" onPress={format}>
        {t.format}
      </Button>
    </div>
  )
}

function Size({ checked }: { readonly checked: Pick<Checked, 'size'> }) {
  const t = useTexts(texts)
  const { characters, limit } = checked.size
  return <Meter label={t.size} used={characters} limit={limit} text={t.sizeLong(characters, limit)} />
}
