import { Link, useRouter } from '@tanstack/react-router'
import { ErrorView } from '../../components/ErrorView.tsx'
import { Page } from '../../components/Page.tsx'
import { common } from '../../i18n/common.ts'
import { useTexts } from '../../i18n/messages.ts'

export function NotFound() {
  const t = useTexts(common)
  return (
    <main className="mx-auto max-w-3xl p-6">
      <Page title={t.notFoundTitle}>
        <p>{t.notFoundText}</p>
        <p>
          <Link to="/">{t.toHome}</Link>
        </p>
      </Page>
    </main>
  )
}

export function RouteError({ error }: { readonly error: unknown }) {
  const router = useRouter()
  return (
    <div className="mx-auto max-w-3xl p-6">
      <ErrorView error={error} onRetry={() => void router.invalidate()} />
    </div>
  )
}
