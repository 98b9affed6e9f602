import type {
  ImportPreview,
  ImportRequestInput,
  SheetHead,
  UploadedFile,
} from '@rankan/server/src/catalog/imports/view.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../../../components/Button.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Section } from '../../../../components/Page.tsx'
import { Select } from '../../../../components/Select.tsx'
import { toast } from '../../../../components/Toast.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { todayInJapan } from '../../../organisations/today.ts'
import { awsOrganizationsQuery } from '../../../policies/api.ts'
import { previewImport, readHeadings, takeImport, uploadOf } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import {
  CHOICES,
  guessedColumns,
  type ImportChoice,
  type ImportDraft,
  mappingStart,
  proposedName,
  requestOf,
} from '../request.ts'
import { Files } from './Files.tsx'
import { Mapping } from './Mapping.tsx'
import { AgainstLibrary, Changes, Notes } from './Preview.tsx'

const start = (kind: ImportChoice): ImportDraft => ({
  kind,
  name: '',
  sourceVersion: '',
  organization: null,
  files: [],
  mapping: mappingStart(todayInJapan()),
})

/** First what and from where, then the differences, then it is taken. */
export function NewImport() {
  const t = useTexts(texts)
  const [draft, setDraft] = useState(() => start('spreadsheet'))
  const [incomplete, setIncomplete] = useState(false)
  const preview = useMutation({ mutationFn: previewImport })
  // What is shown belongs to what was asked: any change takes it away.
  const change = (next: ImportDraft) => {
    setDraft(next)
    setIncomplete(false)
    preview.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const request = requestOf(draft)
    setIncomplete(request === null)
    if (request !== null) preview.mutate(request)
  }
  return (
    <>
      <Form
        className="flex flex-col gap-4 rounded-12 border border-solid-gray-420 bg-white p-5"
        onSubmit={submit}
      >
        <Select
          label={t.kind}
          value={draft.kind}
          onChange={(kind) => change(start(kind))}
          options={CHOICES.map((value) => ({ value, label: t.kindOf[value] }))}
        />
        <p className="text-solid-gray-700">{t.kindHint[draft.kind]}</p>
        {draft.kind === 'in-place' ? (
          <Organization draft={draft} onChange={change} />
        ) : (
          <FromFiles kind={draft.kind} draft={draft} onChange={change} />
        )}
        {incomplete ? (
          <p role="alert" className="text-error-2">
            ＊{t.incomplete}
          </p>
        ) : null}
        {preview.error === null ? null : <ErrorView error={preview.error} />}
        <div>
          <Button type="submit" isPending={preview.isPending}>
            {t.preview}
          </Button>
        </div>
      </Form>
      {preview.data === undefined ? null : (
        <Found preview={preview.data} request={preview.variables} onTaken={() => change(start(draft.kind))} />
      )}
    </>
  )
}

interface DraftProps {
  readonly draft: ImportDraft
  readonly onChange: (draft: ImportDraft) => void
}

function Organization({ draft, onChange }: DraftProps) {
  const t = useTexts(texts)
  const query = useQuery(awsOrganizationsQuery())
  return (
    <Select
      label={t.organization}
      value={draft.organization}
      onChange={(organization) => onChange({ ...draft, organization })}
      required
      options={(query.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
    />
  )
}

/** What the server told of a chosen spreadsheet. */
interface Chosen {
  readonly files: readonly UploadedFile[]
  readonly head: SheetHead | null
}

async function chosenFiles(kind: ImportChoice, files: readonly File[]): Promise<Chosen> {
  const [first] = files
  const head = kind === 'spreadsheet' && first !== undefined ? await readHeadings(first) : null
  return { files: await Promise.all(files.map(uploadOf)), head }
}

function FromFiles({
  kind,
  draft,
  onChange,
}: DraftProps & { readonly kind: Exclude<ImportChoice, 'in-place'> }) {
  const t = useTexts(texts)
  const choose = useMutation({
    mutationFn: (files: readonly File[]) => chosenFiles(kind, files),
    onSuccess: ({ files, head }) =>
      onChange({
        ...draft,
        files,
        name: draft.name || proposedName(kind === 'control-tower' ? kind : (files[0]?.name ?? '')),
        mapping: head === null ? draft.mapping : { ...draft.mapping, columns: guessedColumns(head.headings) },
      }),
  })
  const says = kind === 'control-tower' || kind === 'conformance-pack' || kind === 'security-hub'
  return (
    <>
      <Files kind={kind} files={draft.files} onChoose={choose.mutate} isPending={choose.isPending} />
      {choose.error === null ? null : <ErrorView error={choose.error} />}
      {draft.files.length === 0 ? null : (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label={kind === 'spreadsheet' || kind === 'oscal-catalog' ? t.frameworkId : t.name}
            hint={t.nameHint}
            value={draft.name}
            onChange={(name) => onChange({ ...draft, name })}
            maxLength={60}
            required
          />
          {says ? (
            <Field
              label={t.sourceVersion}
              hint={t.sourceVersionHint}
              value={draft.sourceVersion}
              onChange={(sourceVersion) => onChange({ ...draft, sourceVersion })}
              maxLength={100}
            />
          ) : null}
        </div>
      )}
      {draft.files.length === 0 || choose.data?.head == null ? null : (
        <Mapping
          head={choose.data.head}
          draft={draft.mapping}
          onChange={(mapping) => onChange({ ...draft, mapping })}
        />
      )}
    </>
  )
}

/** The differences, and the button that takes exactly this. */
function Found(props: {
  readonly preview: ImportPreview
  readonly request: ImportRequestInput
  readonly onTaken: () => void
}) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const navigate = useNavigate()
  const { preview, request, onTaken } = props
  const take = useMutation({
    mutationFn: takeImport,
    onSuccess: async (taken) => {
      for (const topic of ['control_imports', 'control_sets', 'frameworks', 'controls'])
        await client.invalidateQueries({ queryKey: [topic] })
      if (taken.what === 'control-set') {
        toast(t.taken(taken.name, taken.version))
        await navigate({ to: '/control-sets/$name', params: { name: taken.name } })
      } else {
        toast(t.taken(taken.import.name, taken.import.version))
        onTaken()
      }
    },
  })
  return (
    <Section title={t.previewTitle}>
      <p role="status">
        <span className="font-700">{preview.title}</span> {preview.sourceVersion} · {preview.source} ·{' '}
        {t.entries(preview.entries)}
      </p>
      <h3 className="text-std-17B-170">
        {preview.before === null ? t.firstTime : t.against(preview.before)}
      </h3>
      <Changes {...preview} />
      <AgainstLibrary library={preview.library} />
      <Notes notes={preview.notes} />
      {take.error === null ? null : <ErrorView error={take.error} />}
      <div>
        <Button
          onPress={() => take.mutate({ request, before: preview.before, sha256: preview.sha256 })}
          isPending={take.isPending}
        >
          {t.take}
        </Button>
      </div>
    </Section>
  )
}
