import { need } from '../need.ts'

/** Asked by the role in the management account. */
export const needs = [
  need(
    'securityhub:ListOrganizationAdminAccounts',
    'Security Hub の委任管理アカウントの確認',
    'Finds the delegated administrator of Security Hub',
  ),
]

/** Asked by a role of the same name in the account of Security Hub's delegated administrator: AWS takes them from nobody else. */
export const delegatedNeeds = [
  need(
    'securityhub:DescribeOrganizationConfiguration',
    '中央設定の有無の確認',
    'Is central configuration on',
  ),
  need('securityhub:ListConfigurationPolicies', '設定ポリシーの一覧', 'Lists the configuration policies'),
  need('securityhub:GetConfigurationPolicy', '設定ポリシーの内容確認', 'Reads a configuration policy'),
  need('securityhub:CreateConfigurationPolicy', '設定ポリシーの作成', 'Creates a configuration policy'),
  need('securityhub:UpdateConfigurationPolicy', '設定ポリシーの更新', 'Corrects a configuration policy'),
  need(
    'securityhub:DeleteConfigurationPolicy',
    '使わなくなった設定ポリシーの削除',
    'Deletes policies that are no longer used',
  ),
  need(
    'securityhub:ListConfigurationPolicyAssociations',
    '設定ポリシーの適用先の確認',
    'Reads where policies are applied',
  ),
  need(
    'securityhub:GetConfigurationPolicyAssociation',
    '適用の進み具合の確認',
    'Follows how a policy is applied',
  ),
  need('securityhub:StartConfigurationPolicyAssociation', '設定ポリシーの適用', 'Applies a policy to an OU'),
  need('securityhub:StartConfigurationPolicyDisassociation', '適用の解除', 'Takes a policy off an OU'),
]
