import { need } from '../need.ts'

/** Budgets has two IAM actions for all of its operations. */
export const needs = [
  need('budgets:ModifyBudget', '予算の作成・変更・削除', 'Creates, changes and deletes budgets'),
  need('budgets:ViewBudget', '予算の確認', 'Reads budgets'),
]
