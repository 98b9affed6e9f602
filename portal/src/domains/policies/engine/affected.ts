import type { PlaceView } from '@rankan/server/domain/policies/guardrails.ts'
import type { Bilingual } from '@rankan/server/kernel/text.ts'
import type { Tenant, Tenants } from '../api.ts'

export interface AffectedOrganisation {
  /** `null`: accounts that belong to nobody in the register yet. */
  readonly organisation: Bilingual | null
  readonly accounts: readonly Tenant[]
}

/** Accounts of the register that stand at a place or below it, by the organisation that uses them, most accounts first. */
export function affectedBelow(
  places: readonly PlaceView[],
  placeId: string,
  awsOrganizationId: string,
  tenants: Tenants,
): readonly AffectedOrganisation[] {
  const inside = unitsBelow(places, placeId)
  const found = new Map<string, { organisation: Bilingual | null; accounts: Tenant[] }>()
  for (const account of tenants.values()) {
    if (account.awsOrganizationId !== awsOrganizationId) continue
    if (!inside.has(account.ouId) && account.accountId !== placeId) continue
    const { organisation } = account
    const key = JSON.stringify(organisation)
    const line = found.get(key) ?? { organisation, accounts: [] }
    line.accounts.push(account)
    found.set(key, line)
  }
  return [...found.values()].sort((a, b) => b.accounts.length - a.accounts.length)
}

/** The place and all units below; parents stand before their children. */
function unitsBelow(places: readonly PlaceView[], placeId: string): ReadonlySet<string> {
  const inside = new Set([placeId])
  for (const { id, parentId } of places) if (parentId !== null && inside.has(parentId)) inside.add(id)
  return inside
}
