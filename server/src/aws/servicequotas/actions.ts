import { need } from '../need.ts'

export const needs = [
  need('servicequotas:GetServiceQuota', '適用中の上限値の確認', 'Reads the applied value of a quota'),
]
