/** Rows of the tables of Organizations, and who may ask. */
import type { Call, Table, World } from '../../core/contract.ts'
import { accountNotFound, noPermission, notInUse } from './errors.ts'

export type AccountState = 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED'

export interface Organization {
  readonly id: string
  readonly managementAccountId: string
  readonly rootId: string
  readonly featureSet: 'ALL' | 'CONSOLIDATED_BILLING'
  readonly policyTypes: Readonly<Record<string, 'ENABLED' | 'PENDING_ENABLE' | 'PENDING_DISABLE'>>
  /** Service principal → since when (virtual ms). */
  readonly serviceAccess: Readonly<Record<string, number>>
  readonly resourcePolicy: string | null
  readonly createdAt: number
}

export interface Account {
  readonly id: string
  readonly organizationId: string | null
  readonly name: string
  readonly email: string
  readonly state: AccountState
  readonly joinedMethod: 'INVITED' | 'CREATED'
  readonly joinedAt: number
  readonly createdAt: number
  /** Root or OU; null outside an organisation. */
  readonly parentId: string | null
  readonly closedAt?: number
}

export interface Ou {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  readonly parentId: string
}

export interface CreateRequest {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  readonly email: string
  readonly roleName: string
  readonly tags: Readonly<Record<string, string>>
  readonly state: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'
  readonly requestedAt: number
  readonly completedAt?: number
  readonly accountId?: string
  readonly failureReason?: string
}

export interface Policy {
  readonly id: string
  /** null: managed by AWS, the same in every organisation. */
  readonly organizationId: string | null
  readonly name: string
  readonly description: string
  readonly type: string
  readonly content: string
  readonly updatedAt: number
}

export interface Delegation {
  readonly organizationId: string
  readonly accountId: string
  readonly servicePrincipal: string
  readonly at: number
}

export const organizations = (world: World): Table<Organization> => world.table('organizations.organizations')
export const accounts = (world: World): Table<Account> => world.table('organizations.accounts')
/** Lower-case e-mail → account id; every address that was ever used, in the whole world. */
export const emails = (world: World): Table<string> => world.table('organizations.emails')
export const ous = (world: World): Table<Ou> => world.table('organizations.ous')
export const createRequests = (world: World): Table<CreateRequest> =>
  world.table('organizations.createRequests')
export const policies = (world: World): Table<Policy> => world.table('organizations.policies')
/** Target id → ids of its policies in the order of attachment. */
export const attachments = (world: World): Table<readonly string[]> =>
  world.table('organizations.attachments')
export const tags = (world: World): Table<Readonly<Record<string, string>>> =>
  world.table('organizations.tags')
export const delegations = (world: World): Table<Delegation> => world.table('organizations.delegations')

export function organizationOfAccount(world: World, accountId: string): Organization | null {
  const id = accounts(world).get(accountId)?.organizationId
  return id ? (organizations(world).get(id) ?? null) : null
}

/** The caller's organisation; any member may ask. */
export function ours({ world, caller }: Call<unknown>): Organization {
  const found = organizationOfAccount(world, caller.accountId)
  if (!found) throw notInUse()
  return found
}

/** For calls that only the management account may make. */
export function managed(call: Call<unknown>): Organization {
  const organization = ours(call)
  if (organization.managementAccountId !== call.caller.accountId) throw noPermission()
  return organization
}

/** For calls of the management account or a delegated administrator. */
export function readable(call: Call<unknown>): Organization {
  const organization = ours(call)
  if (organization.managementAccountId === call.caller.accountId) return organization
  for (const { accountId } of delegations(call.world).values())
    if (accountId === call.caller.accountId) return organization
  throw noPermission()
}

export function memberOf(world: World, organization: Organization, accountId: string): Account {
  const account = accounts(world).get(accountId)
  if (account?.organizationId !== organization.id) throw accountNotFound()
  return account
}

export const isRoot = (organization: Organization, id: string) => organization.rootId === id

export function isParent(world: World, organization: Organization, id: string): boolean {
  return isRoot(organization, id) || ous(world).get(id)?.organizationId === organization.id
}

/** Ids from the root down to the node itself. */
export function lineage(world: World, organization: Organization, id: string): string[] {
  const up: string[] = []
  for (let at: string | null | undefined = id; at; at = parentOf(world, at)) up.push(at)
  return up.at(-1) === organization.rootId ? up.reverse() : [organization.rootId]
}

export const parentOf = (world: World, id: string): string | null =>
  ous(world).get(id)?.parentId ?? accounts(world).get(id)?.parentId ?? null

export const arnOf = (organization: Organization, kind: 'account' | 'ou' | 'root', id: string) =>
  `arn:aws:organizations::${organization.managementAccountId}:${kind}/${organization.id}/${id}`
