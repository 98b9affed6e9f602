import { Page } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

export function Home() {
  const t = useTexts(texts)
  return <Page title={t.homeTitle}>{null}</Page>
}
