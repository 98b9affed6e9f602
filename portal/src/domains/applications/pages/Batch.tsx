import type { BatchView } from '@rankan/server/domain/applications/view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { Button, buttonClasses } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Page } from '../../../components/Page.tsx'
import { useLanguage, usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { uploadBatch } from '../api.ts'
import { texts } from '../i18n/texts.ts'

/** Choose, check, submit: nothing is accepted before the whole file is sound. */
export function Batch() {
  const t = useTexts(texts)
  const { language } = useLanguage()
  const client = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const check = useMutation({ mutationFn: (chosen: File) => uploadBatch(chosen, true) })
  const accept = useMutation({
    mutationFn: (chosen: File) => uploadBatch(chosen, false),
    onSuccess: () => client.invalidateQueries({ queryKey: ['applications'] }),
  })
  const choose = (files: FileList | null) => {
    const chosen = files?.[0] ?? null
    setFile(chosen)
    accept.reset()
    check.reset()
    if (chosen !== null) check.mutate(chosen)
  }
  const answer = accept.data ?? check.data
  const sound = check.data !== undefined && check.data.errors.length === 0
  return (
    <Page
      title={t.batchTitle}
      lead={t.batchLead}
      actions={
        <a
          href={`/api/applications/template?language=${language}`}
          download
          className={buttonClasses('secondary')}
        >
          {t.template}
        </a>
      }
    >
      <div className="flex flex-wrap items-center gap-3">
        <FileTrigger acceptedFileTypes={['.csv', 'text/csv']} onSelect={choose}>
          <Button look="secondary" isPending={check.isPending}>
            {t.chooseFile}
          </Button>
        </FileTrigger>
        <span>{file?.name ?? ''}</span>
        {file !== null && sound && accept.data === undefined ? (
          <Button onPress={() => accept.mutate(file)} isPending={accept.isPending}>
            {t.acceptFile(check.data?.applications.length ?? 0)}
          </Button>
        ) : null}
      </div>
      {check.error === null ? null : <ErrorView error={check.error} />}
      {accept.error === null ? null : <ErrorView error={accept.error} />}
      {answer === undefined ? null : <Answer answer={answer} />}
    </Page>
  )
}

function Answer({ answer }: { readonly answer: BatchView }) {
  const t = useTexts(texts)
  if (answer.errors.length > 0)
    return (
      <>
        <Notice kind="error" title={t.fileErrors(answer.errors.length)} />
        <Errors errors={answer.errors} />
      </>
    )
  if (answer.batchId === null)
    return <Notice kind="info" title={t.fileSound(answer.applications.length, answer.rows)} />
  return (
    <Notice kind="success" title={t.fileAccepted(answer.applications.length)}>
      <Link to="/applications" search={{ batchId: answer.batchId }}>
        {t.openBatch}
      </Link>
    </Notice>
  )
}

type RowError = BatchView['errors'][number]

function Errors({ errors }: { readonly errors: readonly RowError[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  const columns: readonly Column<RowError>[] = [
    { key: 'row', title: t.row, width: 5, align: 'end', value: (e) => e.row },
    { key: 'column', title: t.column, width: 12, value: (e) => e.column ?? '' },
    { key: 'key', title: t.key, width: 8, value: (e) => e.key ?? '' },
    { key: 'problem', title: t.problem, width: 30, value: (e) => pick(e.message) },
  ]
  return (
    <DataTable
      label={t.batchTitle}
      rows={errors}
      columns={columns}
      rowKey={(e) => `${e.row} ${e.column} ${e.code}`}
      tools
    />
  )
}
