import { personForm } from '@rankan/server/domain/organisations/forms.ts'
import type { Role } from '@rankan/server/domain/people/roles.ts'
import { useState } from 'react'
import { Field } from '../../../components/Field.tsx'
import { Select } from '../../../components/Select.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { addPerson, giveRole } from '../api.ts'
import { FormDialog } from '../forms/FormDialog.tsx'
import { FromDay } from '../forms/FromDay.tsx'
import { useOwnRoles } from '../forms/PersonForms.tsx'
import { useForm } from '../forms/use-form.ts'
import { texts } from '../i18n/texts.ts'
import { todayInJapan } from '../today.ts'

const EMPTY = { nameJa: '', lastName: '', firstName: '', email: '', userName: '' }
type Draft = typeof EMPTY

/** A person with a first role. People of an operator company come in under their contract (see `GiveCompanyRole`). */
export function AddPerson(props: { readonly organisationId: string; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const roles = useOwnRoles()
  const [draft, setDraft] = useState<Draft>(EMPTY)
  const [from, setFrom] = useState(todayInJapan())
  const [role, setRole] = useState<Role>('project_office')
  // Registered, but the role was refused: the second try must not register the person again.
  const [made, setMade] = useState<string | null>(null)
  const form = useForm({
    schema: personForm,
    draft: { ...draft, from },
    send: async (person) => {
      const id = made ?? (await addPerson(props.organisationId, person)).id
      setMade(id)
      await giveRole(props.organisationId, { personId: id, role, from })
    },
    onDone: props.onClose,
  })
  const fields = [
    ['nameJa', t.name],
    ['lastName', t.lastName],
    ['firstName', t.firstName],
    ['email', t.personEmail],
    ['userName', t.userName],
  ] as const
  return (
    <FormDialog title={t.addPerson} form={form} onClose={props.onClose}>
      {fields.map(([key, label]) => (
        <Field
          key={key}
          label={label}
          value={draft[key]}
          onChange={(value) => setDraft({ ...draft, [key]: value })}
          error={form.errorAt(key)}
          required
        />
      ))}
      <Select
        label={t.roleTitle}
        value={role}
        options={roles.map((value) => ({ value, label: t.role[value] }))}
        onChange={setRole}
      />
      <FromDay form={form} value={from} onChange={setFrom} />
    </FormDialog>
  )
}
