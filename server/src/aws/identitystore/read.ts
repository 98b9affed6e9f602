import {
  GetGroupIdCommand,
  GetGroupMembershipIdCommand,
  GetUserIdCommand,
  type IdentitystoreClient,
} from '@aws-sdk/client-identitystore'
import { unless } from '../errors.ts'

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
