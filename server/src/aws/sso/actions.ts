import { need } from '../need.ts'

export const needs = [
  need('sso:ListInstances', 'Identity Center の識別', 'Identifies Identity Center'),
  need('sso:ListPermissionSets', '許可セットの検索', 'Finds the permission sets'),
  need('sso:DescribePermissionSet', '許可セットの名前の確認', 'Reads the name of a permission set'),
  need('sso:CreatePermissionSet', '2 つの許可セットの作成', 'Creates the two permission sets'),
  need(
    'sso:ListManagedPoliciesInPermissionSet',
    '許可セットの内容確認',
    'Reads the content of a permission set',
  ),
  need('sso:AttachManagedPolicyToPermissionSet', 'Admin の権限設定', 'Gives Admin its policy'),
  need(
    'sso:GetInlinePolicyForPermissionSet',
    '許可セットの内容確認',
    'Reads the content of a permission set',
  ),
  need('sso:PutInlinePolicyToPermissionSet', 'NonAdmin の権限設定', 'Gives NonAdmin its policy'),
  need(
    'sso:ProvisionPermissionSet',
    '訂正した許可セットを各アカウントへ反映',
    'Brings a corrected set to the accounts',
  ),
  need('sso:ListAccountAssignments', '割り当て済みかの確認', 'Is it assigned already'),
  need('sso:CreateAccountAssignment', '割り当て', 'Assigns a group to an account'),
  need('sso:DescribeAccountAssignmentCreationStatus', '割り当ての進み具合', 'Follows an assignment'),
  need('sso:DeleteAccountAssignment', '割り当ての解除', 'Takes an assignment away'),
  need('sso:DescribeAccountAssignmentDeletionStatus', '解除の進み具合', 'Follows that'),
]
