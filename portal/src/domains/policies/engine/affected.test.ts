import type { PlaceView } from '@rankan/server/domain/policies/guardrails.ts'
import { expect, test } from 'vitest'
import type { Tenant } from '../api.ts'
import { affectedBelow } from './affected.ts'

const place = (id: string, parentId: string | null): PlaceView => ({
  id,
  parentId,
  kind: parentId === null ? 'root' : 'ou',
  name: id,
  policies: [],
  slots: [],
  accounts: 0,
})
const PLACES = [place('r-1', null), place('ou-a', 'r-1'), place('ou-a1', 'ou-a'), place('ou-b', 'r-1')]
const sabae = { ja: '鯖江市', en: 'Sabae' }
const account = (accountId: string, ouId: string, organisation: Tenant['organisation'], aws = 'aws_1') =>
  ({ accountId, ouId, organisation, awsOrganizationId: aws, name: accountId }) satisfies Tenant
const tenants = new Map(
  [
    account('1', 'ou-a1', sabae),
    account('2', 'ou-b', sabae),
    account('3', 'ou-a', null),
    account('4', 'r-1', sabae),
    account('5', 'ou-a', sabae, 'aws_2'),
  ].map((one) => [one.accountId, one]),
)
const below = (id: string) =>
  affectedBelow(PLACES, id, 'aws_1', tenants).map(({ organisation, accounts }) => [
    organisation?.en ?? null,
    accounts.map(({ accountId }) => accountId),
  ])

test('who stands below a place, by organisation, and nobody of another AWS organisation', () => {
  expect(below('r-1')).toEqual([
    ['Sabae', ['1', '2', '4']],
    [null, ['3']],
  ])
  expect(below('ou-a')).toEqual([
    ['Sabae', ['1']],
    [null, ['3']],
  ])
  expect(below('2')).toEqual([['Sabae', ['2']]])
  expect(below('ou-none')).toEqual([])
})
