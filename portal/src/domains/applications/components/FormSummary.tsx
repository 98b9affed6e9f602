import { Facts } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import type { FormState } from '../api.ts'
import { pathOf, valueAt } from '../form/path.ts'
import { type FieldSpec, STEPS } from '../form/spec.ts'
import { texts } from '../i18n/texts.ts'

/** What was filled in, step by step, in the words of the form. */
export function FormSummary({
  form,
  onEdit,
}: {
  readonly form: FormState
  readonly onEdit?: (step: number) => void
}) {
  const pick = usePick()
  const show = useShown()
  if (form.kind !== 'vend') return <ChangeSummary form={form} />
  return (
    <div className="flex flex-col gap-5">
      {STEPS.slice(0, -1).map((step, i) => (
        <section key={step.key} className="flex flex-col gap-2">
          <h3 className="flex flex-wrap gap-3 text-std-17B-170">
            {pick(step.title)}
            {onEdit === undefined ? null : (
              <button
                type="button"
                className="cursor-pointer text-blue-900 underline"
                onClick={() => onEdit(i)}
              >
                ✎<span className="sr-only">{pick(step.title)}</span>
              </button>
            )}
          </h3>
          <Facts
            items={step.fields
              .filter((field) => field.when === undefined || field.when(form))
              .map((field) => ({
                name: pick(field.label),
                value: show(field, valueAt(form, pathOf(field.path))),
              }))}
          />
        </section>
      ))}
    </div>
  )
}

type Person = { readonly lastName?: string; readonly firstName?: string; readonly email?: string }
const personText = (p: Person) => `${p.lastName ?? ''} ${p.firstName ?? ''} <${p.email ?? ''}>`.trim()

function useShown(): (field: FieldSpec, value: unknown) => string {
  const t = useTexts(texts)
  const pick = usePick()
  const environments: Readonly<Record<string, string>> = t.environmentOf
  return (field, value) => {
    if (field.kind === 'check') return value != null && value !== false ? t.yes : t.no
    if (value === undefined || value === null || value === '') return t.notEntered
    if (field.kind === 'radios' || field.kind === 'select') {
      const chosen = field.choices.find((c) => c.value === value)
      return chosen === undefined ? String(value) : pick(chosen.label)
    }
    if (field.kind === 'person') return personText(value as Person)
    if (!Array.isArray(value)) return String(value)
    if (value.length === 0) return t.notEntered
    if (field.kind === 'people') return value.map((p: Person) => personText(p)).join('、')
    if (field.kind === 'environments')
      return value
        .map(
          (e: { environment: string; regions: string[] }) =>
            `${environments[e.environment] ?? e.environment}(${e.regions.join(', ')})`,
        )
        .join('、')
    return value.join(', ')
  }
}

function ChangeSummary({ form }: { readonly form: FormState }) {
  const t = useTexts(texts)
  const kinds: Readonly<Record<string, string>> = t.kindOf
  const environments: Readonly<Record<string, string>> = t.environmentOf
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const people = [form.owner, ...(Array.isArray(form.admins) ? form.admins : [])].filter(Boolean) as Person[]
  const contacts = Object.values((form.contacts ?? {}) as Record<string, { email?: string }>)
  return (
    <Facts
      items={[
        { name: t.kind, value: kinds[text(form.kind)] ?? text(form.kind) },
        { name: t.accountId, value: text(form.accountId) },
        { name: t.reason, value: text(form.reason) },
        ...(form.environment === undefined
          ? []
          : [{ name: t.moveTo, value: environments[text(form.environment)] ?? '' }]),
        ...(people.length === 0 ? [] : [{ name: t.email, value: people.map(personText).join('、') }]),
        ...(contacts.length === 0
          ? []
          : [{ name: t.email, value: contacts.map((c) => c.email ?? '').join('、') }]),
      ]}
    />
  )
}
