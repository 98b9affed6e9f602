import { CODE_FORMATS, type CodeFormat } from '@rankan/server/domain/organisations/codes.ts'
import { type ImportProfile, profileSchema } from '@rankan/server/domain/organisations/import/profile.ts'
import { ORGANISATION_KINDS } from '@rankan/server/domain/organisations/kinds.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { Checkbox } from '../../../components/Choice.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Card } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { toast } from '../../../components/Toast.tsx'
import { common } from '../../../i18n/common.ts'
import { useTexts } from '../../../i18n/messages.ts'
import { profilesQuery, saveProfile } from '../api.ts'
import { texts } from '../i18n/texts.ts'

const NAMES = 'name'
type KindChoice = typeof NAMES | (typeof ORGANISATION_KINDS)[number]
const orNull = (text: string): string | null => (text.trim() === '' ? null : text)

/** Which column means what. The same schema that the server uses says what is wrong. */
export function ProfileEditor(props: { readonly profile: ImportProfile; readonly onClose: () => void }) {
  const t = useTexts(texts)
  const c = useTexts(common)
  const client = useQueryClient()
  const [draft, setDraft] = useState(props.profile)
  const [asked, setAsked] = useState(false)
  const set = (part: Partial<ImportProfile>) => setDraft({ ...draft, ...part })
  const checked = profileSchema.safeParse(draft)
  const wrong = (field: string) =>
    asked ? checked.error?.issues.find((issue) => issue.path[0] === field)?.message : undefined
  const save = useMutation({
    mutationFn: () => saveProfile(draft),
    onSuccess: async () => {
      toast(t.saved)
      props.onClose()
      await client.invalidateQueries({ queryKey: profilesQuery.queryKey })
    },
  })
  const code = draft.code[0] ?? { column: '', format: 'with_check_digit' as CodeFormat }
  return (
    <Card>
      <form
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(true)
          if (checked.success) save.mutate()
        }}
      >
        <Field
          label={t.profileName}
          value={draft.name}
          onChange={(name) => set({ name })}
          error={wrong('name')}
          required
        />
        <Field
          label={t.titleJa}
          value={draft.titleJa}
          onChange={(titleJa) => set({ titleJa })}
          error={wrong('titleJa')}
          required
        />
        <Field
          label={t.titleEn}
          value={draft.titleEn}
          onChange={(titleEn) => set({ titleEn })}
          error={wrong('titleEn')}
          required
        />
        <KindSelect draft={draft} set={set} />
        <Field
          label={t.codeColumn}
          value={code.column}
          onChange={(column) => set({ code: [{ ...code, column }, ...draft.code.slice(1)] })}
          error={wrong('code')}
          required
        />
        <Select
          label={t.codeFormat}
          value={code.format}
          options={CODE_FORMATS.map((value) => ({ value, label: t.codeFormats[value] }))}
          onChange={(format) => set({ code: [{ ...code, format }, ...draft.code.slice(1)] })}
        />
        <Field
          label={t.nameColumn}
          value={draft.nameJa}
          onChange={(nameJa) => set({ nameJa })}
          error={wrong('nameJa')}
          required
        />
        <Field
          label={t.kanaColumn}
          value={draft.kana ?? ''}
          onChange={(kana) => set({ kana: orNull(kana) })}
          required={false}
        />
        <Field
          label={t.nameEnColumn}
          value={draft.nameEn ?? ''}
          onChange={(nameEn) => set({ nameEn: orNull(nameEn) })}
          required={false}
        />
        <Field
          label={t.parentColumn}
          value={draft.parent ?? ''}
          onChange={(parent) => set({ parent: orNull(parent) })}
          required={false}
        />
        <Field
          label={t.predecessorsColumn}
          value={draft.predecessors ?? ''}
          onChange={(predecessors) => set({ predecessors: orNull(predecessors) })}
          required={false}
        />
        <Checkbox checked={draft.complete} onChange={(complete) => set({ complete })}>
          {t.complete}
        </Checkbox>
        <div className="flex flex-wrap gap-3 sm:col-span-2">
          <Button type="submit" isPending={save.isPending}>
            {t.save}
          </Button>
          <Button look="secondary" onPress={props.onClose}>
            {c.cancel}
          </Button>
        </div>
        {save.error === null ? null : <ErrorView error={save.error} />}
      </form>
    </Card>
  )
}

function KindSelect(props: {
  readonly draft: ImportProfile
  readonly set: (part: Partial<ImportProfile>) => void
}) {
  const t = useTexts(texts)
  const { kind } = props.draft
  const value: KindChoice | null = kind.from === 'name' ? NAMES : kind.from === 'fixed' ? kind.kind : null
  const options = [
    { value: NAMES as KindChoice, label: t.kindByName },
    ...ORGANISATION_KINDS.map((k) => ({ value: k as KindChoice, label: `${t.kindFixed}: ${t.kindOf[k]}` })),
  ]
  return (
    <Select
      label={t.kindFrom}
      value={value}
      options={options}
      onChange={(chosen) =>
        props.set(
          chosen === NAMES
            ? { kind: { from: 'name' }, covers: ['city', 'town', 'village', 'special_ward', 'ward'] }
            : { kind: { from: 'fixed', kind: chosen }, covers: [chosen] },
        )
      }
    />
  )
}
