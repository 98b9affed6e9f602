import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Select } from '../../../components/Select.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import type { WhatIfKey } from '../engine/what-if.ts'
import { texts } from '../i18n/texts.ts'

const EMPTY: WhatIfKey = { key: '', state: 'known', values: '' }

/** Condition keys of a request: each known, known to be absent, or not known. */
export function KeysField(props: {
  readonly keys: readonly WhatIfKey[]
  readonly onChange: (keys: readonly WhatIfKey[]) => void
}) {
  const t = useTexts(texts)
  const { keys, onChange } = props
  const change = (index: number, part: Partial<WhatIfKey>) =>
    onChange(keys.map((one, at) => (at === index ? { ...one, ...part } : one)))
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="text-std-16B-170">{t.keys}</legend>
      {keys.map((one, index) => (
        <div
          key={index}
          className="flex flex-wrap items-end gap-2 rounded-8 border border-solid-gray-420 p-3"
        >
          <Field
            label={t.key}
            value={one.key}
            onChange={(key) => change(index, { key })}
            placeholder="aws:SourceIp"
            className="min-w-40 flex-1"
          />
          <Select
            label={t.keyState}
            value={one.state}
            onChange={(state) => change(index, { state })}
            className="w-36"
            options={[
              { value: 'known', label: t.keyStateOf.known },
              { value: 'absent', label: t.keyStateOf.absent },
              { value: 'unknown', label: t.keyStateOf.unknown },
            ]}
          />
          {one.state === 'known' ? (
            <Field
              label={t.keyValues}
              value={one.values}
              onChange={(values) => change(index, { values })}
              className="min-w-40 flex-1"
            />
          ) : null}
          <Button
            look="quiet"
            small
            onPress={() => onChange(keys.filter((_, at) => at !== index))}
            aria-label={t.removeKey(one.key)}
          >
            {t.remove}
          </Button>
        </div>
      ))}
      <div>
        <Button look="secondary" small onPress={() => onChange([...keys, EMPTY])}>
          {t.addKey}
        </Button>
      </div>
    </fieldset>
  )
}
