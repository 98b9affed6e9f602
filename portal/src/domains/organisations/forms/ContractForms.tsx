import { contractChangeForm, contractForm } from '@rankan/server/domain/organisations/forms.ts'
import {
  CONTRACT_ROLES,
  type OrganisationPage,
  type SystemView,
} from '@rankan/server/domain/organisations/view.ts'
import { useState } from 'react'
import { searchOrganisations } from '../../../api/organisations.ts'
import { Checkbox } from '../../../components/Choice.tsx'
import { ComboBox } from '../../../components/ComboBox.tsx'
import { Field } from '../../../components/Field.tsx'
import type { Option } from '../../../components/options.tsx'
import { Select } from '../../../components/Select.tsx'
import { useLanguage, usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { addContract, changeContract } from '../api.ts'
import { todayInJapan } from '../today.ts'
import { FormDialog } from './FormDialog.tsx'
import { FromDay } from './FromDay.tsx'
import { texts } from './i18n/texts.ts'
import { useForm } from './use-form.ts'

type Contract = OrganisationPage['contracts'][number]

/** A contract of the organisation with an operator company or an ASP. */
export function AddContract({
  page,
  onClose,
}: {
  readonly page: OrganisationPage
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const { language } = useLanguage()
  const [number, setNumber] = useState('')
  const [operator, setOperator] = useState<Option | null>(null)
  const [role, setRole] = useState<(typeof CONTRACT_ROLES)[number]>('operator')
  const [from, setFrom] = useState(todayInJapan())
  const [to, setTo] = useState('')
  const [systemIds, setSystemIds] = useState<readonly string[]>([])
  const form = useForm({
    schema: contractForm,
    draft: { number, operatorId: operator?.value ?? '', role, from, to, systemIds },
    check: [
      ...(operator === null ? [{ path: ['operatorId'], code: 'operator', message: '' }] : []),
      ...(to !== '' && to <= from ? [{ path: ['to'], code: 'end_before_start', message: '' }] : []),
    ],
    send: (value) => addContract(page.id, value),
    onDone: onClose,
  })
  return (
    <FormDialog title={t.addContract} form={form} onClose={onClose}>
      <Field
        label={t.number}
        value={number}
        onChange={setNumber}
        maxLength={60}
        error={form.errorAt('number')}
        required
      />
      <ComboBox
        label={t.operator}
        value={operator}
        onChange={setOperator}
        searchKey={['organisations', 'operator', language]}
        search={(text, signal) => searchOrganisations(text, language, signal)}
        error={form.errorAt('operatorId')}
        required
      />
      <Select
        label={t.contractRole}
        value={role}
        onChange={setRole}
        options={CONTRACT_ROLES.map((value) => ({ value, label: t.contractRoleOf[value] }))}
      />
      <FromDay form={form} value={from} onChange={setFrom} />
      <Field label={t.to} type="date" value={to} onChange={setTo} error={form.errorAt('to')} required />
      <SystemChecks systems={page.systems} value={systemIds} onChange={setSystemIds} />
    </FormDialog>
  )
}

/** A longer or a shorter contract, and what it is for. */
export function ChangeContract(props: {
  readonly page: OrganisationPage
  readonly contract: Contract
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const { contract } = props
  const [to, setTo] = useState(contract.to)
  const [systemIds, setSystemIds] = useState<readonly string[]>(contract.systemIds)
  const form = useForm({
    schema: contractChangeForm,
    draft: { to, systemIds },
    send: (value) => changeContract(contract.id, value),
    onDone: props.onClose,
  })
  return (
    <FormDialog title={`${t.changeContract}: ${contract.number}`} form={form} onClose={props.onClose}>
      <Field
        label={t.to}
        hint={t.toHint}
        type="date"
        value={to}
        onChange={setTo}
        error={form.errorAt('to')}
        required
      />
      <SystemChecks systems={props.page.systems} value={systemIds} onChange={setSystemIds} />
    </FormDialog>
  )
}

function SystemChecks(props: {
  readonly systems: readonly SystemView[]
  readonly value: readonly string[]
  readonly onChange: (value: readonly string[]) => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const { systems, value, onChange } = props
  if (systems.length === 0) return null
  return (
    <fieldset className="flex flex-col">
      <legend className="text-std-16B-170">{t.systems}</legend>
      {systems.map((system) => (
        <Checkbox
          key={system.id}
          checked={value.includes(system.id)}
          onChange={(on) => onChange(on ? [...value, system.id] : value.filter((id) => id !== system.id))}
        >
          {pick(system.name)}
        </Checkbox>
      ))}
    </fieldset>
  )
}
