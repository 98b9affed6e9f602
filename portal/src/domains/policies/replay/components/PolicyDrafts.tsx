import type { GuardrailList, GuardrailView } from '@rankan/server/domain/policies/guardrails.ts'
import { REPLAY_KINDS } from '@rankan/server/domain/policies/kinds.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback, useMemo, useRef } from 'react'
import { Button } from '../../../../components/Button.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Select } from '../../../../components/Select.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { guardrailQuery, guardrailsQuery } from '../../api.ts'
import { CodeArea, type CodeAreaHandle } from '../../components/CodeArea.tsx'
import { Problems } from '../../components/Problems.tsx'
import { checkDraft, marksOf } from '../../engine/check.ts'
import { exampleText } from '../../engine/examples.ts'
import { formatted } from '../../engine/lines.ts'
import { texts } from '../i18n/texts.ts'
import { type DraftPolicy, freeName, sameNames } from '../start.ts'
import { Targets } from './Targets.tsx'

/** The policies of a replay: from the editor, pasted, or taken from those in force. */
export function PolicyDrafts(props: {
  readonly awsOrganizationId: string
  readonly policies: readonly DraftPolicy[]
  readonly onChange: (policies: readonly DraftPolicy[]) => void
  readonly showFaults: boolean
}) {
  const t = useTexts(texts)
  const { policies, onChange } = props
  const twice = sameNames(policies)
  const inForce = useQuery(guardrailsQuery(props.awsOrganizationId)).data
  const add = (policy: Omit<DraftPolicy, 'key'>) =>
    onChange([...policies, { ...policy, name: freeName(policies, policy.name), key: crypto.randomUUID() }])
  return (
    <div className="flex flex-col gap-4">
      {policies.map((policy) => (
        <PolicyDraft
          key={policy.key}
          policy={policy}
          places={inForce?.places ?? []}
          showFaults={props.showFaults}
          sameName={twice.has(policy.name.trim())}
          onChange={(part) =>
            onChange(policies.map((one) => (one.key === policy.key ? { ...one, ...part } : one)))
          }
          onRemove={() => onChange(policies.filter(({ key }) => key !== policy.key))}
        />
      ))}
      <div className="flex flex-wrap items-end gap-3">
        <Button
          look="secondary"
          onPress={() =>
            add({
              name: 'draft',
              kind: 'scp',
              document: exampleText('trail'),
              targets: [],
            })
          }
        >
          {t.addEmpty}
        </Button>
        {inForce === undefined ? null : <AddInForce list={inForce} onAdd={add} />}
        <Link to="/policies/editor" className="py-2">
          {t.edit}
        </Link>
      </div>
    </div>
  )
}

function AddInForce(props: {
  readonly list: GuardrailList
  readonly onAdd: (policy: Omit<DraftPolicy, 'key'>) => void
}) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const { list, onAdd } = props
  const load = useMutation({
    mutationFn: (policy: GuardrailView) =>
      client.fetchQuery(guardrailQuery(list.awsOrganizationId, policy.id)),
    onSuccess: ({ name, kind, document, attachedTo }) =>
      onAdd({
        name,
        kind: kind === 'rcp' ? 'rcp' : 'scp',
        document: formatted(document) ?? document,
        targets: attachedTo.map(({ id }) => id),
      }),
  })
  const choices = list.policies.filter(
    ({ kind, awsManaged }) => REPLAY_KINDS.some((one) => one === kind) && !awsManaged,
  )
  if (choices.length === 0) return null
  return (
    <>
      <Select
        label={t.addInForce}
        value={null}
        onChange={(id) => {
          const chosen = choices.find((one) => one.id === id)
          if (chosen !== undefined) load.mutate(chosen)
        }}
        options={choices.map(({ id, name }) => ({ value: id, label: name }))}
        className="w-72"
      />
      {load.error === null ? null : <ErrorView error={load.error} />}
    </>
  )
}

function PolicyDraft(props: {
  readonly policy: DraftPolicy
  readonly places: GuardrailList['places']
  readonly showFaults: boolean
  readonly sameName: boolean
  readonly onChange: (part: Partial<DraftPolicy>) => void
  readonly onRemove: () => void
}) {
  const t = useTexts(texts)
  const { policy, places, onChange } = props
  const checked = useMemo(() => checkDraft(policy.document, policy.kind, policy.name, undefined), [policy])
  const marks = useMemo(() => marksOf(checked.problems), [checked])
  const isUnnamed = props.showFaults && policy.name.trim() === ''
  const handle = useRef<CodeAreaHandle>(null)
  const jump = useCallback((line: number, column: number) => handle.current?.jump(line, column), [])
  return (
    <fieldset className="flex flex-col gap-3 rounded-12 border border-solid-gray-420 p-4">
      <legend className="px-2 text-std-16B-170">{policy.name}</legend>
      <div className="flex flex-wrap items-end gap-3">
        <Field
          label={t.draftName}
          value={policy.name}
          onChange={(name) => onChange({ name })}
          maxLength={128}
          error={props.sameName ? t.sameName : isUnnamed ? t.draftNameNeeded : null}
          className="min-w-48 flex-1"
        />
        <Select
          label={t.draftKind}
          value={policy.kind}
          onChange={(kind) => onChange({ kind })}
          className="w-28"
          options={REPLAY_KINDS.map((value) => ({ value, label: value.toUpperCase() }))}
        />
        <Button look="quiet" small onPress={props.onRemove} aria-label={t.remove(policy.name)}>
          {t.removeShort}
        </Button>
      </div>
      <Targets
        policy={policy.name}
        targets={policy.targets}
        places={places}
        onChange={(targets) => onChange({ targets })}
      />
      <CodeArea
        label={t.draftText}
        hint={t.draftTextHint}
        value={policy.document}
        onChange={(document) => onChange({ document })}
        marks={marks}
        handle={handle}
        error={props.showFaults && checked.policy === null ? t.draftBroken : null}
      />
      {checked.problems.length === 0 ? null : <Problems checked={checked} onJump={jump} />}
    </fieldset>
  )
}
