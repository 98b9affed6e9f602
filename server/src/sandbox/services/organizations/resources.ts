import type { Call } from '../../core/contract.ts'
import { accounts, arnOf, organizationOfAccount, ous } from './state.ts'

// What a call works on; the rest of Organizations has no resource-level permissions.
const MEMBERS = [
  'AccountId',
  'OrganizationalUnitId',
  'ParentId',
  'SourceParentId',
  'DestinationParentId',
  'TargetId',
  'ResourceId',
  'RootId',
]

/** ARNs of the accounts, OUs and roots that the input names; `*` when it names none. */
export function resourcesOf({ world, caller, input }: Call<Record<string, unknown>>): readonly string[] {
  const organization = organizationOfAccount(world, caller.accountId)
  if (!organization) return ['*']
  const arns = MEMBERS.flatMap((member) => {
    const id = input[member]
    if (typeof id !== 'string') return []
    if (id === organization.rootId) return [arnOf(organization, 'root', id)]
    if (ous(world).has(id)) return [arnOf(organization, 'ou', id)]
    return accounts(world).has(id) ? [arnOf(organization, 'account', id)] : []
  })
  return arns.length > 0 ? arns : ['*']
}
