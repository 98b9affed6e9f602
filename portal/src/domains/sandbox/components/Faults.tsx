import type { FaultRuleView, SandboxStateView } from '@rankan/server/domain/sandbox/view.ts'
import { Button } from '../../../components/Button.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Section } from '../../../components/Page.tsx'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { addFault, removeFault, removeFaults, useChange } from '../api.ts'
import { texts } from '../i18n/texts.ts'

export function Faults({
  state,
  mayChange,
}: {
  readonly state: SandboxStateView
  readonly mayChange: boolean
}) {
  const t = useTexts(texts)
  const removeAll = useChange(() => removeFaults(), t.faultRemoved)
  const restore = useChange((rule: FaultRuleView) => addFault(requestOf(rule)), t.faultAdded)
  // A fault that was removed by mistake can be set again, so there is no question before.
  const remove = useChange(async (rule: FaultRuleView) => {
    await removeFault(rule.id)
    toast(t.faultRemoved, () => restore.mutate(rule))
  }, null)
  const columns: readonly Column<FaultRuleView>[] = [
    { key: 'kind', title: t.kind, width: 14, value: (rule) => t.kindOf[rule.fault.do] },
    { key: 'where', title: t.operation, width: 13, value: (rule) => whereOf(rule) },
    {
      key: 'probability',
      title: t.probability,
      width: 8,
      align: 'end',
      value: (rule) => rule.probability * 100,
    },
    { key: 'times', title: t.remaining, width: 7, align: 'end', value: (rule) => rule.times ?? t.unlimited },
    { key: 'struck', title: t.struck, width: 6, align: 'end', value: (rule) => rule.struck },
    {
      key: 'action',
      title: t.action,
      width: 8,
      sortable: false,
      value: () => null,
      cell: (rule) =>
        mayChange ? (
          <Button look="secondary" small onPress={() => remove.mutate(rule)}>
            {t.removeFault}
          </Button>
        ) : null,
    },
  ]
  const error = remove.error ?? removeAll.error
  return (
    <Section
      title={t.faults}
      actions={
        mayChange && state.faults.length > 1 ? (
          <Button look="quiet" small onPress={() => removeAll.mutate(undefined)}>
            {t.removeAll}
          </Button>
        ) : undefined
      }
    >
      {error === null ? null : <ErrorView error={error} />}
      {state.faults.length === 0 ? (
        <EmptyState title={t.faultsEmpty}>{t.faultsText}</EmptyState>
      ) : (
        <DataTable label={t.faults} rows={state.faults} columns={columns} rowKey={(rule) => rule.id} />
      )}
    </Section>
  )
}

const whereOf = ({ at, service, operation, subject }: FaultRuleView) =>
  `${at === 'event' ? operation : `${service}:${operation}`}${subject === null ? '' : ` (${subject})`}`

const requestOf = ({ at, service, operation, subject, probability, times, fault }: FaultRuleView) => ({
  at,
  service,
  operation,
  probability,
  fault,
  ...(subject === null ? {} : { subject }),
  ...(times === null ? {} : { times }),
})
