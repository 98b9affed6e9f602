import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../../api/problem.ts'
import { useActor, useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { Card, Section } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { todayInJapan } from '../../organisations/today.ts'
import { candidatesQuery, delegationsQuery, makeDelegation, revokeDelegation } from '../api.ts'
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
                  <span>{t.delegationStage[item.stage]}</span>
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
      {mayDelegate ? <HandOver /> : null}
    </Section>
  )
}

/** Refusals of the server at the field that they are about. */
const PLACES: Readonly<Record<string, 'to' | 'lastDay'>> = {
  delegate_outside: 'to',
  delegate_is_self: 'to',
  person_not_found: 'to',
  delegation_days_reversed: 'lastDay',
  delegation_too_long: 'lastDay',
}

/** Who is away names a colleague, for which days, and why. */
function HandOver() {
  const t = useTexts(texts)
  const client = useQueryClient()
  const candidates = useQuery(candidatesQuery)
  const [to, setTo] = useState<string | null>(null)
  const [firstDay, setFirstDay] = useState(todayInJapan())
  const [lastDay, setLastDay] = useState('')
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const people = candidates.data?.items ?? []
  const make = useMutation({
    mutationFn: () => makeDelegation({ toPersonId: to ?? '', firstDay, lastDay, reason: reason.trim() }),
    onSuccess: async () => {
      toast(t.delegated)
      setAsked(false)
      setTo(null)
      setLastDay('')
      setReason('')
      await client.invalidateQueries({ queryKey: ['delegations'] })
    },
  })
  const wrong = {
    to: to === null ? t.delegateWrong.to : null,
    firstDay: firstDay === '' ? t.delegateWrong.day : null,
    lastDay: lastDay === '' ? t.delegateWrong.day : lastDay < firstDay ? t.delegateWrong.reversed : null,
    reason: reason.trim() === '' ? t.reasonNeeded : null,
  }
  const code = make.error instanceof ApiError ? make.error.problem.code : ''
  const place = PLACES[code]
  const errorAt = (field: keyof typeof wrong): string | null =>
    (asked ? wrong[field] : null) ?? (place === field ? refusalText(t.delegateWrong, code) : null)
  const submit = () => {
    setAsked(true)
    if (Object.values(wrong).every((text) => text === null)) make.mutate()
  }
  if (candidates.data !== undefined && people.length === 0) return <p>{t.noCandidates}</p>
  return (
    <Card>
      <h3 className="mb-3 text-std-17B-170">{t.handOver}</h3>
      <div className="flex flex-col items-start gap-3">
        {make.error === null || place !== undefined ? null : <ErrorView error={make.error} />}
        <div className="grid w-full gap-3 sm:grid-cols-2 xl:grid-cols-4">
          <Select
            label={t.delegateTo}
            value={to}
            onChange={setTo}
            options={people.map((p) => ({ value: p.id, label: p.name, hint: p.email }))}
            error={errorAt('to')}
            required
          />
          <Field
            label={t.firstDay}
            type="date"
            value={firstDay}
            onChange={setFirstDay}
            error={errorAt('firstDay')}
            required
          />
          <Field
            label={t.lastDay}
            type="date"
            value={lastDay}
            onChange={setLastDay}
            error={errorAt('lastDay')}
            required
          />
          <Field
            label={t.reason}
            value={reason}
            onChange={setReason}
            maxLength={500}
            error={errorAt('reason')}
            required
          />
        </div>
        <Button look="secondary" isPending={make.isPending} onPress={submit}>
          {t.delegate}
        </Button>
      </div>
    </Card>
  )
}

const refusalText = (
  texts: { readonly [K in 'to' | 'reversed' | 'tooLong' | 'outside']: string },
  code: string,
) =>
  code === 'delegation_too_long'
    ? texts.tooLong
    : code === 'delegation_days_reversed'
      ? texts.reversed
      : code === 'delegate_outside'
        ? texts.outside
        : texts.to
