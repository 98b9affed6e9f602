import { need } from '../need.ts'

export const needs = [
  need('support:CreateCase', 'エンタープライズサポートの申し込み', 'Asks for Enterprise Support'),
  need('support:DescribeCases', '申し込みの検索と状態確認', 'Finds and follows that case'),
]
