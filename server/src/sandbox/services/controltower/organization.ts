/**
 * What Control Tower knows of the organisation. It reads the tables and not the API, so that a fault that hides an
 * account from clients hides nothing from AWS itself; changes go through the API of Organizations.
 */
import { AwsError, type World } from '../../core/contract.ts'
import { type Account, accounts, ous } from '../organizations/state.ts'
import { serviceCaller } from '../shared/world.ts'
import { CONTROL_TOWER_ROLE, type LandingZone } from './state.ts'

export const controlTowerCaller = (zone: LandingZone) =>
  serviceCaller(zone.managementAccountId, CONTROL_TOWER_ROLE)

export const accountName = (world: World, accountId: string) => accounts(world).get(accountId)?.name ?? ''

export const isOpen = (world: World, accountId: string) => accounts(world).get(accountId)?.state === 'ACTIVE'

export const ouExists = (world: World, zone: LandingZone, ouId: string) =>
  ous(world).get(ouId)?.organizationId === zone.organizationId

/** `Root` for the root; empty for an OU that is gone. */
export const ouNameOf = (world: World, ouId: string) =>
  ouId.startsWith('r-') ? 'Root' : (ous(world).get(ouId)?.name ?? '')

export const accountsIn = (world: World, parentId: string): Account[] =>
  [...accounts(world).values()].filter((account) => account.parentId === parentId)

/** Moves the account, if it is not there yet. */
export function moveTo(
  world: World,
  zone: LandingZone,
  AccountId: string,
  DestinationParentId: string,
): void {
  const account = accounts(world).get(AccountId)
  if (account?.organizationId !== zone.organizationId || account.parentId === null)
    throw new AwsError('AccountNotFoundException', `The account ${AccountId} is not in the organization.`)
  if (account.parentId === DestinationParentId) return
  const input = { AccountId, SourceParentId: account.parentId, DestinationParentId }
  world.invoke('organizations', 'MoveAccount', input, controlTowerCaller(zone))
}
