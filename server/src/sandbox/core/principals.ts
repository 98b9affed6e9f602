/** Rows of the tables that say who may call: the core reads them, the services `iam` and `sts` write them. */
import type { Caller, Table, World } from './contract.ts'

export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly accountId: string
  /** null: the root user */
  readonly userName: string | null
  readonly status: 'Active' | 'Inactive'
  readonly createdAt: number
}

export interface Session {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly accountId: string
  readonly roleName: string
  readonly roleArn: string
  readonly arn: string
  readonly userId: string
  /** Real milliseconds since 1970: clients compare it with their own clock, which knows no virtual time. */
  readonly expiresAt: number
  /** Virtual milliseconds since 1970; sessions of older data folders have none. */
  readonly issuedAt?: number
  /** Documents given to AssumeRole, which narrow what the role may do. */
  readonly policies: readonly string[]
  /** Managed policies given to AssumeRole. */
  readonly policyArns: readonly string[]
}

export interface PolicyHolder {
  readonly accountId: string
  readonly name: string
  readonly path: string
  readonly id: string
  readonly arn: string
  readonly createdAt: number
  readonly inline: Readonly<Record<string, string>>
  readonly attached: readonly string[]
  readonly boundary?: string
  readonly tags: Readonly<Record<string, string>>
  /** Users: names of their groups. */
  readonly groups?: readonly string[]
}

export interface Role extends PolicyHolder {
  readonly trust: string
  readonly description?: string
  readonly maxSessionSeconds: number
}

export type User = PolicyHolder
export type Group = PolicyHolder

export interface ManagedPolicy {
  readonly accountId: string
  readonly name: string
  readonly path: string
  readonly id: string
  readonly arn: string
  readonly description?: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly versions: readonly { readonly id: string; readonly document: string; readonly createdAt: number }[]
  readonly defaultVersion: string
  readonly tags: Readonly<Record<string, string>>
}

export const accessKeys = (world: World): Table<AccessKey> => world.table('iam.accessKeys')
export const users = (world: World): Table<User> => world.table('iam.users')
export const groups = (world: World): Table<Group> => world.table('iam.groups')
export const roles = (world: World): Table<Role> => world.table('iam.roles')
export const managedPolicies = (world: World): Table<ManagedPolicy> => world.table('iam.policies')
export const sessions = (world: World): Table<Session> => world.table('sts.sessions')

export const holderKey = (accountId: string, name: string) => `${accountId}/${name.toLowerCase()}`

export const groupsOf = (world: World, holder: PolicyHolder): readonly Group[] =>
  (holder.groups ?? []).flatMap((name) => groups(world).get(holderKey(holder.accountId, name)) ?? [])

export function callerOfKey(world: World, key: AccessKey): Caller {
  const { accountId, userName } = key
  if (userName === null)
    return { accountId, arn: `arn:aws:iam::${accountId}:root`, roleArn: null, userId: accountId }
  const user = users(world).get(holderKey(accountId, userName))
  const arn = user?.arn ?? `arn:aws:iam::${accountId}:user/${userName}`
  return { accountId, arn, roleArn: null, userId: user?.id ?? accountId }
}

export const callerOfSession = ({ accountId, arn, roleArn, userId }: Session): Caller => ({
  accountId,
  arn,
  roleArn,
  userId,
})
