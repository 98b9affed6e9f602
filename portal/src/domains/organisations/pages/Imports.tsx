import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { DropZone, FileTrigger } from 'react-aria-components'
import { useMay } from '../../../app/session.tsx'
import { Button, buttonClasses } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Card, Page, Section } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { useLanguage } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { importsQuery, makePlan, previewFile, profilesQuery } from '../api.ts'
import { Sample } from '../components/Sample.tsx'
import { dayInName } from '../day-in-name.ts'
import { texts } from '../i18n/texts.ts'
import { todayInJapan } from '../today.ts'

export function Imports() {
  const t = useTexts(texts)
  const mayImport = useMay('organisation.import')
  return (
    <Page
      title={t.importsTitle}
      lead={t.importsLead}
      actions={
        <Link to="/organisations/profiles" className={buttonClasses('secondary')}>
          {t.toProfiles}
        </Link>
      }
    >
      {mayImport ? <Upload /> : null}
      <PastImports />
    </Page>
  )
}

type Preview = Awaited<ReturnType<typeof previewFile>>

/** First the file, then how it is read and for which day, then the plan on its own page. */
function Upload() {
  const t = useTexts(texts)
  const [file, setFile] = useState<File | null>(null)
  const preview = useMutation({ mutationFn: previewFile })
  const take = (chosen: File | undefined) => {
    if (chosen === undefined) return
    setFile(chosen)
    preview.mutate(chosen)
  }
  return (
    <Card>
      <div className="flex flex-col gap-4">
        <DropZone
          className="flex flex-wrap items-center gap-4 rounded-8 border border-dashed border-solid-gray-600 p-4 drop-target:bg-blue-50"
          onDrop={async (event) => {
            const item = event.items.find((dropped) => dropped.kind === 'file')
            if (item !== undefined) take(await item.getFile())
          }}
        >
          <FileTrigger acceptedFileTypes={['.csv', 'text/csv']} onSelect={(files) => take(files?.[0])}>
            <Button isPending={preview.isPending}>{t.chooseFile}</Button>
          </FileTrigger>
          <span>{file === null ? t.dropHint : file.name}</span>
        </DropZone>
        {preview.error === null ? null : <ErrorView error={preview.error} />}
        {file === null || preview.data === undefined ? null : (
          <PlanForm key={`${file.name} ${file.lastModified}`} file={file} preview={preview.data} />
        )}
      </div>
    </Card>
  )
}

function PlanForm({ file, preview }: { readonly file: File; readonly preview: Preview }) {
  const t = useTexts(texts)
  const { language } = useLanguage()
  const navigate = useNavigate()
  const profiles = useQuery(profilesQuery)
  const [profile, setProfile] = useState<string | null>(preview.profile)
  const [asOf, setAsOf] = useState(dayInName(file.name) ?? todayInJapan())
  const plan = useMutation({
    mutationFn: () => makePlan(file, profile ?? '', asOf),
    onSuccess: (made) => navigate({ to: '/organisations/imports/$importId', params: { importId: made.id } }),
  })
  const options = (profiles.data?.items ?? []).map(({ profile: p }) => ({
    value: p.name,
    label: language === 'ja' ? p.titleJa : p.titleEn,
    hint: p.name,
  }))
  return (
    <>
      <Facts
        items={[
          { name: t.file, value: file.name },
          { name: t.encoding, value: preview.encoding },
          { name: t.rows, value: t.rowsInFile(preview.rows) },
        ]}
      />
      <Sample headings={preview.headings} rows={preview.sample} />
      <div className="flex flex-wrap items-end gap-4">
        <Select
          label={t.profile}
          hint={t.profileHint}
          options={options}
          value={profile}
          onChange={setProfile}
          error={profile === null ? t.noProfile : undefined}
          className="w-96 max-w-full"
        />
        <Field label={t.asOf} hint={t.asOfHint} type="date" value={asOf} onChange={setAsOf} required />
        <Button
          onPress={() => plan.mutate()}
          isPending={plan.isPending}
          isDisabled={profile === null || asOf === ''}
        >
          {t.makePlan}
        </Button>
      </div>
      {plan.error === null ? null : <ErrorView error={plan.error} />}
    </>
  )
}

function PastImports() {
  const t = useTexts(texts)
  const query = useQuery(importsQuery)
  return (
    <Section title={t.pastImports}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t.noImports} />
          ) : (
            <ul className="flex flex-col gap-2">
              {items.map((item) => (
                <li key={item.id} className="flex flex-wrap gap-4">
                  <Link to="/organisations/imports/$importId" params={{ importId: item.id }}>
                    {t.planOf(item.fileName, item.asOf)}
                  </Link>
                  <span>{t.importState[item.state]}</span>
                  <span>{item.actorName}</span>
                  <DateText at={item.createdAt} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}
