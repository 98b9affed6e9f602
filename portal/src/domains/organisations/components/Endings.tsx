import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Confirm } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { endGrant, personLeaves } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { todayInJapan } from '../today.ts'

type Person = OrganisationPage['people'][number]
interface Choice {
  readonly person: Person
  readonly grant: Person['grants'][number]
}

export function EndGrant({ choice, onClose }: { readonly choice: Choice; readonly onClose: () => void }) {
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

/** The last day at work is the day before; roles that stay are shown as something to do. */
export function Leave({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [day, setDay] = useState(todayInJapan())
  const leave = useMutation({
    mutationFn: () => personLeaves(person.id, day),
    onSuccess: async () => {
      toast(t.leftSaved)
      onClose()
      await client.invalidateQueries({ queryKey: ['organisations'] })
    },
  })
  return (
    <Confirm
      title={`${t.leave}: ${person.name}`}
      isOpen
      onClose={onClose}
      action={t.leave}
      danger
      pending={leave.isPending}
      disabled={day === ''}
      onConfirm={() => leave.mutate()}
    >
      <Field label={t.leaveDay} type="date" value={day} onChange={setDay} required />
      {leave.error === null ? null : <ErrorView error={leave.error} />}
    </Confirm>
  )
}
