import { need } from '../need.ts'

export const needs = [
  need('controltower:ListLandingZones', 'ランディングゾーンの有無', 'Is there a landing zone'),
  need('controltower:ListBaselines', 'ベースラインの識別', 'Identifies the baselines'),
  need(
    'controltower:ListEnabledBaselines',
    'OU・アカウントの登録状態の確認',
    'Reads the enrolment of OUs and accounts',
  ),
  need('controltower:GetBaselineOperation', '登録が失敗した理由の確認', 'Reads why an enrolment failed'),
  need('controltower:EnableBaseline', '新しい OU の登録', 'Registers a new OU'),
  need('controltower:ResetEnabledBaseline', '失敗した登録のやり直し', 'Repeats an enrolment that failed'),
  need('controlcatalog:ListControls', '有効にできる統制の一覧', 'Lists the controls that can be enabled'),
  need(
    'controltower:ListEnabledControls',
    '有効な統制とそのドリフトの確認',
    'Reads which controls are on, and their drift',
  ),
  need('controltower:GetEnabledControl', '統制のパラメーターの確認', 'Reads the parameters of a control'),
  need('controltower:EnableControl', '統制の有効化', 'Enables a control on an OU'),
  need(
    'controltower:UpdateEnabledControl',
    '統制のパラメーターの変更',
    'Changes the parameters of a control',
  ),
  need('controltower:ResetEnabledControl', 'ドリフトした統制の修復', 'Repairs a control that drifted'),
  need('controltower:DisableControl', '統制の無効化', 'Disables a control on an OU'),
  need(
    'controltower:GetControlOperation',
    '統制の操作の進み具合の確認',
    'Follows the operation of a control',
  ),
  need('organizations:CreateAccount', 'アカウントの作成', 'Creates an account'),
  need('organizations:DescribeCreateAccountStatus', '作成の進み具合の確認', 'Follows a creation'),
  need(
    'organizations:ListCreateAccountStatus',
    '中断後に作成済みのアカウントを見つける',
    'Finds a creation begun before a crash',
  ),
]
