import type { FaultRequestView } from '@rankan/server/domain/sandbox/view.ts'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Card, Section } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { addFault, useChange } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { errorsOf, FAULT_KINDS, type FaultDraft, firstDraft, isEvent, requestOf } from './fault-draft.ts'

export function FaultForm() {
  const t = useTexts(texts)
  const [draft, setDraft] = useState(() => firstDraft('throttle'))
  const add = useChange((body: FaultRequestView) => addFault(body), t.faultAdded)
  const errors = errorsOf(draft)
  const set = (part: Partial<FaultDraft>) => setDraft({ ...draft, ...part })
  const send = () => {
    const request = requestOf(draft)
    if (request !== null) add.mutate(request)
  }
  return (
    <Section title={t.addFault}>
      <Card>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          {add.error === null ? null : <ErrorView error={add.error} />}
          <Select
            label={t.kind}
            value={draft.kind}
            onChange={(kind) => setDraft(firstDraft(kind))}
            className="max-w-md"
            options={FAULT_KINDS.map((value) => ({ value, label: t.kindOf[value] }))}
          />
          <div className="grid items-end gap-4 sm:grid-cols-2 xl:grid-cols-4">
            <Target draft={draft} set={set} />
            <Field
              label={t.probability}
              value={draft.probability}
              onChange={(probability) => set({ probability })}
              error={errors.probability ? t.probabilityError : null}
            />
            <Field
              label={t.limit}
              hint={t.limitHint}
              value={draft.times}
              onChange={(times) => set({ times })}
              error={errors.times ? t.limitError : null}
            />
            <Details draft={draft} set={set} />
          </div>
          <div>
            <Button type="submit" isPending={add.isPending}>
              {t.addFault}
            </Button>
          </div>
        </form>
      </Card>
    </Section>
  )
}

interface PartProps {
  readonly draft: FaultDraft
  readonly set: (part: Partial<FaultDraft>) => void
}

function Target({ draft, set }: PartProps) {
  const t = useTexts(texts)
  const event = isEvent(draft.kind)
  return (
    <>
      {event ? null : (
        <Field
          label={t.service}
          hint={t.anyHint}
          value={draft.service}
          onChange={(service) => set({ service })}
        />
      )}
      <Field
        label={event ? t.eventName : t.operation}
        hint={t.anyHint}
        value={draft.operation}
        onChange={(operation) => set({ operation })}
      />
      {event || draft.kind === 'stick' || draft.kind === 'taint' ? (
        <Field label={t.subject} value={draft.subject} onChange={(subject) => set({ subject })} />
      ) : null}
    </>
  )
}

function Details({ draft, set }: PartProps) {
  const t = useTexts(texts)
  return (
    <>
      {draft.kind === 'fail' ? (
        <Field label={t.code} value={draft.code} onChange={(code) => set({ code })} required />
      ) : null}
      {draft.kind === 'fail' || draft.kind === 'taint' ? (
        <Field label={t.message} value={draft.message} onChange={(message) => set({ message })} />
      ) : null}
      {draft.kind === 'delay' ? (
        <Field label={t.delayMs} value={draft.delayMs} onChange={(delayMs) => set({ delayMs })} />
      ) : null}
    </>
  )
}
