import { Link } from '@tanstack/react-router'
import { useMay } from '../../../app/session.tsx'
import { buttonClasses } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import type { Draft } from '../draft.ts'
import { texts } from '../i18n/texts.ts'

/** The way from a draft to the people it would have hit: the organisation's own history. */
export function Affected({ draft, errors }: { readonly draft: Draft; readonly errors: number }) {
  const t = useTexts(texts)
  const mayStart = useMay('replay.start')
  if (draft.kind !== 'scp' && draft.kind !== 'rcp') return <EmptyState title={t.replayNeedsKind} />
  if (errors > 0) return <EmptyState title={t.replayNeedsValid} />
  return (
    <div className="flex flex-col items-start gap-3">
      <p>{t.affectedText}</p>
      {mayStart ? (
        <Link to="/replays/new" className={buttonClasses()}>
          {t.affectedStart}
        </Link>
      ) : (
        <Notice kind="info" title={t.affectedNotYours} />
      )}
    </div>
  )
}
