import { AwsError, type Call, type World } from '../../core/contract.ts'
import { AWS_MANAGED } from '../../core/managed-policies.ts'
import {
  holderKey,
  managedPolicies,
  type PolicyHolder,
  type Role,
  roles,
  type User,
  users,
} from '../../core/principals.ts'

export interface IamTag {
  readonly Key: string
  readonly Value: string
}

export const tagMap = (tags: readonly IamTag[] | undefined) =>
  Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value]))
export const tagList = (tags: Readonly<Record<string, string>>): IamTag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

export const noSuchEntity = (message: string) => new AwsError('NoSuchEntityException', message, {}, 404)
export const exists = (message: string) => new AwsError('EntityAlreadyExistsException', message, {}, 409)
export const limitExceeded = (message: string) => new AwsError('LimitExceededException', message, {}, 409)
export const deleteConflict = (message: string) => new AwsError('DeleteConflictException', message, {}, 409)

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
export const iamId = (world: World, prefix: string) => `${prefix}${world.id(17, ID_ALPHABET)}`

export function roleOf({ world, caller }: Call<unknown>, name: string): Role {
  const role = roles(world).get(holderKey(caller.accountId, name))
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`)
  return role
}

export function userOf({ world, caller }: Call<unknown>, name: string): User {
  const user = users(world).get(holderKey(caller.accountId, name))
  if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`)
  return user
}

export function checkPolicyExists(world: World, arn: string): void {
  if (!managedPolicies(world).has(arn) && !(arn in AWS_MANAGED))
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)
}

export const userView = (user: User) => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: user.createdAt,
  PermissionsBoundary: boundaryView(user),
  Tags: tagList(user.tags),
})

export const boundaryView = ({ boundary }: PolicyHolder) =>
  boundary === undefined ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary }

export const iamPage = <T>(items: readonly T[], marker: string | undefined, max = 100) => {
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, 'base64').toString())
  if (!Number.isInteger(start) || start < 0) throw new AwsError('ValidationError', 'Invalid Marker.')
  const end = start + max
  const more = end < items.length
  return {
    items: items.slice(start, end),
    IsTruncated: more,
    Marker: more ? Buffer.from(String(end)).toString('base64') : undefined,
  }
}

export const encoded = (document: string) => encodeURIComponent(document)

export interface PageIn {
  readonly Marker?: string
  readonly MaxItems?: number
}

/** Inline and attached policies work alike for roles and users. */
export function withInline<T extends PolicyHolder>(holder: T, name: string, document: string | null): T {
  const { [name]: _, ...others } = holder.inline
  return { ...holder, inline: document === null ? others : { ...holder.inline, [name]: document } }
}

export const attachedView = (arn: string) => ({
  PolicyArn: arn,
  PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
})
