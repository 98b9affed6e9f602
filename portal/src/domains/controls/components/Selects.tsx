import { CONTROL_TYPES, type ControlType } from '@rankan/server/src/catalog/types.ts'
import { Select } from '../../../components/Select.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

/** No choice was made. */
export const ANY = 'any'

interface SelectProps<T> {
  readonly value: T | undefined
  /** `undefined`: any. */
  readonly onChange: (value: T | undefined) => void
}

export function TypeSelect({ value, onChange }: SelectProps<ControlType>) {
  const t = useTexts(texts)
  return (
    <Select
      label={t.types}
      value={value ?? ANY}
      onChange={(chosen) => onChange(CONTROL_TYPES.find((one) => one === chosen))}
      className="w-48"
      options={[
        { value: ANY, label: t.any },
        ...CONTROL_TYPES.map((type) => ({ value: type, label: t.typeOf[type] })),
      ]}
    />
  )
}

/** `*` among the services is offered by its words only where a page lists what is about every service. */
export function ServiceSelect({
  services,
  value,
  onChange,
  everyService = false,
}: SelectProps<string> & { readonly services: Iterable<string>; readonly everyService?: boolean }) {
  const t = useTexts(texts)
  const named = [...new Set(services)].filter((one) => one !== '*').sort()
  return (
    <Select
      label={t.services}
      value={value ?? ANY}
      onChange={(chosen) => onChange(chosen === ANY ? undefined : chosen)}
      className="w-48"
      options={[
        { value: ANY, label: t.anyService },
        ...(everyService ? [{ value: '*', label: t.allServices }] : []),
        ...named.map((service) => ({ value: service, label: service })),
      ]}
    />
  )
}
