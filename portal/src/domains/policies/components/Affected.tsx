import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useMay } from '../../../app/session.tsx'
import { buttonClasses } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Section } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import type { DraftKind } from '../draft.ts'
import { texts } from '../i18n/texts.ts'
import { AffectedBelow } from './AffectedBelow.tsx'

/** Whom the draft would bind, and the way to what it would have denied them: the organisation's own history. */
export const Affected = memo(function Affected(props: {
  readonly name: string
  readonly kind: DraftKind
  readonly errors: number
}) {
  const t = useTexts(texts)
  const mayRead = useMay('guardrail.read')
  const { kind, name, errors } = props
  if (kind !== 'scp' && kind !== 'rcp') return <EmptyState title={t.replayNeedsKind} />
  return (
    <div className="flex flex-col gap-8">
      <Replay errors={errors} />
      {mayRead ? (
        <Section title={t.affectedWhere}>
          <AffectedBelow draft={{ kind, name }} />
        </Section>
      ) : null}
    </div>
  )
})

function Replay({ errors }: { readonly errors: number }) {
  const t = useTexts(texts)
  const mayStart = useMay('replay.start')
  return (
    <Section title={t.affectedHow}>
      <p>{t.affectedText}</p>
      {errors > 0 ? (
        <Notice kind="info" title={t.replayNeedsValid} />
      ) : mayStart ? (
        <div>
          <Link to="/replays/new" className={buttonClasses()}>
            {t.affectedStart}
          </Link>
        </div>
      ) : (
        <Notice kind="info" title={t.affectedNotYours} />
      )}
    </Section>
  )
}
