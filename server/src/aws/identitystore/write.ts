import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteGroupMembershipCommand,
  type IdentitystoreClient,
} from '@aws-sdk/client-identitystore'
import { conflict } from '../../kernel/errors.ts'
import { unless } from '../errors.ts'
import { groupByName, membership, userByName } from './read.ts'

export interface UserOrder {
  readonly userName: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}

/** Created before it is looked for: it is there already only after a crash. */
export async function ensureGroup(
  client: IdentitystoreClient,
  storeId: string,
  name: string,
  description: string,
): Promise<string> {
  return unless(
    ['ConflictException'],
    async () => {
      const { GroupId } = await client.send(
        new CreateGroupCommand({ IdentityStoreId: storeId, DisplayName: name, Description: description }),
      )
      return GroupId ?? ''
    },
    async () => (await groupByName(client, storeId, name)) ?? notVisible('group', name),
  )
}

export async function ensureUser(
  client: IdentitystoreClient,
  storeId: string,
  user: UserOrder,
): Promise<string> {
  const find = () => userByName(client, storeId, user.userName)
  return (
    (await find()) ??
    unless(
      ['ConflictException'],
      async () => {
        const { UserId } = await client.send(
          new CreateUserCommand({
            IdentityStoreId: storeId,
            UserName: user.userName,
            DisplayName: `${user.lastName} ${user.firstName}`,
            Name: { GivenName: user.firstName, FamilyName: user.lastName },
            Emails: [{ Value: user.email, Type: 'work', Primary: true }],
          }),
        )
        return UserId ?? ''
      },
      async () => (await find()) ?? notVisible('user', user.userName),
    )
  )
}

export async function ensureMember(
  client: IdentitystoreClient,
  storeId: string,
  groupId: string,
  userId: string,
): Promise<void> {
  await unless(
    ['ConflictException'],
    async () => {
      await client.send(
        new CreateGroupMembershipCommand({
          IdentityStoreId: storeId,
          GroupId: groupId,
          MemberId: { UserId: userId },
        }),
      )
    },
    async () => {
      // A conflict may also be a change of the group at the same time: only the membership itself is done.
      if ((await membership(client, storeId, groupId, userId)) === null)
        throw conflict('membership_conflict', `Group \`${groupId}\` is being changed by someone else.`)
    },
  )
}

export async function removeMember(
  client: IdentitystoreClient,
  storeId: string,
  groupId: string,
  userId: string,
): Promise<void> {
  const id = await membership(client, storeId, groupId, userId)
  if (id === null) return
  await unless(
    ['ResourceNotFoundException'],
    async () => {
      await client.send(new DeleteGroupMembershipCommand({ IdentityStoreId: storeId, MembershipId: id }))
    },
    () => undefined,
  )
}

/** AWS deletes the memberships with the group. */
export async function removeGroup(
  client: IdentitystoreClient,
  storeId: string,
  groupId: string,
): Promise<void> {
  await unless(
    ['ResourceNotFoundException'],
    async () => {
      await client.send(new DeleteGroupCommand({ IdentityStoreId: storeId, GroupId: groupId }))
    },
    () => undefined,
  )
}

function notVisible(what: string, name: string): never {
  throw conflict(
    `${what}_not_visible_yet`,
    `The ${what} \`${name}\` exists and Identity Center does not show it yet.`,
  )
}
