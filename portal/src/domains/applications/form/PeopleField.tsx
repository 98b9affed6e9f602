import { useQuery } from '@tanstack/react-query'
import { useActor } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Select } from '../../../components/Select.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { organisationQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import type { FormPart } from './part.ts'
import { type Path, pathOf, textAt, valueAt } from './path.ts'
import type { FieldSpec } from './spec.ts'

const EMPTY = { userName: '', email: '', firstName: '', lastName: '' }

/** People by name and address; those of the register can be taken with one choice. */
export function PeopleField(props: FormPart & { readonly field: FieldSpec; readonly single?: boolean }) {
  const { field, single, form, onChange, errorOf } = props
  const t = useTexts(texts)
  const pick = usePick()
  const path = pathOf(field.path)
  const value = valueAt(form, path)
  const list = single ? [value ?? EMPTY] : Array.isArray(value) ? value : []
  const placeOf = (i: number): Path => (single ? path : [...path, i])
  const add = (person: object) => onChange(path, single ? person : [...list, person])
  const error = errorOf(path)
  return (
    <fieldset className="flex flex-col gap-3 rounded-12 border border-solid-gray-420 p-4">
      <legend className="px-1 text-std-16B-170">{pick(field.label)}</legend>
      {field.hint === undefined ? null : <p className="text-solid-gray-700">{pick(field.hint)}</p>}
      <FromRegister label={`${pick(field.label)}: ${t.pickPerson}`} onPick={add} />
      {list.map((_, i) => (
        <div key={i} className="flex flex-col gap-2">
          {single ? null : <p className="font-700">{t.person(i + 1)}</p>}
          <PersonFields at={placeOf(i)} {...props} />
          {single ? null : (
            <div>
              <Button
                small
                look="secondary"
                onPress={() =>
                  onChange(
                    path,
                    list.filter((__, j) => j !== i),
                  )
                }
              >
                {t.removePerson(textAt(form, [...placeOf(i), 'lastName']) || t.person(i + 1))}
              </Button>
            </div>
          )}
        </div>
      ))}
      {single ? null : (
        <div>
          <Button look="secondary" small onPress={() => add(EMPTY)}>
            {t.addPerson}
          </Button>
        </div>
      )}
      {error === null || single ? null : <p className="text-error-2">＊{error}</p>}
    </fieldset>
  )
}

function PersonFields({ at, form, onChange, errorOf }: FormPart & { readonly at: Path }) {
  const t = useTexts(texts)
  const text = (part: string) => textAt(form, [...at, part])
  const setEmail = (email: string) => {
    // The user name of Government Cloud is the address; whoever has another one changes it afterwards.
    const follows = text('userName') === text('email')
    const person = valueAt(form, at)
    onChange(at, {
      ...(typeof person === 'object' ? person : {}),
      email,
      ...(follows ? { userName: email } : {}),
    })
  }
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field
        label={t.lastName}
        value={text('lastName')}
        onChange={(v) => onChange([...at, 'lastName'], v)}
        error={errorOf([...at, 'lastName'])}
        required
        maxLength={50}
      />
      <Field
        label={t.firstName}
        value={text('firstName')}
        onChange={(v) => onChange([...at, 'firstName'], v)}
        error={errorOf([...at, 'firstName'])}
        required
        maxLength={50}
      />
      <Field
        label={t.email}
        type="email"
        value={text('email')}
        onChange={setEmail}
        error={errorOf([...at, 'email'])}
        required
        maxLength={64}
      />
      <Field
        label={t.userName}
        value={text('userName')}
        onChange={(v) => onChange([...at, 'userName'], v)}
        error={errorOf([...at, 'userName'])}
        required
        maxLength={64}
      />
    </div>
  )
}

function FromRegister({
  label,
  onPick,
}: {
  readonly label: string
  readonly onPick: (person: object) => void
}) {
  const actor = useActor()
  const [first] = actor.organisationIds
  const own = useQuery({ ...organisationQuery(first ?? ''), enabled: first !== undefined })
  const people = own.data?.people ?? []
  if (people.length === 0) return null
  return (
    <Select
      label={label}
      value={null}
      onChange={(id) => {
        const person = people.find((p) => p.id === id)
        if (person === undefined) return
        const { email, firstName, lastName } = person
        onPick({ userName: email, email, firstName, lastName })
      }}
      options={people.map((p) => ({ value: p.id, label: p.name, hint: p.email }))}
      className="max-w-96"
    />
  )
}
