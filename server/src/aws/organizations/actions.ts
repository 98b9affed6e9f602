import { need } from '../need.ts'

export const needs = [
  need('organizations:DescribeOrganization', 'AWS 組織の識別', 'Identifies the AWS organisation'),
  need('organizations:ListRoots', 'ルートの識別', 'Identifies the root'),
  need('organizations:DescribeAccount', 'アカウントの状態確認', 'Reads the state of one account'),
  need('organizations:ListAccounts', '差分点検(ドリフト検出)', 'Sweeps for drift'),
  need('organizations:ListAccountsForParent', 'OU ごとのアカウント数の確認', 'Counts the accounts of an OU'),
  need('organizations:ListOrganizationalUnitsForParent', 'OU 階層の読み取り', 'Reads the tree of OUs'),
  need('organizations:DescribeOrganizationalUnit', 'OU の名前の確認', 'Reads the name of an OU'),
  need('organizations:ListParents', 'アカウントが属する OU の確認', 'Finds the OU of an account'),
  need('organizations:MoveAccount', 'OU への配置・移動', 'Places and moves accounts'),
  need('organizations:CreateOrganizationalUnit', '上限に達する前の OU 分割', 'Splits OUs before their limit'),
  need('organizations:TagResource', 'アカウントへのタグ付け', 'Tags accounts'),
  need(
    'organizations:ListPolicies',
    '統制ポリシーの一覧と停止用 SCP の検索',
    'Lists the policies in force; finds the one that suspends accounts',
  ),
  need('organizations:DescribePolicy', 'ポリシーの内容確認', 'Reads the content of a policy'),
  need(
    'organizations:ListTargetsForPolicy',
    '統制ポリシーの適用先の確認',
    'Reads where a policy is attached',
  ),
  need(
    'organizations:CreatePolicy',
    '停止用 SCP と統制ポリシーの作成',
    'Creates the policy that suspends, and policies of controls',
  ),
  need('organizations:UpdatePolicy', '停止用 SCP と統制ポリシーの訂正', 'Corrects those policies'),
  need(
    'organizations:DeletePolicy',
    '使わなくなった統制ポリシーの削除',
    'Deletes policies of controls that are no longer used',
  ),
  need('organizations:EnablePolicyType', '統制ポリシーの種類の有効化', 'Switches a type of policy on'),
  need(
    'organizations:AttachPolicy',
    '停止と統制ポリシーの適用',
    'Suspends an account; puts a control on an OU',
  ),
  need(
    'organizations:DetachPolicy',
    '停止の解除と統制ポリシーの解除',
    'Ends a suspension; takes a control off an OU',
  ),
  need('organizations:CloseAccount', 'アカウントの解約', 'Closes accounts'),
]
