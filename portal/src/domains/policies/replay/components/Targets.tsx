import type { GuardrailList } from '@rankan/server/domain/policies/guardrails.ts'
import { useState } from 'react'
import { Button } from '../../../../components/Button.tsx'
import { ComboBox } from '../../../../components/ComboBox.tsx'
import { Select } from '../../../../components/Select.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { searchAccounts } from '../../api.ts'
import { texts } from '../i18n/texts.ts'

/** Where a policy would be attached: OUs and accounts, any number of them. None chosen means the root. */
export function Targets(props: {
  readonly policy: string
  readonly targets: readonly string[]
  readonly places: GuardrailList['places']
  readonly onChange: (targets: readonly string[]) => void
}) {
  const t = useTexts(texts)
  const { targets, places, onChange } = props
  const [accounts, setAccounts] = useState<ReadonlyMap<string, string>>(new Map())
  const nameOf = (id: string) => places.find((place) => place.id === id)?.name ?? accounts.get(id) ?? id
  const add = (id: string) => onChange(targets.includes(id) ? targets : [...targets, id])
  const units = places.filter(({ kind, id }) => kind !== 'root' && !targets.includes(id))
  return (
    <div className="flex flex-col gap-2">
      <p className="text-std-16B-170">{t.draftPlace}</p>
      {targets.length === 0 ? (
        <p>{t.draftPlaceRoot}</p>
      ) : (
        <ul className="flex flex-wrap gap-2" aria-label={t.draftPlaces(props.policy)}>
          {targets.map((id) => (
            <li
              key={id}
              className="flex items-center gap-1 rounded-8 border border-solid-gray-420 py-1 pr-1 pl-3"
            >
              <span>{nameOf(id)}</span>
              <Button
                look="quiet"
                small
                onPress={() => onChange(targets.filter((one) => one !== id))}
                aria-label={t.removePlace(nameOf(id))}
              >
                ×
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label={t.addPlace}
          value={null}
          onChange={add}
          className="w-60"
          options={units.map(({ id, name }) => ({ value: id, label: name, hint: id }))}
        />
        <ComboBox
          // Empty again after each choice.
          key={targets.length}
          label={t.addAccount}
          value={null}
          onChange={(chosen) => {
            if (chosen === null) return
            setAccounts((before) => new Map(before).set(chosen.value, chosen.label))
            add(chosen.value)
          }}
          searchKey={['accounts', 'combo', 'replay']}
          search={searchAccounts}
          className="w-96 max-w-full"
        />
      </div>
    </div>
  )
}
