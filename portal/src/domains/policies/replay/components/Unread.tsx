import type { ReplayIngest } from '@rankan/server/domain/policies/replays.ts'
import { Notice } from '../../../../components/Notice.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

/** In a line: how many files the trail has, and how many of them are not in the answer. */
export function useFilesRead(): (ingest: ReplayIngest) => string {
  const t = useTexts(texts)
  return ({ files, refusedFiles, partlyFiles = 0 }) =>
    [
      t.files(files),
      ...(refusedFiles === 0 ? [] : [t.filesRefused(refusedFiles)]),
      ...(partlyFiles === 0 ? [] : [t.filesPartly(partlyFiles)]),
    ].join(t.comma)
}

/** What the answer lacks, when it lacks something: nobody must take silence about these files for safety. */
export function Unread({ ingest }: { readonly ingest: ReplayIngest | null }) {
  const t = useTexts(texts)
  const filesRead = useFilesRead()
  if (ingest === null) return null
  const { refusedFiles, refused, partly = [], partlyFiles = partly.length } = ingest
  const named = refused.length + partly.length
  const all = refusedFiles + partlyFiles
  if (all === 0) return null
  return (
    <Notice kind="warning" title={t.refusedTitle}>
      <p>{t.refusedText}</p>
      <details>
        <summary className="cursor-pointer">{filesRead({ ...ingest, partlyFiles })}</summary>
        <ul className="list-disc pl-6">
          {refused.map(({ name, reason, detail }) => (
            <li key={`${reason} ${name}`}>
              <code className="font-mono break-all">{name}</code>
              <br />
              {t.refusalOf[reason]}{' '}
              <span lang="en" className="text-solid-gray-700">
                ({detail})
              </span>
            </li>
          ))}
          {partly.map(({ name, events, foreign }) => (
            <li key={`partly ${name}`}>
              <code className="font-mono break-all">{name}</code>
              <br />
              {t.readInPart(events, foreign)}
            </li>
          ))}
        </ul>
        {all > named ? <p>{t.filesNamed(named)}</p> : null}
      </details>
    </Notice>
  )
}
