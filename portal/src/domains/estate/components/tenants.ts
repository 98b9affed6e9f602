import type { QueueItem } from '@rankan/server/domain/accounts/work-view.ts'
import type { Bilingual } from '@rankan/server/kernel/text.ts'

export interface TenantWaiting {
  readonly organisationId: string
  readonly name: Bilingual
  readonly queued: number
  readonly running: number
  readonly needsRepair: number
}

/** Work of each organisation, most waiting first. Done work is not counted. */
export function tenantsOf(items: readonly QueueItem[]): readonly TenantWaiting[] {
  const byTenant = new Map<string, TenantWaiting>()
  for (const { organisationId, organisationName, state } of items) {
    const before = byTenant.get(organisationId) ?? {
      organisationId,
      name: organisationName,
      queued: 0,
      running: 0,
      needsRepair: 0,
    }
    byTenant.set(organisationId, {
      ...before,
      queued: before.queued + Number(state === 'queued'),
      running: before.running + Number(state === 'running'),
      needsRepair: before.needsRepair + Number(state === 'needs_repair'),
    })
  }
  return [...byTenant.values()]
    .filter((tenant) => tenant.queued + tenant.running + tenant.needsRepair > 0)
    .sort((a, b) => b.queued - a.queued || b.running - a.running)
}
