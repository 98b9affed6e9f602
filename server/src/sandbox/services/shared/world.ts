import type { Caller, World } from '../../core/contract.ts'

/** A random UUID (version 4) under the sandbox's seed. */
export function uuid(world: World): string {
  const hex = world.id(32, '0123456789abcdef')
  const variant = '89ab'.charAt(Math.floor(world.random() * 4))
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20),
  ].join('-')
}

/** Who a service is when it calls another service in that account: a role session named after the service. */
export function serviceCaller(accountId: string, role: string): Caller {
  return {
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${role}`,
    roleArn: `arn:aws:iam::${accountId}:role/service-role/${role}`,
    userId: `AROASANDBOXSERVICE:${role}`,
  }
}

export interface OrganizationView {
  readonly Id: string
  readonly MasterAccountId: string
}

/** The AWS organisation of an account, or null for an account outside any. */
export function organizationOf(world: World, accountId: string): OrganizationView | null {
  try {
    const as = serviceCaller(accountId, 'RankanSandbox')
    return world.invoke<{ Organization: OrganizationView }>('organizations', 'DescribeOrganization', {}, as)
      .Organization
  } catch {
    return null
  }
}

/** Name and tags as AWS's lists of pairs want them. */
export const mapFromTags = (tags: readonly { Key: string; Value: string }[] | undefined) =>
  Object.fromEntries((tags ?? []).map((t) => [t.Key, t.Value]))

export const tagsFromMap = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
