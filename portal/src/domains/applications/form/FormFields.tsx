import { ENVIRONMENTS, type Environment } from '@rankan/server/domain/applications/kinds.ts'
import { useQuery } from '@tanstack/react-query'
import { searchOrganisations } from '../../../api/organisations.ts'
import { useActor } from '../../../app/session.tsx'
import { Checkbox, Radios } from '../../../components/Choice.tsx'
import { ComboBox } from '../../../components/ComboBox.tsx'
import { Field } from '../../../components/Field.tsx'
import { Select } from '../../../components/Select.tsx'
import { useLanguage, usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { organisationQuery, rulesQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { PeopleField } from './PeopleField.tsx'
import type { FormPart } from './part.ts'
import { pathOf, textAt, valueAt } from './path.ts'
import type { FieldSpec } from './spec.ts'

/** The fields of a step, each by what its specification says. */
export function FormFields({ fields, ...part }: FormPart & { readonly fields: readonly FieldSpec[] }) {
  return (
    <div className="flex flex-col gap-5">
      {fields
        .filter((field) => field.when === undefined || field.when(part.form))
        .map((field) => (
          <FormField key={field.path} field={field} {...part} />
        ))}
    </div>
  )
}

function FormField({ field, ...part }: FormPart & { readonly field: FieldSpec }) {
  const pick = usePick()
  const path = pathOf(field.path)
  const { form, onChange, errorOf } = part
  const base = {
    label: pick(field.label),
    ...(field.hint === undefined ? {} : { hint: pick(field.hint) }),
    ...(field.required === undefined ? {} : { required: field.required }),
    error: errorOf(path),
  }
  switch (field.kind) {
    case 'text':
    case 'email':
    case 'tel':
    case 'date':
    case 'long':
      return (
        <Field
          {...base}
          name={field.path}
          type={field.kind === 'long' ? 'text' : field.kind}
          multiline={field.kind === 'long'}
          value={textAt(form, path)}
          onChange={(text) => onChange(path, text === '' && field.kind === 'date' ? emptyDay(field) : text)}
          {...(field.max === undefined ? {} : { maxLength: field.max })}
        />
      )
    case 'number':
      return (
        <Field
          {...base}
          name={field.path}
          type="number"
          value={textAt(form, path)}
          onChange={(text) => onChange(path, text === '' ? undefined : Number(text))}
          className="max-w-64"
        />
      )
    case 'radios':
      return (
        <Radios
          {...base}
          value={textAt(form, path) || null}
          onChange={(value) => onChange(path, value)}
          options={field.choices.map((c) => ({
            value: c.value,
            label: pick(c.label),
            ...(c.hint === undefined ? {} : { hint: pick(c.hint) }),
          }))}
        />
      )
    case 'select':
      return (
        <Select
          {...base}
          value={textAt(form, path) || null}
          onChange={(value) => onChange(path, value)}
          options={field.choices.map((c) => ({ value: c.value, label: pick(c.label) }))}
        />
      )
    case 'check':
      return <CheckField field={field} {...part} />
    case 'organisation':
      return <OrganisationField label={base.label} {...part} />
    case 'tenants':
      return (
        <Field
          {...base}
          multiline
          value={tenantText(valueAt(form, path))}
          onChange={(text) => onChange(path, text === '' ? [] : text.split(/[\s,;、]/))}
        />
      )
    case 'environments':
      return <EnvironmentsField label={base.label} hint={base.hint} {...part} />
    case 'person':
      return <PeopleField field={field} single {...part} />
    case 'people':
      return <PeopleField field={field} {...part} />
    case 'consent':
      return <ConsentField {...part} />
  }
}

/** An optional day is null in the form; a necessary one is missing. */
const emptyDay = (field: FieldSpec) => (field.required === false ? null : undefined)
const tenantText = (value: unknown): string => (Array.isArray(value) ? value.join('\n') : '')

/** A tick. The tick of `operator` opens a whole part of the form. */
function CheckField({ field, form, onChange, errorOf }: FormPart & { readonly field: FieldSpec }) {
  const pick = usePick()
  const path = pathOf(field.path)
  const value = valueAt(form, path)
  const isPart = field.path === 'operator'
  const error = isPart ? null : errorOf(path)
  return (
    <div>
      <Checkbox
        checked={isPart ? value != null : value === true}
        onChange={(on) => onChange(path, isPart ? (on ? {} : null) : on)}
        invalid={error !== null}
      >
        {pick(field.label)}
      </Checkbox>
      {error === null ? null : <p className="text-error-2">＊{error}</p>}
    </div>
  )
}

/** A person of one organisation applies for it; others choose among theirs, or search. */
function OrganisationField({ label, form, onChange, errorOf }: FormPart & { readonly label: string }) {
  const actor = useActor()
  const { language } = useLanguage()
  const [first] = actor.organisationIds
  const own = useQuery({ ...organisationQuery(first ?? ''), enabled: first !== undefined })
  const code = textAt(form, ['organisation', 'code'])
  const name = own.data?.now?.code === code ? own.data.now.name[language] : ''
  const choose = (value: string | undefined) =>
    onChange(['organisation'], value === undefined ? undefined : { code: value })
  return (
    <ComboBox
      label={label}
      required
      value={code === '' ? null : { value: code, label: name === '' ? code : `${name}(${code})` }}
      onChange={(chosen) => choose(chosen?.value)}
      searchKey={['organisations', 'apply', language]}
      search={async (text, signal) => {
        const found = await searchOrganisations(text, language, signal)
        const mine = found.filter(
          (o) => actor.organisationIds.length === 0 || actor.organisationIds.includes(o.value),
        )
        const ownOption = own.data?.now
          ? [{ value: own.data.now.code, label: own.data.now.name[language] }]
          : []
        const options = mine.map((o) => ({ value: o.hint ?? o.value, label: o.label, hint: o.hint ?? '' }))
        return options.length > 0 ? options : ownOption
      }}
      error={errorOf(['organisation', 'code']) ?? errorOf(['organisation'])}
    />
  )
}

interface EnvironmentValue {
  readonly environment: Environment
  readonly regions: readonly string[]
}

function EnvironmentsField(props: FormPart & { readonly label: string; readonly hint: string | undefined }) {
  const { form, onChange, errorOf } = props
  const t = useTexts(texts)
  const rules = useQuery(rulesQuery)
  const allowed = rules.data?.rulebook.settings.allowedRegions ?? []
  const value = valueAt(form, ['environments'])
  const chosen: readonly EnvironmentValue[] = Array.isArray(value) ? value : []
  const put = (next: readonly EnvironmentValue[]) =>
    onChange(
      ['environments'],
      [...next].sort((a, b) => ENVIRONMENTS.indexOf(a.environment) - ENVIRONMENTS.indexOf(b.environment)),
    )
  const error = errorOf(['environments'])
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-std-16B-170">{props.label}</legend>
      {props.hint === undefined ? null : <p className="text-solid-gray-700">{props.hint}</p>}
      {ENVIRONMENTS.map((environment) => {
        const mine = chosen.find((e) => e.environment === environment)
        const rest = chosen.filter((e) => e.environment !== environment)
        return (
          <div key={environment} className="rounded-8 border border-solid-gray-420 px-4 py-2">
            <Checkbox
              checked={mine !== undefined}
              onChange={(on) => put(on ? [...rest, { environment, regions: allowed.slice(0, 1) }] : rest)}
            >
              {t.environmentOf[environment]}
            </Checkbox>
            {mine === undefined ? null : (
              <fieldset className="ml-8 flex flex-wrap gap-x-6">
                <legend className="text-solid-gray-700">{t.regions}</legend>
                {allowed.map((region) => (
                  <Checkbox
                    key={region}
                    checked={mine.regions.includes(region)}
                    onChange={(on) => {
                      const regions = on
                        ? [...mine.regions, region]
                        : mine.regions.filter((r) => r !== region)
                      put([...rest, { environment, regions }])
                    }}
                  >
                    {region}
                  </Checkbox>
                ))}
              </fieldset>
            )}
          </div>
        )
      })}
      {error === null ? null : <p className="text-error-2">＊{error}</p>}
    </fieldset>
  )
}

/** Consent names the versions that were shown. */
function ConsentField({ form, onChange, errorOf }: FormPart) {
  const t = useTexts(texts)
  const rules = useQuery(rulesQuery)
  const settings = rules.data?.rulebook.settings
  if (settings === undefined) return null
  const { baselineVersion, usageRulesVersion } = settings
  const error = errorOf(['consent'])
  return (
    <div>
      <Checkbox
        checked={valueAt(form, ['consent', 'accepted']) === true}
        onChange={(accepted) => onChange(['consent'], { baselineVersion, usageRulesVersion, accepted })}
        invalid={error !== null}
      >
        {t.consentText(baselineVersion, usageRulesVersion)}
      </Checkbox>
      {error === null ? null : <p className="text-error-2">＊{error}</p>}
    </div>
  )
}
