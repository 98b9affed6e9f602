/** What an IAM call works on, and the condition keys of IAM's own. */
import type { Call } from '../../core/contract.ts'
import { groups, holderKey, type PolicyHolder, roles, users } from '../../core/principals.ts'

interface Named {
  readonly RoleName?: string
  readonly UserName?: string
  readonly GroupName?: string
  readonly PolicyName?: string
  readonly PolicyArn?: string
  readonly Path?: string
  readonly PermissionsBoundary?: string
}

// `PolicyName` is the managed policy only here; elsewhere it is an inline policy of the user, group or role.
const POLICY_MAKERS = new Set(['CreatePolicy'])
// Without a name AWS means the caller.
const OF_CALLER = /^(GetUser|CreateAccessKey|DeleteAccessKey|UpdateAccessKey|ListAccessKeys)$/

/** ARNs with the path of what exists, or with the path that is asked for. */
export function resourcesOf(call: Call<Named>): readonly string[] {
  const { input, caller, world, operation } = call
  const arn = (kind: string, name: string, holder: PolicyHolder | undefined) =>
    holder?.arn ?? `arn:aws:iam::${caller.accountId}:${kind}${input.Path ?? '/'}${name}`
  const key = (name: string) => holderKey(caller.accountId, name)
  if (input.RoleName !== undefined)
    return [arn('role', input.RoleName, roles(world).get(key(input.RoleName)))]
  if (input.GroupName !== undefined)
    return [arn('group', input.GroupName, groups(world).get(key(input.GroupName)))]
  if (input.UserName !== undefined)
    return [arn('user', input.UserName, users(world).get(key(input.UserName)))]
  if (OF_CALLER.test(operation) && caller.roleArn === null && !caller.arn.endsWith(':root'))
    return [caller.arn]
  if (POLICY_MAKERS.has(operation)) return [arn('policy', input.PolicyName ?? '*', undefined)]
  return [input.PolicyArn ?? '*']
}

/** Source: Service Authorization Reference, "AWS Identity and Access Management (IAM)", condition keys. */
export const keysOf = ({ input }: Call<Named>) => ({
  'iam:PolicyARN': input.PolicyArn,
  'iam:PermissionsBoundary': input.PermissionsBoundary,
})
