import { need } from '../need.ts'

export const needs = [
  need('servicecatalog:UpdateProvisionedProduct', '別の OU への移動', 'Moves an account to another OU'),
  need('servicecatalog:DescribeProduct', 'Account Factory 製品の特定', 'Finds the Account Factory product'),
  need('servicecatalog:ProvisionProduct', 'アカウントの払い出し', 'Vends an account'),
  need(
    'servicecatalog:DescribeProvisionedProduct',
    '払い出し済み製品の状態確認',
    'Reads the state of a product',
  ),
  need('servicecatalog:DescribeRecord', '処理の進み具合の確認', 'Follows an operation'),
  need(
    'servicecatalog:SearchProvisionedProducts',
    'アカウントに対応する製品の検索',
    'Finds the product of an account',
  ),
  need(
    'servicecatalog:TerminateProvisionedProduct',
    '解約前の登録解除、失敗した製品の片付け',
    'Un-enrols before closing; clears a failed product',
  ),
]
