import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useActor, useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Card, Section } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { delegationsQuery, makeDelegation, organisationQuery, revokeDelegation } from '../api.ts'
import { texts } from '../i18n/texts.ts'

/** Who stands in for whom, and handing one's own approvals over. */
export function Delegations() {
  const t = useTexts(texts)
  const actor = useActor()
  const client = useQueryClient()
  const query = useQuery(delegationsQuery)
  const mayDelegate = useMay('application.delegate')
  const revoke = useMutation({
    mutationFn: revokeDelegation,
    onSuccess: () => client.invalidateQueries({ queryKey: ['delegations'] }),
  })
  return (
    <Section title={t.delegationsTitle}>
      <p className="text-solid-gray-700">{t.delegationsLead}</p>
      {revoke.error === null ? null : <ErrorView error={revoke.error} />}
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t.noDelegations}</p>
          ) : (
            <ul className="flex flex-col gap-2">
              {items.map((item) => (
                <li key={item.id} className="flex flex-wrap items-center gap-x-4 gap-y-1">
                  <span className="font-700">{t.delegationOf(item.from.name, item.to.name)}</span>
                  <span>
                    {item.firstDay} – {item.lastDay}
                  </span>
                  <span className="text-solid-gray-700">{item.reason}</span>
                  {item.revokedAt !== null ? (
                    <span>{t.revoked}</span>
                  ) : item.from.id === actor.id ? (
                    <Button
                      small
                      look="secondary"
                      onPress={() => revoke.mutate(item.id)}
                      isPending={revoke.isPending}
                    >
                      {t.revoke}
                    </Button>
                  ) : null}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {mayDelegate && actor.organisationIds[0] !== undefined ? (
        <HandOver organisationId={actor.organisationIds[0]} />
      ) : null}
    </Section>
  )
}

function HandOver({ organisationId }: { readonly organisationId: string }) {
  const t = useTexts(texts)
  const actor = useActor()
  const client = useQueryClient()
  const organisation = useQuery(organisationQuery(organisationId))
  const [to, setTo] = useState<string | null>(null)
  const [firstDay, setFirstDay] = useState('')
  const [lastDay, setLastDay] = useState('')
  const [reason, setReason] = useState('')
  const people = (organisation.data?.people ?? []).filter((person) => person.id !== actor.id)
  const complete = to !== null && firstDay !== '' && lastDay !== '' && reason.trim() !== ''
  const make = useMutation({
    mutationFn: () => makeDelegation({ toPersonId: to ?? '', firstDay, lastDay, reason: reason.trim() }),
    onSuccess: async () => {
      toast(t.delegated)
      setReason('')
      await client.invalidateQueries({ queryKey: ['delegations'] })
    },
  })
  return (
    <Card>
      <div className="flex flex-col gap-3">
        {make.error === null ? null : <ErrorView error={make.error} />}
        <div className="flex flex-wrap items-end gap-3">
          <Select
            label={t.delegateTo}
            value={to}
            onChange={setTo}
            options={people.map((p) => ({ value: p.id, label: p.name, hint: p.email }))}
            className="w-64"
          />
          <Field label={t.firstDay} type="date" value={firstDay} onChange={setFirstDay} />
          <Field label={t.lastDay} type="date" value={lastDay} onChange={setLastDay} />
          <Field label={t.reason} value={reason} onChange={setReason} className="w-64" />
          <Button
            look="secondary"
            isDisabled={!complete}
            isPending={make.isPending}
            onPress={() => make.mutate()}
          >
            {t.delegate}
          </Button>
        </div>
      </div>
    </Card>
  )
}
