import { useQuery } from '@tanstack/react-query'
import { useActor } from '../../../app/session.tsx'
import { Page } from '../../../components/Page.tsx'
import { Skeleton } from '../../../components/Skeleton.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { organisationQuery } from '../api.ts'
import { withValue } from '../form/path.ts'
import { emptyVendForm } from '../form/spec.ts'
import { Wizard } from '../form/Wizard.tsx'
import { texts } from '../i18n/texts.ts'

/** A new form knows already for whom it is, when the applicant belongs to one organisation. */
export function NewApplication() {
  const t = useTexts(texts)
  const actor = useActor()
  const [first] = actor.organisationIds
  const own = useQuery({ ...organisationQuery(first ?? ''), enabled: first !== undefined })
  const waiting = first !== undefined && own.isPending
  const code = own.data?.now?.code
  const empty = emptyVendForm()
  return (
    <Page title={t.wizardTitle} lead={t.wizardLead}>
      {waiting ? (
        <Skeleton lines={6} />
      ) : (
        <Wizard
          initial={code === undefined ? empty : withValue(empty, ['organisation'], { code })}
          saved={null}
        />
      )}
    </Page>
  )
}
