import type { World } from '../../core/contract.ts'
import { allInstancesOf, type Instance } from './instances.ts'
import { addPermissionSet, permissionSetsOf } from './permission-sets.ts'

export interface SeedIdentityCenter {
  readonly managementAccountId: string
  readonly region: string
  readonly name?: string
}

/** Permission sets as Control Tower makes them, with their AWS managed policies. */
const CONTROL_TOWER_SETS: readonly (readonly [name: string, policy: string])[] = [
  ['AWSAdministratorAccess', 'AdministratorAccess'],
  ['AWSPowerUserAccess', 'PowerUserAccess'],
  ['AWSReadOnlyAccess', 'ReadOnlyAccess'],
  ['AWSOrganizationsFullAccess', 'AWSOrganizationsFullAccess'],
  ['AWSServiceCatalogAdminFullAccess', 'AWSServiceCatalogAdminFullAccess'],
  ['AWSServiceCatalogEndUserAccess', 'AWSServiceCatalogEndUserFullAccess'],
]

/** An organisation instance of IAM Identity Center as Control Tower leaves it. */
export function seedIdentityCenter(world: World, seed: SeedIdentityCenter): Instance {
  const hex = '0123456789abcdef'
  const instance: Instance = {
    arn: `arn:aws:sso:::instance/ssoins-${world.id(16, hex)}`,
    identityStoreId: `d-${world.id(10, hex)}`,
    ownerAccountId: seed.managementAccountId,
    region: seed.region,
    name: seed.name ?? '',
    createdAt: world.now(),
  }
  allInstancesOf(world).put(seed.managementAccountId, instance)
  world.table<string>('sso.stores').put(instance.arn, instance.identityStoreId)
  for (const [Name, policy] of CONTROL_TOWER_SETS) {
    const set = addPermissionSet(world, instance, { Name, SessionDuration: 'PT1H' })
    permissionSetsOf(world).put(set.arn, { ...set, managedPolicies: [`arn:aws:iam::aws:policy/${policy}`] })
  }
  return instance
}
