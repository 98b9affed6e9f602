import { AwsError, type Call } from '../../core/contract.ts'
import { type Account, accounts, delegations, organizationOfAccount } from '../organizations/state.ts'

export const denied = (message: string) => new AwsError('AccessDeniedException', message, {}, 403)
export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message, {}, 404)
export const badRequest = (message: string, reason = 'fieldValidationFailed') =>
  new AwsError('ValidationException', message, { reason })
export const conflict = (message: string) => new AwsError('ConflictException', message, {}, 409)

/**
 * The account that a call is about: the caller's own when no id is given; a member of its organisation when the
 * caller is the management account or the delegated administrator of `account.amazonaws.com`.
 */
export function targetOf({ world, caller, input }: Call<{ AccountId?: string }>): Account {
  const id = input.AccountId ?? caller.accountId
  const found = accounts(world).get(id)
  if (!found) throw denied('User is not authorized to access this resource')
  if (input.AccountId === undefined) return found
  const organization = organizationOfAccount(world, caller.accountId)
  if (!organization || organizationOfAccount(world, id)?.id !== organization.id)
    throw denied('User is not authorized to access this resource')
  if (id === organization.managementAccountId)
    throw denied(
      `The management account can't be named in the AccountId parameter; call from it without AccountId.`,
    )
  if (caller.accountId === organization.managementAccountId) return found
  for (const d of delegations(world).values())
    if (d.accountId === caller.accountId && d.servicePrincipal === 'account.amazonaws.com') return found
  throw denied('User is not authorized to access this resource')
}
