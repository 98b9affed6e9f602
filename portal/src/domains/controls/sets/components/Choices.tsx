import type { ControlRow } from '@rankan/server/src/catalog/view.ts'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Checkbox } from '../../../../components/Choice.tsx'
import { EmptyState } from '../../../../components/EmptyState.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Loaded } from '../../../../components/Loaded.tsx'
import { usePick } from '../../../../i18n/language.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { controlQuery } from '../../api.ts'
import { texts as controlTexts } from '../../i18n/texts.ts'
import { changed, choiceIn, type Draft, type DraftChoice, toggled, withForm } from '../draft.ts'
import { texts } from '../i18n/texts.ts'

interface Props {
  readonly rows: readonly ControlRow[]
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}

/** Every control of the library with a box to tick; what is ticked can be opened for forms and parameters. */
export function Choices({ rows, draft, onChange }: Props) {
  const t = useTexts(texts)
  const pick = usePick()
  const [text, setText] = useState('')
  const [onlyChosen, setOnlyChosen] = useState(false)
  const chosen = new Set(draft.chosen.map(({ control }) => control))
  const found = useMemo(() => matching(rows, text), [rows, text])
  const shown = onlyChosen ? found.filter(({ id }) => chosen.has(id)) : found
  return (
    <>
      <div className="flex flex-wrap items-end gap-4">
        <Field label={t.filter} type="search" value={text} onChange={setText} className="w-full sm:w-80" />
        <Checkbox checked={onlyChosen} onChange={setOnlyChosen}>
          {t.onlyChosen}
        </Checkbox>
        <p role="status" className="min-h-11 py-2">
          {t.chosen(chosen.size)}
        </p>
      </div>
      {shown.length === 0 ? <EmptyState title={t.noMatch} /> : null}
      <ul
        aria-label={t.controls}
        className="flex flex-col divide-y divide-solid-gray-200 rounded-12 border border-solid-gray-420 bg-white"
      >
        {shown.map((row) => {
          const choice = choiceIn(draft, row.id)
          return (
            <li key={row.id} className="flex flex-col px-4 py-1">
              <Checkbox
                checked={choice !== undefined}
                onChange={(on) => onChange(toggled(draft, row.id, on))}
              >
                {pick(row.title)} <span className="text-solid-gray-700">{row.id}</span>
              </Checkbox>
              {choice === undefined ? null : (
                <ChoiceDetails
                  row={row}
                  choice={choice}
                  onChange={(part) => onChange(changed(draft, row.id, part))}
                />
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase()

function matching(rows: readonly ControlRow[], text: string): readonly ControlRow[] {
  const words = folded(text)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return rows
  return rows.filter(({ id, title, services }) => {
    const all = folded([id, title.ja, title.en, ...services].join(' '))
    return words.every((word) => all.includes(word))
  })
}

interface DetailsProps {
  readonly row: ControlRow
  readonly choice: DraftChoice
  readonly onChange: (part: Partial<DraftChoice>) => void
}

function ChoiceDetails({ row, choice, onChange }: DetailsProps) {
  const t = useTexts(texts)
  const c = useTexts(controlTexts)
  const pick = usePick()
  const [open, setOpen] = useState(Object.keys(choice.values).length > 0)
  return (
    <details className="mb-2 ml-8" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer text-blue-900 underline">
        {t.details}
        <span className="sr-only">: {pick(row.title)}</span>
      </summary>
      <fieldset className="flex flex-wrap gap-x-6">
        <legend className="font-700">{t.forms}</legend>
        {row.types.map((type) => (
          <Checkbox
            key={type}
            checked={choice.forms === null || choice.forms.includes(type)}
            onChange={(on) => onChange(withForm(choice, row, type, on))}
          >
            {c.typeOf[type]}
          </Checkbox>
        ))}
      </fieldset>
      {open ? <Parameters row={row} choice={choice} onChange={onChange} /> : null}
    </details>
  )
}

/** Loaded with the control, because the list of controls does not carry parameters. */
function Parameters({ row, choice, onChange }: DetailsProps) {
  const t = useTexts(texts)
  const pick = usePick()
  const query = useQuery(controlQuery(row.id))
  return (
    <Loaded query={query} lines={1}>
      {({ record: { parameters } }) => (
        <div className="mt-2 grid gap-4 lg:grid-cols-2">
          {Object.entries(parameters).map(([name, { title, type, default: given }]) => {
            const list = type === 'list'
            const hint = t.defaultIs(typeof given === 'string' ? given : given.join(', '))
            return (
              <Field
                key={name}
                label={`${pick(title)} (${name})`}
                value={choice.values[name]?.text ?? ''}
                onChange={(value) =>
                  onChange({ values: { ...choice.values, [name]: { text: value, list } } })
                }
                hint={list ? `${hint} / ${t.list}` : hint}
                multiline={list}
              />
            )
          })}
        </div>
      )}
    </Loaded>
  )
}
