/** The service control policies over an account, for the core's authorisation. */
import type { World } from '../../core/contract.ts'
import { accounts, attachments, lineage, organizationOfAccount, policies } from './state.ts'

/** A closed account's credentials stop working at once. */
export function isOpen(world: World, accountId: string): boolean {
  const state = accounts(world).get(accountId)?.state
  return state !== 'SUSPENDED' && state !== 'CLOSED'
}

const TYPE = 'SERVICE_CONTROL_POLICY'

/** Documents of each level from the root to the account; null: none binds (management account, no organisation, type off). */
export function scpsOf(world: World, accountId: string): readonly (readonly string[])[] | null {
  const organization = accounts(world).has(accountId) ? organizationOfAccount(world, accountId) : null
  if (!organization || organization.managementAccountId === accountId) return null
  if (organization.policyTypes[TYPE] !== 'ENABLED') return null
  return lineage(world, organization, accountId).map((id) =>
    (attachments(world).get(id) ?? []).flatMap((policyId) => {
      const policy = policies(world).get(policyId)
      return policy?.type === TYPE ? [policy.content] : []
    }),
  )
}
