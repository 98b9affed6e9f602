import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { useMemo, useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { ChangePerson, GiveRole } from '../forms/PersonForms.tsx'
import { useMayAt } from '../forms/use-may-at.ts'
import { texts } from '../i18n/texts.ts'
import { AddPerson } from './AddPerson.tsx'
import { EndGrant, Leave } from './Endings.tsx'

type Person = OrganisationPage['people'][number]
type Choice = Parameters<typeof EndGrant>[0]['choice']

export function People({ page }: { readonly page: OrganisationPage }) {
  const t = useTexts(texts)
  const pick = usePick()
  const mayChange = useMayAt('organisation.people.change')(page.id)
  const [choice, setChoice] = useState<Choice | null>(null)
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Person | null>(null)
  const [giving, setGiving] = useState<Person | null>(null)
  const [correcting, setCorrecting] = useState<Person | null>(null)
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
            {p.to !== null ? (
              <span className="block text-error-2">{t.left(p.to)}</span>
            ) : mayChange && p.employer.id === page.id ? (
              <span className="flex flex-wrap">
                <Button look="quiet" small onPress={() => setCorrecting(p)}>
                  {t.correct}
                </Button>
                <Button look="quiet" small onPress={() => setLeaving(p)}>
                  {t.leave}
                </Button>
              </span>
            ) : null}
          </>
        ),
      },
      {
        key: 'role',
        title: t.roleTitle,
        width: 16,
        value: (p) => p.grants.map((g) => t.role[g.role]).join(', '),
        cell: (p) => (
          <>
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
            {mayChange && p.to === null && p.employer.id === page.id ? (
              <Button look="quiet" small onPress={() => setGiving(p)}>
                {t.giveRole}
              </Button>
            ) : null}
          </>
        ),
      },
      { key: 'employer', title: t.employer, width: 12, value: (p) => pick(p.employer.name) },
      { key: 'email', title: t.personEmail, width: 16, value: (p) => p.email },
    ],
    [t, pick, mayChange, page.id],
  )
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {page.people.length === 0 ? (
        <EmptyState title={t.noPeople} />
      ) : (
        <DataTable label={t.people} rows={page.people} columns={columns} rowKey={(p) => p.id} />
      )}
      {mayChange && page.now !== null ? (
        <div>
          <Button look="secondary" onPress={() => setAdding(true)}>
            {t.addPerson}
          </Button>
        </div>
      ) : null}
      {adding ? <AddPerson organisationId={page.id} onClose={() => setAdding(false)} /> : null}
      {giving === null ? null : (
        <GiveRole organisationId={page.id} person={giving} onClose={() => setGiving(null)} />
      )}
      {correcting === null ? null : <ChangePerson person={correcting} onClose={() => setCorrecting(null)} />}
      {leaving === null ? null : <Leave person={leaving} onClose={() => setLeaving(null)} />}
      {choice === null ? null : <EndGrant choice={choice} onClose={() => setChoice(null)} />}
    </div>
  )
}
