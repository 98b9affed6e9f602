import type { ControlRow } from '@rankan/server/src/catalog/view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button, buttonClasses } from '../../../../components/Button.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Section } from '../../../../components/Page.tsx'
import { toast } from '../../../../components/Toast.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { saveSet } from '../api.ts'
import { bodyOf, type Draft, type DraftFault, faultsOf } from '../draft.ts'
import { texts } from '../i18n/texts.ts'
import { Choices } from './Choices.tsx'

interface Props {
  readonly rows: readonly ControlRow[]
  readonly start: Draft
  /** The version that is edited; 0: the set is new. */
  readonly base: number
}

/** Texts, controls, forms and parameters of a set; saving makes the next version. */
export function Editor({ rows, start, base }: Props) {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const client = useQueryClient()
  const [draft, setDraft] = useState(start)
  const [faults, setFaults] = useState<readonly DraftFault[]>([])
  const save = useMutation({
    mutationFn: saveSet,
    onSuccess: async ({ name, version }) => {
      await client.invalidateQueries({ queryKey: ['control_sets'] })
      toast(version === base ? t.unchanged : t.saved(version))
      await navigate({ to: '/control-sets/$name', params: { name } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = faultsOf(draft)
    setFaults(found)
    if (found.length > 0) return
    save.mutate({ name: draft.name, base, body: bodyOf(draft) })
  }
  return (
    <Form className="flex flex-col gap-6" onSubmit={submit}>
      <Texts draft={draft} faults={faults} onChange={setDraft} isNew={base === 0} />
      <Section title={t.controls}>
        {faults.includes('controls') ? <Fault>{t.controlsNeeded}</Fault> : null}
        {faults.includes('forms') ? <Fault>{t.formsNeeded}</Fault> : null}
        <Choices rows={rows} draft={draft} onChange={setDraft} />
      </Section>
      {save.error === null ? null : <ErrorView error={save.error} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" isPending={save.isPending}>
          {base === 0 ? t.create : t.save}
        </Button>
        <Link to="/control-sets" className={buttonClasses('secondary')}>
          {t.cancel}
        </Link>
      </div>
    </Form>
  )
}

const Fault = ({ children }: { readonly children: string }) => (
  <p role="alert" className="text-error-2">
    ＊{children}
  </p>
)

function Texts(props: {
  readonly draft: Draft
  readonly faults: readonly DraftFault[]
  readonly onChange: (draft: Draft) => void
  readonly isNew: boolean
}) {
  const t = useTexts(texts)
  const { draft, faults, onChange } = props
  const of = (key: Exclude<keyof Draft, 'chosen'>) => ({
    value: draft[key],
    onChange: (value: string) => onChange({ ...draft, [key]: value }),
    maxLength: 300,
  })
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Field
        label={t.name}
        hint={t.nameHint}
        {...of('name')}
        maxLength={60}
        readOnly={!props.isNew}
        required
        className="lg:col-span-2"
        error={faults.includes('name') ? t.badName : null}
      />
      <Field label={t.titleJa} {...of('titleJa')} error={faults.includes('title') ? t.titleNeeded : null} />
      <Field label={t.titleEn} {...of('titleEn')} />
      <Field label={t.descriptionJa} {...of('descriptionJa')} multiline />
      <Field label={t.descriptionEn} {...of('descriptionEn')} multiline />
    </div>
  )
}
