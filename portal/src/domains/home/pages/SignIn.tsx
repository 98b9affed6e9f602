import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type Persona, sessionQuery, signIn } from '../../../api/session.ts'
import { LanguageSwitch } from '../../../app/layout/LanguageSwitch.tsx'
import { Wordmark } from '../../../app/layout/Wordmark.tsx'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Page } from '../../../components/Page.tsx'
import { common } from '../../../i18n/common.ts'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { inOrder } from '../persona-order.ts'

export function SignIn() {
  const t = useTexts(texts)
  const session = useQuery(sessionQuery)
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-8 px-4 py-8">
      <header className="flex flex-wrap items-center justify-between gap-4">
        <Wordmark />
        <LanguageSwitch />
      </header>
      <main>
        <Page title={t.signInTitle}>
          <Loaded query={session}>
            {({ personas }) =>
              personas.length === 0 ? (
                <EmptyState title={t.signInNone}>{t.signInNoneText}</EmptyState>
              ) : (
                <Personas personas={personas} />
              )
            }
          </Loaded>
        </Page>
      </main>
    </div>
  )
}

function Personas({ personas }: { readonly personas: readonly Persona[] }) {
  const t = useTexts(texts)
  const shared = useTexts(common)
  const pick = usePick()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { next } = useSearch({ from: '/sign-in' })
  const enter = useMutation({
    mutationFn: (persona: Persona) => signIn(persona.id),
    onSuccess: async () => {
      client.clear()
      await navigate({ to: next ?? '/' })
    },
  })
  return (
    <>
      <p>{t.signInLead}</p>
      {enter.error === null ? null : <ErrorView error={enter.error} />}
      <ul className="flex flex-col gap-3">
        {inOrder(personas).map((persona) => (
          <li
            key={persona.id}
            className="flex flex-wrap items-center justify-between gap-3 rounded-12 border border-solid-gray-420 p-4"
          >
            <div>
              <p className="text-std-17B-170">{pick(persona.name)}</p>
              <p className="text-solid-gray-700">
                {shared.role[persona.role]}
                {persona.organisationName ? ` — ${pick(persona.organisationName)}` : ''}
              </p>
              <p>{t.canTry[persona.role]}</p>
            </div>
            <Button
              aria-label={t.signInAs(pick(persona.name))}
              onPress={() => enter.mutate(persona)}
              isPending={enter.isPending && enter.variables.id === persona.id}
            >
              {t.signInTitle}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
