import type { Call, ServiceDefinition } from '../../core/contract.ts'
import * as groups from './groups.ts'
import * as memberships from './memberships.ts'
import { requireStore, storeArn } from './state.ts'
import * as users from './users.ts'

const describeIdentityStore = (call: Call<{ IdentityStoreId: string }>) => {
  const id = requireStore(call)
  return { IdentityStoreId: id, IdentityStoreArn: storeArn(call.caller.accountId, id) }
}

export const identitystore: ServiceDefinition = {
  signingName: 'identitystore',
  model: 'identitystore',
  iamPrefix: 'identitystore',
  operations: {
    DescribeIdentityStore: describeIdentityStore,
    CreateUser: users.createUser,
    DeleteUser: users.deleteUser,
    DescribeUser: users.describeUser,
    GetUserId: users.getUserId,
    ListUsers: users.listUsers,
    UpdateUser: users.updateUser,
    CreateGroup: groups.createGroup,
    DeleteGroup: groups.deleteGroup,
    DescribeGroup: groups.describeGroup,
    GetGroupId: groups.getGroupId,
    ListGroups: groups.listGroups,
    UpdateGroup: groups.updateGroup,
    CreateGroupMembership: memberships.createGroupMembership,
    DeleteGroupMembership: memberships.deleteGroupMembership,
    DescribeGroupMembership: memberships.describeGroupMembership,
    GetGroupMembershipId: memberships.getGroupMembershipId,
    IsMemberInGroups: memberships.isMemberInGroups,
    ListGroupMemberships: memberships.listGroupMemberships,
    ListGroupMembershipsForMember: memberships.listGroupMembershipsForMember,
  },
}
