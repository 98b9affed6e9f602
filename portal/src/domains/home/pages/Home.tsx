import { Link } from '@tanstack/react-router'
import { may, useActor } from '../../../app/session.tsx'
import { buttonClasses } from '../../../components/Button.tsx'
import { Page } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { Applications } from '../components/Applications.tsx'
import { AttentionSummary } from '../components/AttentionSummary.tsx'
import { DriftSummary } from '../components/DriftSummary.tsx'
import { LedgerSummary } from '../components/LedgerSummary.tsx'
import { MyAccounts } from '../components/MyAccounts.tsx'
import { QueueSummary } from '../components/QueueSummary.tsx'
import { texts } from '../i18n/texts.ts'

const NEW_APPLICATION: string = '/applications/new'

/** What each role sees follows from what it may do, so that a change of the access table changes the home page too. */
export function Home() {
  const t = useTexts(texts)
  const actor = useActor()
  const decides = may(actor, 'application.approve')
  const applies = may(actor, 'application.apply')
  const isCentre = may(actor, 'queue.read')
  return (
    <Page
      title={t.homeTitle}
      lead={t.hello(actor.name)}
      actions={
        applies ? (
          <Link to={NEW_APPLICATION} className={buttonClasses()}>
            {t.startApplication}
          </Link>
        ) : undefined
      }
    >
      {decides ? <Applications view="waiting" /> : null}
      {may(actor, 'organisation.attention.read') ? <AttentionSummary isCentre={isCentre} /> : null}
      {isCentre ? <QueueSummary /> : null}
      {isCentre ? <DriftSummary /> : null}
      {applies ? <Applications view="mine" /> : null}
      {isCentre ? null : <MyAccounts />}
      {actor.role === 'central_auditor' ? <LedgerSummary /> : null}
    </Page>
  )
}
