import {
  GetGroupIdCommand,
  GetGroupMembershipIdCommand,
  GetUserIdCommand,
  type IdentitystoreClient,
  ListGroupMembershipsCommand,
} from '@aws-sdk/client-identitystore'
import { unless } from '../errors.ts'
import { paged } from '../pages.ts'

const MISSING = ['ResourceNotFoundException']

/** Asked by the name itself, never by listing: a store of Government Cloud has 100,000 users. */
export const groupByName = (client: IdentitystoreClient, storeId: string, name: string) =>
  unless(
    MISSING,
    async () => {
      const { GroupId } = await client.send(
        new GetGroupIdCommand({
          IdentityStoreId: storeId,
          AlternateIdentifier: { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: name } },
        }),
      )
      return GroupId ?? null
    },
    () => null,
  )

export const userByName = (client: IdentitystoreClient, storeId: string, userName: string) =>
  unless(
    MISSING,
    async () => {
      const { UserId } = await client.send(
        new GetUserIdCommand({
          IdentityStoreId: storeId,
          AlternateIdentifier: { UniqueAttribute: { AttributePath: 'userName', AttributeValue: userName } },
        }),
      )
      return UserId ?? null
    },
    () => null,
  )

export const membership = (client: IdentitystoreClient, storeId: string, groupId: string, userId: string) =>
  unless(
    MISSING,
    async () => {
      const { MembershipId } = await client.send(
        new GetGroupMembershipIdCommand({
          IdentityStoreId: storeId,
          GroupId: groupId,
          MemberId: { UserId: userId },
        }),
      )
      return MembershipId ?? null
    },
    () => null,
  )

export async function members(
  client: IdentitystoreClient,
  storeId: string,
  groupId: string,
): Promise<readonly string[]> {
  const users: string[] = []
  const all = paged(async (token) => {
    const page = await client.send(
      new ListGroupMembershipsCommand({ IdentityStoreId: storeId, GroupId: groupId, NextToken: token }),
    )
    return { items: page.GroupMemberships, next: page.NextToken }
  })
  for await (const { MemberId } of all) if (MemberId?.UserId) users.push(MemberId.UserId)
  return users
}
