import { systemChangeForm, systemForm, tenantsForm } from '@rankan/server/domain/organisations/forms.ts'
import { SEPARATIONS, type Separation } from '@rankan/server/domain/organisations/shares.ts'
import type { SystemView } from '@rankan/server/domain/organisations/view.ts'
import { useState } from 'react'
import { Radios } from '../../../components/Choice.tsx'
import { Field } from '../../../components/Field.tsx'
import { Select } from '../../../components/Select.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { BUSINESS_CHOICES } from '../../applications/form/spec.ts'
import { addSystem, changeSystem, setTenants } from '../api.ts'
import { todayInJapan } from '../today.ts'
import { FormDialog } from './FormDialog.tsx'
import { FromDay } from './FromDay.tsx'
import { texts } from './i18n/texts.ts'
import { newShare, type ShareDraft, ShareFields, shareIssues, sharesOf } from './ShareFields.tsx'
import { useForm } from './use-form.ts'

/** The register knows the standard areas by code, and all others as none. */
const OTHER = 'other'
const areaOf = (value: string): string | null => (value === OTHER ? null : value)

/** A system that the organisation is about to own, in single or in shared use. */
export function AddSystem(props: { readonly organisationId: string; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const [draft, setDraft] = useState({ code: '', nameJa: '', nameEn: '', from: todayInJapan() })
  const [area, setArea] = useState<string>(OTHER)
  const [useMode, setUseMode] = useState<'single' | 'shared'>('single')
  const [separation, setSeparation] = useState<Separation | null>(null)
  const [tenants, setTenantDrafts] = useState<readonly ShareDraft[]>(() => [newShare(), newShare()])
  const isShared = useMode === 'shared'
  const form = useForm({
    schema: systemForm,
    draft: {
      ...draft,
      businessArea: areaOf(area),
      useMode,
      separation: isShared ? separation : null,
      tenants: isShared ? sharesOf(tenants) : [],
    },
    check: isShared ? shareIssues(tenants) : [],
    send: (value) => addSystem(props.organisationId, value),
    onDone: props.onClose,
  })
  const field = (key: keyof typeof draft) => ({
    value: draft[key],
    onChange: (value: string) => setDraft({ ...draft, [key]: value }),
    error: form.errorAt(key),
    required: true,
  })
  return (
    <FormDialog title={t.addSystem} form={form} onClose={props.onClose} wide={isShared}>
      <Field label={t.nameJa} maxLength={100} {...field('nameJa')} />
      <Field label={t.nameEn} maxLength={100} {...field('nameEn')} />
      <Field label={t.code} hint={t.codeHint} maxLength={30} {...field('code')} />
      <AreaSelect value={area} onChange={setArea} />
      <Radios
        label={t.useMode}
        value={useMode}
        onChange={setUseMode}
        options={[
          { value: 'single', label: t.single, hint: t.singleHint },
          { value: 'shared', label: t.shared, hint: t.sharedHint },
        ]}
      />
      {isShared ? (
        <>
          <Select
            label={t.separation}
            value={separation}
            onChange={setSeparation}
            options={SEPARATIONS.map((value) => ({ value, label: t.separationOf[value] }))}
            error={form.errorAt('separation')}
            required
          />
          <ShareFields value={tenants} onChange={setTenantDrafts} errorAt={form.errorAt} />
        </>
      ) : null}
      <Field label={t.from} type="date" {...field('from')} />
    </FormDialog>
  )
}

function AreaSelect(props: { readonly value: string; readonly onChange: (value: string) => void }) {
  const t = useTexts(texts)
  const pick = usePick()
  const known = BUSINESS_CHOICES.filter((choice) => choice.value !== OTHER)
  const options = [
    { value: OTHER, label: t.none },
    ...known.map((choice) => ({ value: choice.value, label: pick(choice.label) })),
  ]
  return <Select label={t.businessArea} options={options} {...props} />
}

/** A new name or area from a day on. */
export function ChangeSystem({
  system,
  onClose,
}: {
  readonly system: SystemView
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const [nameJa, setNameJa] = useState(system.name.ja)
  const [nameEn, setNameEn] = useState(system.name.en)
  const [area, setArea] = useState(system.businessArea ?? OTHER)
  const [from, setFrom] = useState(todayInJapan())
  const form = useForm({
    schema: systemChangeForm,
    draft: { nameJa, nameEn, businessArea: areaOf(area), from },
    send: (value) => changeSystem(system.id, value),
    onDone: onClose,
  })
  return (
    <FormDialog title={t.changeSystem} form={form} onClose={onClose}>
      <p>{t.changeSystemText}</p>
      <Field label={t.nameJa} value={nameJa} onChange={setNameJa} error={form.errorAt('nameJa')} required />
      <Field label={t.nameEn} value={nameEn} onChange={setNameEn} error={form.errorAt('nameEn')} required />
      <AreaSelect value={area} onChange={setArea} />
      <FromDay form={form} value={from} onChange={setFrom} />
    </FormDialog>
  )
}

/** Other tenants or other shares from a day on; together they are the whole. */
export function ChangeShares({
  system,
  onClose,
}: {
  readonly system: SystemView
  readonly onClose: () => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const [from, setFrom] = useState(todayInJapan())
  const [tenants, setTenantDrafts] = useState<readonly ShareDraft[]>(() =>
    system.tenants.map(({ organisation, basisPoints }) =>
      newShare(
        { value: organisation.id, label: pick(organisation.name), hint: organisation.code },
        basisPoints,
      ),
    ),
  )
  const form = useForm({
    schema: tenantsForm,
    draft: { from, tenants: sharesOf(tenants) },
    check: shareIssues(tenants),
    send: (value) => setTenants(system.id, value),
    onDone: onClose,
  })
  return (
    <FormDialog title={t.changeShares} form={form} onClose={onClose} wide>
      <p>{t.changeSharesText}</p>
      <ShareFields value={tenants} onChange={setTenantDrafts} errorAt={form.errorAt} />
      <FromDay form={form} value={from} onChange={setFrom} />
    </FormDialog>
  )
}
