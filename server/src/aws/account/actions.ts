import { need } from '../need.ts'

export const needs = [
  need('account:PutAlternateContact', '代替連絡先の登録', 'Sets the alternate contacts'),
  need('account:GetAlternateContact', '代替連絡先の確認', 'Reads the alternate contacts'),
  need('account:PutAccountName', 'アカウント名の変更', 'Renames an account'),
]
