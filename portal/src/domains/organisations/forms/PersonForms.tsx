import { grantForm, personChangeForm } from '@rankan/server/domain/organisations/forms.ts'
import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { CENTRAL_ROLES, ROLES, type Role } from '@rankan/server/domain/people/roles.ts'
import { useState } from 'react'
import { z } from 'zod'
import { useActor } from '../../../app/session.tsx'
import { Field } from '../../../components/Field.tsx'
import { Select } from '../../../components/Select.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { changePerson, giveRole, giveRoleUnder } from '../api.ts'
import { texts as words } from '../i18n/texts.ts'
import { todayInJapan } from '../today.ts'
import { FormDialog } from './FormDialog.tsx'
import { FromDay } from './FromDay.tsx'
import { texts } from './i18n/texts.ts'
import { useForm } from './use-form.ts'

type Person = OrganisationPage['people'][number]

/** Roles that the reader may give to people of the organisation itself. */
export function useOwnRoles(): readonly Role[] {
  const { role } = useActor()
  const isCentre = CENTRAL_ROLES.includes(role)
  return ROLES.filter((r) => r !== 'operator_company' && (isCentre || !CENTRAL_ROLES.includes(r)))
}

/** Another role for somebody who is registered already. */
export function GiveRole(props: {
  readonly organisationId: string
  readonly person: Person
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const roleOf = useTexts(words).role
  const roles = useOwnRoles()
  const [role, setRole] = useState<Role>('project_office')
  const [from, setFrom] = useState(todayInJapan())
  const form = useForm({
    schema: grantForm,
    draft: { personId: props.person.id, role, from },
    send: () => giveRole(props.organisationId, { personId: props.person.id, role, from }),
    onDone: props.onClose,
    placeOf: { grant_exists: 'from' },
  })
  return (
    <FormDialog title={t.giveRoleTo(props.person.name)} form={form} onClose={props.onClose}>
      <Select
        label={t.role}
        value={role}
        onChange={setRole}
        options={roles.map((value) => ({ value, label: roleOf[value] }))}
      />
      <FromDay form={form} value={from} onChange={setFrom} />
    </FormDialog>
  )
}

/** People of a company in a contract act under it: the client names them by the user name that the company told. */
const companyForm = z.object({
  contractId: z.string().min(1),
  userName: z.string().trim().min(3).max(100),
  role: z.enum(['operator_company', 'asp']),
  from: z.iso.date(),
})

export function GiveCompanyRole({
  page,
  onClose,
}: {
  readonly page: OrganisationPage
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const contracts = page.contracts.filter((contract) => contract.client.id === page.id)
  const [contractId, setContractId] = useState<string | null>(contracts[0]?.id ?? null)
  const [userName, setUserName] = useState('')
  const [from, setFrom] = useState(todayInJapan())
  const contract = contracts.find((c) => c.id === contractId)
  const form = useForm({
    schema: companyForm,
    draft: {
      contractId: contractId ?? '',
      userName,
      role: contract?.role === 'asp' ? 'asp' : 'operator_company',
      from,
    },
    send: (value) => giveRoleUnder(page.id, value),
    onDone: onClose,
    placeOf: { person_not_found: 'userName', grant_exists: 'from', grant_too_late: 'from' },
  })
  return (
    <FormDialog title={t.companyRole} form={form} onClose={onClose}>
      <Select
        label={t.contract}
        hint={t.contractHint}
        value={contractId}
        onChange={setContractId}
        options={contracts.map((c) => ({ value: c.id, label: c.number, hint: pick(c.operator.name) }))}
        error={form.errorAt('contractId')}
        required
      />
      <Field
        label={t.userName}
        hint={t.userNameHint}
        value={userName}
        onChange={setUserName}
        error={form.errorAt('userName')}
        required
      />
      <FromDay form={form} value={from} onChange={setFrom} />
    </FormDialog>
  )
}

/** A misspelt name or an old address; who leaves is not renamed into the successor. */
export function ChangePerson({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const [draft, setDraft] = useState({
    nameJa: person.name,
    lastName: person.lastName,
    firstName: person.firstName,
    email: person.email,
  })
  const form = useForm({
    schema: personChangeForm,
    draft,
    send: (value) => changePerson(person.id, value),
    onDone: onClose,
  })
  const fields = [
    ['nameJa', t.personName],
    ['lastName', t.lastName],
    ['firstName', t.firstName],
    ['email', t.email],
  ] as const
  return (
    <FormDialog title={t.changePerson(person.name)} form={form} onClose={onClose}>
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
    </FormDialog>
  )
}
