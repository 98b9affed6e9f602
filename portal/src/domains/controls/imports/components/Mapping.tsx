import type { SheetHead } from '@rankan/server/src/catalog/imports/view.ts'
import { RELATIONS } from '@rankan/server/src/catalog/record.ts'
import { Checkbox } from '../../../../components/Choice.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Select } from '../../../../components/Select.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { COLUMNS, type ColumnRole, type MappingDraft } from '../request.ts'

const NONE = ' none'

interface Props {
  readonly head: SheetHead
  readonly draft: MappingDraft
  readonly onChange: (draft: MappingDraft) => void
}

/** Which column of the sheet means what, and who reviewed the controls that it names. */
export function Mapping({ head, draft, onChange }: Props) {
  const t = useTexts(texts)
  const set = (part: Partial<MappingDraft>) => onChange({ ...draft, ...part })
  const column = (role: ColumnRole, heading: string) => {
    const { [role]: _old, ...others } = draft.columns
    set({ columns: heading === NONE ? others : { ...others, [role]: heading } })
  }
  return (
    <div className="flex flex-col gap-4">
      <Sample head={head} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t.frameworkTitleJa} value={draft.titleJa} onChange={(titleJa) => set({ titleJa })} />
        <Field label={t.frameworkTitleEn} value={draft.titleEn} onChange={(titleEn) => set({ titleEn })} />
        <Field label={t.source} value={draft.source} onChange={(source) => set({ source })} required />
        <Field label={t.asOf} type="date" value={draft.asOf} onChange={(asOf) => set({ asOf })} required />
      </div>
      <fieldset className="flex flex-col gap-3">
        <legend className="text-std-17B-170">{t.columns}</legend>
        <p className="text-solid-gray-700">{t.columnsLead}</p>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {COLUMNS.map((role) => (
            <Select
              key={role}
              label={t.column[role]}
              value={draft.columns[role] ?? NONE}
              onChange={(heading) => column(role, heading)}
              options={[
                { value: NONE, label: t.noColumn },
                ...[...new Set(head.headings)]
                  .filter((one) => one !== '')
                  .map((one) => ({ value: one, label: one })),
              ]}
            />
          ))}
        </div>
        <Checkbox checked={draft.merged} onChange={(merged) => set({ merged })}>
          {t.merged}
        </Checkbox>
      </fieldset>
      {draft.columns.controls === undefined ? null : <Edges draft={draft} onChange={set} />}
    </div>
  )
}

function Edges(props: {
  readonly draft: MappingDraft
  readonly onChange: (part: Partial<MappingDraft>) => void
}) {
  const t = useTexts(texts)
  const { draft, onChange } = props
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="text-std-17B-170">{t.edges}</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t.relation}
          value={draft.relation}
          onChange={(relation) => onChange({ relation })}
          options={RELATIONS.map((value) => ({ value, label: t.relationOf[value] }))}
        />
        <Field
          label={t.edgesSource}
          value={draft.edgesSource}
          onChange={(edgesSource) => onChange({ edgesSource })}
          required
        />
        <Field
          label={t.reviewedBy}
          value={draft.reviewedBy}
          onChange={(reviewedBy) => onChange({ reviewedBy })}
          required
        />
        <Field
          label={t.reviewedOn}
          type="date"
          value={draft.reviewedOn}
          onChange={(reviewedOn) => onChange({ reviewedOn })}
          required
        />
      </div>
    </fieldset>
  )
}

function Sample({ head }: { readonly head: SheetHead }) {
  const t = useTexts(texts)
  return (
    <section
      aria-label={t.sample}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      className="overflow-x-auto rounded-12 border border-solid-gray-420 bg-white"
    >
      <table aria-label={t.sample} className="w-full border-collapse text-left">
        <thead className="bg-solid-gray-50">
          <tr>
            {head.headings.map((heading, i) => (
              <th key={i} scope="col" className="px-3 py-2 font-700 whitespace-nowrap">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {head.rows.map((row, r) => (
            <tr key={r} className="border-t border-solid-gray-200 align-top">
              {row.map((cell, c) => (
                <td key={c} className="px-3 py-2">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="px-3 py-2 text-solid-gray-700">{t.rowCount(head.count)}</p>
    </section>
  )
}
