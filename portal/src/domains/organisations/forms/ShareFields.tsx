import { checkShares, equalShares, type Share } from '@rankan/server/domain/organisations/shares.ts'
import { searchOrganisations } from '../../../api/organisations.ts'
import { Button } from '../../../components/Button.tsx'
import { ComboBox } from '../../../components/ComboBox.tsx'
import { Field } from '../../../components/Field.tsx'
import type { Option } from '../../../components/options.tsx'
import { useLanguage } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from './i18n/texts.ts'
import { basisPointsOf, percent, percentText } from './percent.ts'

/** A tenant while one types: nothing chosen yet, and per cent as text. */
export interface ShareDraft {
  readonly key: number
  readonly organisation: Option | null
  readonly percent: string
}

export const sharesOf = (drafts: readonly ShareDraft[]): readonly Share[] =>
  drafts.map((draft) => ({
    organisationId: draft.organisation?.value ?? '',
    basisPoints: basisPointsOf(draft.percent) ?? 0,
  }))

/** The rules of the shares, told by code. A tenant that is not chosen yet is not told to be named twice. */
export function shareIssues(drafts: readonly ShareDraft[]) {
  const empty = drafts.flatMap((draft, i) =>
    draft.organisation === null
      ? [{ path: ['tenants', i, 'organisationId'], code: 'required', message: '' }]
      : [],
  )
  const found = checkShares(sharesOf(drafts)).filter(
    (issue) => issue.code !== 'tenant_twice' || drafts[Number(issue.path[1])]?.organisation !== null,
  )
  return [...empty, ...found]
}

let lastKey = 0
export const newShare = (
  organisation: Option | null = null,
  basisPoints: number | null = null,
): ShareDraft => ({
  key: ++lastKey,
  organisation,
  percent: basisPoints === null ? '' : percentText(basisPoints),
})

/** Who shares the system, and how much of it each carries. */
export function ShareFields(props: {
  readonly value: readonly ShareDraft[]
  readonly onChange: (value: readonly ShareDraft[]) => void
  readonly errorAt: (...path: (string | number)[]) => string | null
}) {
  const { value, onChange, errorAt } = props
  const t = useTexts(texts)
  const { language } = useLanguage()
  const put = (i: number, change: Partial<ShareDraft>) =>
    onChange(value.map((share, j) => (j === i ? { ...share, ...change } : share)))
  const split = () => {
    const parts = equalShares(value.map((share) => String(share.key)))
    onChange(value.map((share, i) => ({ ...share, percent: percentText(parts[i]?.basisPoints ?? 0) })))
  }
  const sum = sharesOf(value).reduce((total, share) => total + share.basisPoints, 0)
  const error = errorAt('tenants')
  return (
    <fieldset className="flex flex-col gap-3 rounded-12 border border-solid-gray-420 p-4">
      <legend className="px-1 text-std-16B-170">{t.tenants}</legend>
      {value.map((share, i) => (
        <div key={share.key} className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_9rem_auto] sm:items-start">
          <ComboBox
            label={t.tenant(i + 1)}
            value={share.organisation}
            onChange={(organisation) => put(i, { organisation })}
            searchKey={['organisations', 'tenant', language]}
            search={(text, signal) => searchOrganisations(text, language, signal)}
            error={errorAt('tenants', i, 'organisationId') ?? errorAt('tenants', i)}
          />
          <Field
            label={t.percent(i + 1)}
            value={share.percent}
            onChange={(text) => put(i, { percent: text })}
            error={errorAt('tenants', i, 'basisPoints')}
          />
          <div className="sm:pt-8">
            <Button
              look="quiet"
              small
              aria-label={t.removeTenant(i + 1)}
              onPress={() => onChange(value.filter((_, j) => j !== i))}
            >
              ✕
            </Button>
          </div>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Button look="secondary" small onPress={() => onChange([...value, newShare()])}>
          {t.addTenant}
        </Button>
        <Button look="secondary" small onPress={split} isDisabled={value.length === 0}>
          {t.equal}
        </Button>
        <span role="status" className="tabular-nums">
          {t.sum(percent(sum))}
        </span>
      </div>
      {error === null ? null : <p className="text-error-2">＊{error}</p>}
    </fieldset>
  )
}
