/** What Organizations tells the core: whose credentials are worth something, where an account stands, which SCPs and RCPs bind. */
import type { Policy, PolicyLevel } from '../../../policy/policies.ts'
import { parsedPolicy } from '../../access/documents.ts'
import type { OrganizationView, Place } from '../../access/policies.ts'
import type { World } from '../../core/contract.ts'
import { summary } from './policies.ts'
import * as state from './state.ts'

/** A closed account's credentials stop working at once. */
export function isOpen(world: World, accountId: string): boolean {
  const found = state.accounts(world).get(accountId)?.state
  return found !== 'SUSPENDED' && found !== 'CLOSED'
}

const TYPES = { scp: 'SERVICE_CONTROL_POLICY', rcp: 'RESOURCE_CONTROL_POLICY' } as const

/** AWS's own RCP allows everything and cannot be detached: it decides nothing. */
const DECIDES_NOTHING = 'p-RCPFullAWSAccess'

export const organizationView: OrganizationView = { place: placeOf, levels: levelsOf }

function placeOf(world: World, accountId: string): Place | null {
  const organization = state.organizationOfAccount(world, accountId)
  if (!organization) return null
  const parents = state.lineage(world, organization, accountId).slice(0, -1)
  return {
    organizationId: organization.id,
    managementAccountId: organization.managementAccountId,
    path: `${[organization.id, ...parents].join('/')}/`,
  }
}

function levelsOf(world: World, accountId: string, kind: 'scp' | 'rcp'): readonly PolicyLevel[] {
  const organization = state.organizationOfAccount(world, accountId)
  if (!organization || organization.managementAccountId === accountId) return []
  if (organization.policyTypes[TYPES[kind]] !== 'ENABLED') return []
  return state.lineage(world, organization, accountId).map((target) => ({
    target,
    policies: attachedTo(world, organization, target, kind),
  }))
}

function attachedTo(
  world: World,
  organization: state.Organization,
  target: string,
  kind: 'scp' | 'rcp',
): readonly Policy[] {
  return (state.attachments(world).get(target) ?? []).flatMap((id) => {
    const policy = state.policies(world).get(id)
    if (policy?.type !== TYPES[kind] || id === DECIDES_NOTHING) return []
    return parsedRow(kind, organization, policy) ?? []
  })
}

/** Rows are frozen and replaced when they change, so what was parsed out of one stays right. */
const parsedRows = new WeakMap<state.Policy, Policy | null>()

function parsedRow(kind: 'scp' | 'rcp', organization: state.Organization, row: state.Policy): Policy | null {
  const known = parsedRows.get(row)
  if (known !== undefined) return known
  const made = parsedPolicy(kind, row.content, summary(organization, row).Arn)
  parsedRows.set(row, made)
  return made
}
