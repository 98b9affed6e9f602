import { useSearch } from '@tanstack/react-router'
import { Page } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { ChangeForm } from '../form/ChangeForm.tsx'
import { texts } from '../i18n/texts.ts'

export function ChangeAccount() {
  const t = useTexts(texts)
  const search = useSearch({ from: '/shell/applications/change' })
  const kind = search.kind === undefined || search.kind === 'vend' ? 'change_contacts' : search.kind
  return (
    <Page title={t.changeTitle} lead={t.changeLead}>
      <ChangeForm initial={{ kind, accountId: search.accountId ?? '', reason: '' }} saved={null} />
    </Page>
  )
}
