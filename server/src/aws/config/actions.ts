import { need } from '../need.ts'

export const needs = [
  need(
    'config:DescribeOrganizationConformancePacks',
    '組織の適合パックの一覧',
    'Lists the conformance packs of the organisation',
  ),
  need(
    'config:DescribeOrganizationConformancePackStatuses',
    '適合パックの展開状況の確認',
    'Reads how far a conformance pack is',
  ),
  need(
    'config:GetOrganizationConformancePackDetailedStatus',
    '展開に失敗したアカウントの確認',
    'Reads in which accounts a conformance pack failed',
  ),
  need(
    'config:PutOrganizationConformancePack',
    '発見的統制の展開',
    'Deploys detective controls to the accounts',
  ),
  need(
    'config:DeleteOrganizationConformancePack',
    '使わなくなった適合パックの削除',
    'Deletes conformance packs that are no longer used',
  ),
]
