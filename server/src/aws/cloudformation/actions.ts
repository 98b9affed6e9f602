import { need } from '../need.ts'

/** Those of S3 are asked only where a bucket for the rules of hooks is named; restrict them to that bucket. */
export const needs = [
  need(
    'cloudformation:DescribeOrganizationsAccess',
    'StackSets の信頼されたアクセスの確認',
    'Is trusted access of stack sets on',
  ),
  need(
    'cloudformation:ListStackSets',
    'フックと SSM ドキュメントのスタックセットの一覧',
    'Finds the stack sets of hooks and SSM documents',
  ),
  need(
    'cloudformation:DescribeStackSet',
    'スタックセットの内容確認',
    'Reads template and targets of a stack set',
  ),
  need(
    'cloudformation:CreateStackSet',
    'スタックセットの作成',
    'Creates the stack set of a hook or of SSM documents',
  ),
  need(
    'cloudformation:UpdateStackSet',
    'フックとドキュメントの更新',
    'Changes a hook or documents in every account',
  ),
  need(
    'cloudformation:DeleteStackSet',
    '使わなくなったスタックセットの削除',
    'Deletes stack sets that are no longer used',
  ),
  need(
    'cloudformation:CreateStackInstances',
    'フックとドキュメントをアカウントに配る',
    'Brings a hook or documents into the accounts of an OU',
  ),
  need(
    'cloudformation:DeleteStackInstances',
    'フックとドキュメントの取り外し',
    'Takes a hook or documents out of the accounts of an OU',
  ),
  need(
    'cloudformation:DescribeStackSetOperation',
    '展開の進み具合の確認',
    'Follows an operation of a stack set',
  ),
  need('cloudformation:ListStackSetOperations', '進行中の展開の確認', 'Finds an operation that goes on'),
  need(
    'cloudformation:ListStackInstances',
    '展開に失敗したアカウントの確認',
    'Reads in which accounts it failed',
  ),
  need('s3:GetObject', 'フックのルールの確認', 'Reads the rules of a hook, to find what was changed by hand'),
  need('s3:PutObject', 'フックのルールの保存', 'Puts the rules of a hook into the bucket named for them'),
]
