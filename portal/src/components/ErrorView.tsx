import { ApiError } from '../api/problem.ts'
import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { Button } from './Button.tsx'
import { Notice } from './Notice.tsx'

/** `environments.0.region`, as a user of the API or of a CSV file would write it. */
export const pathText = (path: readonly (string | number)[]): string => path.join('.')

/**
 * A failure as text: its kind in the reader's language, the problem document's own words, and each wrong field with its path.
 * What is not allowed, or not there, is so at the next try, too.
 */
export function ErrorView({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const t = useTexts(common)
  const api = error instanceof ApiError ? error : null
  const title = api === null ? t.errorTitle : t.errorKinds[api.kind]
  const said = api === null ? (error instanceof Error ? error.message : String(error)) : api.problem.detail
  const detail = said === '' && api?.kind === 'unavailable' ? t.errorOffline : said
  const issues = api?.problem.issues ?? []
  return (
    <Notice kind="error" title={title}>
      {api?.kind === 'denied' ? (
        <Denied detail={detail} />
      ) : detail === '' ? null : (
        <p className="break-words">{detail}</p>
      )}
      {issues.length === 0 ? null : (
        <>
          <p className="mt-2 font-700">{t.errorFields}</p>
          <ul className="list-disc pl-6">
            {issues.map((issue) => (
              <li key={`${pathText(issue.path)} ${issue.code}`}>
                {issue.path.length === 0 ? null : <code className="font-mono">{pathText(issue.path)}: </code>}
                {issue.message || issue.code}
              </li>
            ))}
          </ul>
        </>
      )}
      {onRetry === undefined || api?.kind === 'denied' || api?.kind === 'not_found' ? null : (
        <div className="mt-3">
          <Button look="secondary" small onPress={onRetry}>
            {t.retry}
          </Button>
        </div>
      )}
    </Notice>
  )
}

/** Whoever meets this can change nothing about it; the server's own words help the person whom they ask. */
function Denied({ detail }: { readonly detail: string }) {
  const t = useTexts(common)
  return (
    <>
      <p>{t.errorDenied}</p>
      {detail === '' ? null : (
        <details>
          <summary className="cursor-pointer">{t.errorTechnical}</summary>
          <p lang="en" className="break-words">
            {detail}
          </p>
        </details>
      )}
    </>
  )
}
