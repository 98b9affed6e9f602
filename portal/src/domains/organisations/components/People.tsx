import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { toast } from '../../../components/Toast.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { endGrant } from '../api.ts'
import { texts } from '../i18n/texts.ts'

type Person = OrganisationPage['people'][number]
type Grant = Person['grants'][number]
interface Choice {
  readonly person: Person
  readonly grant: Grant
}

export function People({ page }: { readonly page: OrganisationPage }) {
  const t = useTexts(texts)
  const pick = usePick()
  const mayChange = useMay('organisation.people.change')
  const [choice, setChoice] = useState<Choice | null>(null)
  const columns = useMemo(
    (): readonly Column<Person>[] => [
      {
        key: 'name',
        title: t.name,
        width: 12,
        value: (p) => p.name,
        cell: (p) => (
          <>
            {p.name}
            <span className="block text-solid-gray-700">
              {p.firstName} {p.lastName}
            </span>
            {p.to === null ? null : <span className="block text-error-2">{t.left(p.to)}</span>}
          </>
        ),
      },
      {
        key: 'role',
        title: t.roleTitle,
        width: 16,
        value: (p) => p.grants.map((g) => t.role[g.role]).join(', '),
        cell: (p) => (
          <ul>
            {p.grants.map((grant) => (
              <li key={grant.id}>
                {t.role[grant.role]} {grant.to === null ? '' : `– ${grant.to}`} {grant.contractNumber ?? ''}
                {mayChange ? (
                  <Button look="quiet" small onPress={() => setChoice({ person: p, grant })}>
                    {t.endGrant}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        ),
      },
      { key: 'employer', title: t.employer, width: 12, value: (p) => pick(p.employer.name) },
      { key: 'email', title: t.email, width: 16, value: (p) => p.email },
    ],
    [t, pick, mayChange],
  )
  if (page.people.length === 0) return <EmptyState title={t.noPeople} />
  return (
    <>
      <DataTable label={t.people} rows={page.people} columns={columns} rowKey={(p) => p.id} />
      {choice === null ? null : <EndGrant choice={choice} onClose={() => setChoice(null)} />}
    </>
  )
}

/** Today in Japan, where the register's days are. */
export const todayInJapan = (): string => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10)

function EndGrant({ choice, onClose }: { readonly choice: Choice; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const end = useMutation({
    mutationFn: () => endGrant(choice.grant.id, todayInJapan()),
    onSuccess: async () => {
      toast(t.grantEnded)
      onClose()
      await client.invalidateQueries({ queryKey: ['organisations'] })
    },
  })
  return (
    <Confirm
      title={t.endGrant}
      isOpen
      onClose={onClose}
      action={t.endGrant}
      danger
      pending={end.isPending}
      onConfirm={() => end.mutate()}
    >
      <p>{t.endGrantAsk(choice.person.name, t.role[choice.grant.role])}</p>
      {end.error === null ? null : <ErrorView error={end.error} />}
    </Confirm>
  )
}
