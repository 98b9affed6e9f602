import {
  type Account,
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { notFound, RankanError } from '../../kernel/errors.ts'
import type { EstateAccount, EstateOu, OuRef } from '../../ports/estate.ts'
import { unless } from '../errors.ts'
import { once, paged } from '../pages.ts'

export type OrganizationReader = ReturnType<typeof organizationReader>

export function organizationReader(client: OrganizationsClient) {
  const describe = once(() => describeOrganization(client))
  return {
    describe,
    account: (accountId: string) => readAccount(client, accountId),
    accounts: () => accounts(client),
    accountsOf: (parentId: string) => accountsOf(client, parentId),
    ou: (ouId: string) => readOu(client, ouId),
    childOus: (parentId: string) => childOus(client, parentId),
    async *ous(): AsyncIterable<EstateOu> {
      yield* tree(client, (await describe()).rootId)
    },
    parentOf: (accountId: string) => parentOf(client, accountId),
  }
}

/** The identity of an AWS organisation never changes, so it is read once. */
async function describeOrganization(client: OrganizationsClient) {
  const { Organization: organization } = await client.send(new DescribeOrganizationCommand({}))
  const { Roots: roots } = await client.send(new ListRootsCommand({}))
  const root = roots?.[0]
  if (!organization?.Id || !organization.MasterAccountId || !root?.Id)
    throw new RankanError('unavailable', 'no_organization', 'AWS named no organisation or no root.')
  return {
    organizationId: organization.Id,
    managementAccountId: organization.MasterAccountId,
    rootId: root.Id,
    /** `aws`, `aws-us-gov` or `aws-cn` */
    partition: organization.Arn?.split(':')[1] ?? 'aws',
  }
}

async function readAccount(client: OrganizationsClient, accountId: string): Promise<EstateAccount | null> {
  return unless(
    ['AccountNotFoundException'],
    async () => {
      const { Account } = await client.send(new DescribeAccountCommand({ AccountId: accountId }))
      return Account ? toAccount(Account) : null
    },
    () => null,
  )
}

async function* accounts(client: OrganizationsClient): AsyncGenerator<EstateAccount> {
  const all = paged(async (token) => {
    const page = await client.send(new ListAccountsCommand({ NextToken: token }))
    return { items: page.Accounts, next: page.NextToken }
  })
  for await (const account of all) yield toAccount(account)
}

async function* accountsOf(client: OrganizationsClient, parentId: string): AsyncGenerator<EstateAccount> {
  const all = paged(async (token) => {
    const page = await client.send(new ListAccountsForParentCommand({ ParentId: parentId, NextToken: token }))
    return { items: page.Accounts, next: page.NextToken }
  })
  for await (const account of all) yield toAccount(account)
}

async function* childOus(client: OrganizationsClient, parentId: string): AsyncGenerator<EstateOu> {
  const all = paged(async (token) => {
    const page = await client.send(
      new ListOrganizationalUnitsForParentCommand({ ParentId: parentId, NextToken: token }),
    )
    return { items: page.OrganizationalUnits, next: page.NextToken }
  })
  for await (const ou of all) yield { id: ou.Id ?? '', name: ou.Name ?? '', parentId }
}

async function readOu(client: OrganizationsClient, ouId: string): Promise<OuRef> {
  const { OrganizationalUnit } = await client.send(
    new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: ouId }),
  )
  return { id: ouId, name: OrganizationalUnit?.Name ?? '' }
}

/** Parents first; a level is read only when the caller has taken the level above. */
async function* tree(client: OrganizationsClient, rootId: string): AsyncGenerator<EstateOu> {
  const open = [rootId]
  for (let parent = open.shift(); parent !== undefined; parent = open.shift()) {
    for await (const ou of childOus(client, parent)) {
      open.push(ou.id)
      yield ou
    }
  }
}

async function parentOf(client: OrganizationsClient, accountId: string): Promise<string> {
  const { Parents } = await client.send(new ListParentsCommand({ ChildId: accountId }))
  const parent = Parents?.[0]?.Id
  if (parent === undefined) throw notFound('account', accountId)
  return parent
}

/** `State` replaces `Status`, which AWS retires on 2026-09-09; older answers carry only `Status`. */
function toAccount(account: Account): EstateAccount {
  return {
    accountId: account.Id ?? '',
    name: account.Name ?? '',
    email: account.Email ?? '',
    state: account.State ?? account.Status ?? 'ACTIVE',
    joinedAt: (account.JoinedTimestamp ?? new Date(0)).toISOString(),
    joinedMethod: account.JoinedMethod ?? 'CREATED',
  }
}
