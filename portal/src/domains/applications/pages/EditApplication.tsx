import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Loaded } from '../../../components/Loaded.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Page } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { applicationQuery } from '../api.ts'
import { ChangeForm } from '../form/ChangeForm.tsx'
import { Wizard } from '../form/Wizard.tsx'
import { texts } from '../i18n/texts.ts'

export function EditApplication() {
  const t = useTexts(texts)
  const { applicationId } = useParams({ from: '/shell/applications/$applicationId/edit' })
  // Loaded once: what others do meanwhile must not overwrite what is being typed; saving tells of it.
  const query = useQuery({
    ...applicationQuery(applicationId),
    queryKey: ['edit-application', applicationId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  return (
    <Page title={t.wizardTitle} lead={t.wizardLead}>
      <Loaded query={query}>
        {(view) => {
          const saved = { id: view.id, version: view.version }
          return (
            <>
              {view.answer === null ? null : (
                <Notice kind="warning" title={t.returnedTitle(view.answer.by.name)}>
                  <p className="whitespace-pre-wrap">{view.answer.comment}</p>
                </Notice>
              )}
              {view.kind === 'vend' ? (
                <Wizard initial={view.form} saved={saved} />
              ) : (
                <ChangeForm initial={view.form} saved={saved} />
              )}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
