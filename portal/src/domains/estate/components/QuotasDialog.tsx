import type { QuotaRow } from '@rankan/server/domain/quotas/view.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Dialog.tsx'
import { Loaded } from '../../../components/Loaded.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { quotasQuery } from '../api.ts'
import { texts } from '../i18n/texts.ts'
import { QuotaForm } from './QuotaForm.tsx'

interface OrganizationName {
  readonly id: string
  readonly name: string
}

export function QuotasButton(organization: OrganizationName) {
  const t = useTexts(texts)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        look="secondary"
        small
        onPress={() => setOpen(true)}
        aria-label={t.quotasTitle(organization.name)}
      >
        {t.quotasOpen}
      </Button>
      {isOpen ? <QuotasDialog organization={organization} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

/** All quotas of one AWS organisation; choosing one opens its form in the same window. */
function QuotasDialog(props: { readonly organization: OrganizationName; readonly onClose: () => void }) {
  const { organization, onClose } = props
  const t = useTexts(texts)
  const pick = usePick()
  const [chosen, setChosen] = useState<QuotaRow | null>(null)
  const query = useQuery(quotasQuery(organization.id))
  const title = chosen === null ? t.quotasTitle(organization.name) : t.quotaChangeOf(pick(chosen.title))
  return (
    <Dialog title={title} isOpen onClose={onClose} wide>
      {chosen === null ? (
        <>
          <p>{t.quotasLead}</p>
          <Loaded query={query}>
            {({ items }) => <QuotaTable label={title} rows={items} onChoose={setChosen} />}
          </Loaded>
        </>
      ) : (
        <QuotaForm awsOrganizationId={organization.id} row={chosen} onDone={() => setChosen(null)} />
      )}
    </Dialog>
  )
}

function QuotaTable(props: {
  readonly label: string
  readonly rows: readonly QuotaRow[]
  readonly onChoose: (row: QuotaRow) => void
}) {
  const t = useTexts(texts)
  const mayChange = useMay('quota.change')
  const head = 'border-b border-solid-gray-420 px-2 py-2 text-left'
  return (
    <table aria-label={props.label} className="w-full border-collapse">
      <thead>
        <tr>
          <th className={head}>{t.quotaName}</th>
          <th className={`${head} text-right`}>{t.quotaNow}</th>
          <th className={`${head} text-right`}>{t.quotaPublished}</th>
          {mayChange ? <th className={head}>{t.action}</th> : null}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <QuotaLine key={row.quota} row={row} onChoose={mayChange ? () => props.onChoose(row) : null} />
        ))}
      </tbody>
    </table>
  )
}

function QuotaLine({ row, onChoose }: { readonly row: QuotaRow; readonly onChoose: (() => void) | null }) {
  const t = useTexts(texts)
  const pick = usePick()
  const cell = 'border-b border-solid-gray-300 px-2 py-2 align-top'
  const notes = useNotes(row)
  return (
    <tr>
      <th scope="row" className={`${cell} text-left font-400`}>
        <span title={t.quotaSource(row.source, row.asOf)}>{pick(row.title)}</span>
        {notes.map((note) => (
          <span key={note} className="block text-solid-gray-700">
            {note}
          </span>
        ))}
      </th>
      <td className={`${cell} text-right tabular-nums font-700`}>{row.limit}</td>
      <td className={`${cell} text-right tabular-nums`}>{row.published}</td>
      {onChoose === null ? null : (
        <td className={cell}>
          <Button look="quiet" small onPress={onChoose} aria-label={t.quotaChangeOf(pick(row.title))}>
            {t.quotaChange}
          </Button>
        </td>
      )}
    </tr>
  )
}

/** Why the value is what it is, and what comes. */
function useNotes(row: QuotaRow): readonly string[] {
  const t = useTexts(texts)
  const { computed, override } = row
  return [
    ...(computed
      ? [t.quotaComputed(computed.percent, computed.members, computed.atLeast, computed.atMost)]
      : []),
    ...(override ? [t.quotaSince(override.effectiveFrom, override.reason)] : []),
    ...row.upcoming.map((one) => t.quotaLater(one.effectiveFrom, one.limit)),
  ]
}
