import { need } from '../need.ts'

export const needs = [
  need('identitystore:GetGroupId', 'グループの検索', 'Finds a group'),
  need('identitystore:CreateGroup', 'グループの作成', 'Creates a group'),
  need('identitystore:GetUserId', '利用者の検索', 'Finds a user'),
  need('identitystore:CreateUser', '利用者の作成', 'Creates a user'),
  need('identitystore:CreateGroupMembership', 'グループへの追加', 'Adds a member'),
  need('identitystore:GetGroupMembershipId', '所属の確認', 'Is someone a member'),
  need('identitystore:DeleteGroupMembership', 'グループからの削除', 'Removes a member'),
  need('identitystore:ListGroupMemberships', 'グループの所属者の確認', 'Reads the members of a group'),
  need('identitystore:DeleteGroup', '不要になったグループの削除', 'Deletes a group that is no longer needed'),
]
