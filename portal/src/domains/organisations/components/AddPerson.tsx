import { personForm } from '@rankan/server/domain/organisations/forms.ts'
import { CENTRAL_ROLES, ROLES, type Role } from '@rankan/server/domain/people/roles.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useActor } from '../../../app/session.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Select } from '../../../components/Select.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { addPerson, giveRole } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { todayInJapan } from '../today.ts'

const EMPTY = { nameJa: '', lastName: '', firstName: '', email: '', userName: '' }
type Draft = typeof EMPTY

/** A person with a first role. People of an operator company come with their contract, by the API. */
export function AddPerson(props: { readonly organisationId: string; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const client = useQueryClient()
  const actor = useActor()
  const [draft, setDraft] = useState<Draft>(EMPTY)
  const [from, setFrom] = useState(todayInJapan())
  const [role, setRole] = useState<Role>('project_office')
  const [asked, setAsked] = useState(false)
  // Registered, but the role was refused: the second try must not register the person again.
  const [made, setMade] = useState<string | null>(null)
  const checked = personForm.safeParse({ ...draft, from })
  const wrong = (field: string) =>
    asked ? checked.error?.issues.find((issue) => issue.path[0] === field)?.message : undefined
  const save = useMutation({
    mutationFn: async () => {
      const id = made ?? (await addPerson(props.organisationId, { ...draft, from })).id
      setMade(id)
      await giveRole(props.organisationId, { personId: id, role, from })
    },
    onSuccess: async () => {
      toast(t.saved)
      props.onClose()
      await client.invalidateQueries({ queryKey: ['organisations'] })
    },
  })
  const isCentre = CENTRAL_ROLES.some((central) => central === actor.role)
  const roles = ROLES.filter((r) => r !== 'operator_company' && (isCentre || !CENTRAL_ROLES.includes(r)))
  const fields = [
    ['nameJa', t.name],
    ['lastName', t.lastName],
    ['firstName', t.firstName],
    ['email', t.personEmail],
    ['userName', t.userName],
  ] as const
  return (
    <Confirm
      title={t.addPerson}
      isOpen
      onClose={props.onClose}
      action={t.save}
      pending={save.isPending}
      onConfirm={() => {
        setAsked(true)
        if (checked.success) save.mutate()
      }}
    >
      {fields.map(([key, label]) => (
        <Field
          key={key}
          label={label}
          value={draft[key]}
          onChange={(value) => setDraft({ ...draft, [key]: value })}
          error={wrong(key)}
          required
        />
      ))}
      <Select
        label={t.roleTitle}
        value={role}
        options={roles.map((value) => ({ value, label: t.role[value] }))}
        onChange={setRole}
      />
      <Field label={t.validFrom} type="date" value={from} onChange={setFrom} error={wrong('from')} required />
      {save.error === null ? null : <ErrorView error={save.error} />}
    </Confirm>
  )
}
