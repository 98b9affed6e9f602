import type { ReplayView } from '@rankan/server/domain/policies/replays.ts'
import { common } from '../../../../i18n/common.ts'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

/** Why a replay failed, in words, and what the server said of it for whoever looks after the installation. */
export function Failure({ error }: Pick<ReplayView, 'error'>) {
  const t = useTexts(texts)
  const shared = useTexts(common)
  if (error === null) return null
  const words: Readonly<Record<string, string>> = t.failureOf
  return (
    <>
      <p>{words[error.code] ?? t.failureOther}</p>
      <details>
        <summary className="cursor-pointer">{shared.errorTechnical}</summary>
        <p lang="en" className="break-words whitespace-pre-wrap">
          {error.message} <code className="font-mono">{error.code}</code>
        </p>
      </details>
    </>
  )
}
