import type { Decision } from '@rankan/server/domain/organisations/import/plan.ts'
import type { ImportView, PlanItemView } from '@rankan/server/domain/organisations/view.ts'
import { useMemo, useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { Confirm } from '../../../components/Dialog.tsx'
import { Field } from '../../../components/Field.tsx'
import { StatusBadge, type Tone } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

const TONES: Readonly<Record<PlanItemView['state'], Tone>> = {
  included: 'good',
  needs_confirmation: 'warning',
  proposed: 'waiting',
  skipped: 'neutral',
}
/** What a person must look at comes first. */
const ORDER: readonly PlanItemView['state'][] = ['needs_confirmation', 'proposed', 'included', 'skipped']

export function PlanItems(props: {
  readonly plan: ImportView
  readonly onDecide: ((decisions: Readonly<Record<string, Decision>>) => void) | null
}) {
  const { plan, onDecide } = props
  const t = useTexts(texts)
  const pick = usePick()
  const [naming, setNaming] = useState<PlanItemView | null>(null)
  const rows = useMemo(
    () => [...plan.items].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)),
    [plan.items],
  )
  const columns = useMemo(
    (): readonly Column<PlanItemView>[] => [
      {
        key: 'state',
        title: t.state,
        width: 8,
        value: (item) => t.itemState[item.state],
        cell: (item) => <StatusBadge tone={TONES[item.state]}>{t.itemState[item.state]}</StatusBadge>,
      },
      { key: 'change', title: t.changeTitle, width: 7, value: (item) => t.change[item.change] },
      { key: 'what', title: t.what, width: 20, value: (item) => pick(item.words) },
      { key: 'basis', title: t.basisTitle, width: 7, value: (item) => t.basis[item.basis] },
      { key: 'line', title: t.line, width: 4, align: 'end', value: (item) => item.line },
      {
        key: 'decide',
        title: t.decide,
        width: 13,
        value: () => null,
        sortable: false,
        cell: (item) =>
          onDecide === null ? null : (
            <Choices item={item} onDecide={onDecide} onName={() => setNaming(item)} />
          ),
      },
    ],
    [t, pick, onDecide],
  )
  if (plan.items.length === 0) return null
  return (
    <>
      <DataTable label={t.planTitle} rows={rows} columns={columns} rowKey={(item) => item.key} tools />
      {naming === null || onDecide === null ? null : (
        <NameSuccessor
          item={naming}
          onClose={() => setNaming(null)}
          onSave={(successorCode) => onDecide({ [naming.key]: { successorCode } })}
        />
      )}
    </>
  )
}

function Choices(props: {
  readonly item: PlanItemView
  readonly onDecide: (decisions: Readonly<Record<string, Decision>>) => void
  readonly onName: () => void
}) {
  const { item, onDecide } = props
  const t = useTexts(texts)
  const verdict = (word: 'accept' | 'skip') => () => onDecide({ [item.group ?? item.key]: { verdict: word } })
  return (
    <div className="flex flex-wrap gap-1">
      {item.state === 'included' ? null : (
        <Button look="secondary" small onPress={verdict('accept')}>
          {t.accept}
        </Button>
      )}
      {item.state === 'skipped' || item.state === 'proposed' ? null : (
        <Button look="quiet" small onPress={verdict('skip')}>
          {t.skip}
        </Button>
      )}
      {item.change === 'gone' ? (
        <Button look="quiet" small onPress={props.onName}>
          {t.setSuccessor}
        </Button>
      ) : null}
    </div>
  )
}

function NameSuccessor(props: {
  readonly item: PlanItemView
  readonly onClose: () => void
  readonly onSave: (code: string) => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const [code, setCode] = useState('')
  return (
    <Confirm
      title={t.setSuccessor}
      isOpen
      onClose={props.onClose}
      action={t.save}
      disabled={code.trim() === ''}
      onConfirm={() => {
        props.onSave(code.trim())
        props.onClose()
      }}
    >
      <p>{pick(props.item.words)}</p>
      <Field label={t.successor} value={code} onChange={setCode} required maxLength={20} />
    </Confirm>
  )
}
