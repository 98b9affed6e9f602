import type { QueueItem } from '@rankan/server/domain/accounts/work-view.ts'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { type TenantWaiting, tenantsOf } from './tenants.ts'

export function Tenants({ items }: { readonly items: readonly QueueItem[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  const tenants = tenantsOf(items)
  if (tenants.length === 0) return <EmptyState title={t.noWaiting} />
  const columns: readonly Column<TenantWaiting>[] = [
    { key: 'name', title: t.organisation, width: 14, value: (tenant) => pick(tenant.name) },
    { key: 'queued', title: t.countOf.queued, width: 7, align: 'end', value: (tenant) => tenant.queued },
    { key: 'running', title: t.countOf.running, width: 7, align: 'end', value: (tenant) => tenant.running },
    {
      key: 'repair',
      title: t.countOf.needsRepair,
      width: 7,
      align: 'end',
      value: (tenant) => tenant.needsRepair,
    },
  ]
  return (
    <DataTable
      label={t.waitingByTenant}
      rows={tenants}
      columns={columns}
      rowKey={(tenant) => tenant.organisationId}
    />
  )
}
