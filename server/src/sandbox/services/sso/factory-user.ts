import type { World } from '../../core/contract.ts'
import { keyOf, nameKey, userNamesOf, usersOf } from '../identitystore/state.ts'
import { addUser } from '../identitystore/users.ts'
import { addAssignment } from './assignments.ts'
import { allInstancesOf } from './instances.ts'
import { permissionSetsOf } from './permission-sets.ts'

export interface FactoryUser {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}

/** What Account Factory does at the end: the first user, made if unknown, administers the new account. */
export function grantAccountFactoryUser(
  world: World,
  managementAccountId: string,
  accountId: string,
  user: FactoryUser,
): void {
  const instance = allInstancesOf(world).get(managementAccountId)
  if (!instance) return
  const sets = [...permissionSetsOf(world).values()]
  const set = sets.find((s) => s.instanceArn === instance.arn && s.name === 'AWSAdministratorAccess')
  if (!set) return
  const principalId = userIdOf(world, instance.identityStoreId, user)
  addAssignment(world, instance.arn, accountId, {
    permissionSetArn: set.arn,
    principalType: 'USER',
    principalId,
  })
}

function userIdOf(world: World, storeId: string, { email, firstName, lastName }: FactoryUser): string {
  const known = userNamesOf(world).get(nameKey(storeId, email))
  if (known !== undefined && usersOf(world).has(keyOf(storeId, known))) return known
  const attributes = {
    UserName: email,
    DisplayName: `${firstName} ${lastName}`,
    Name: { GivenName: firstName, FamilyName: lastName },
    Emails: [{ Value: email, Type: 'work', Primary: true }],
  }
  return addUser(world, storeId, attributes, 'AWSControlTowerAdmin').id
}
