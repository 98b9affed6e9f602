import { createHash } from 'node:crypto'
import type { World } from '../../core/contract.ts'
import { delegations, organizations } from '../organizations/state.ts'
import { PRINCIPAL, subscribe } from './hubs.ts'
import { centralsOf } from './state.ts'

interface SeedSecurityHub {
  readonly organizationId: string
  readonly adminAccountId: string
  readonly region: string
}

/**
 * Central configuration as it stands after set-up: a delegated administrator with a home Region, and no policies yet.
 * It draws nothing at random and tells nobody, so that an estate of the same seed goes on as it did without it.
 */
export function seedSecurityHub(
  world: World,
  { organizationId, adminAccountId, region }: SeedSecurityHub,
): void {
  const organization = organizations(world).get(organizationId)
  if (!organization) return
  organizations(world).put(organizationId, {
    ...organization,
    serviceAccess: { ...organization.serviceAccess, [PRINCIPAL]: world.now() },
  })
  delegations(world).put(`${adminAccountId}|${PRINCIPAL}`, {
    organizationId,
    accountId: adminAccountId,
    servicePrincipal: PRINCIPAL,
    at: world.now(),
  })
  subscribe(world, adminAccountId, region, true)
  const id = createHash('sha256').update(organizationId).digest('hex').slice(0, 32)
  centralsOf(world).put(organizationId, {
    organizationId,
    adminAccountId,
    aggregator: { region, id, mode: 'ALL_REGIONS', regions: [] },
    type: 'CENTRAL',
    autoEnable: false,
    autoEnableStandards: 'NONE',
  })
}
