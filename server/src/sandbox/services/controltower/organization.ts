import type { World } from '../../core/contract.ts'
import { serviceCaller } from '../shared/world.ts'
import { CONTROL_TOWER_ROLE, type LandingZone } from './state.ts'

/** What Control Tower asks of Organizations, with its own role. */
export const controlTowerCaller = (zone: LandingZone) =>
  serviceCaller(zone.managementAccountId, CONTROL_TOWER_ROLE)

export interface OrganizationAccount {
  readonly Id: string
  readonly Name: string
  readonly Email: string
  readonly Status?: string
  readonly State?: string
}

const ask = <O>(world: World, zone: LandingZone, operation: string, input: object): O =>
  world.invoke<O>('organizations', operation, input, controlTowerCaller(zone))

export const accountOf = (world: World, zone: LandingZone, AccountId: string) =>
  ask<{ Account: OrganizationAccount }>(world, zone, 'DescribeAccount', { AccountId }).Account

export const parentOf = (world: World, zone: LandingZone, ChildId: string) =>
  ask<{ Parents: { Id: string }[] }>(world, zone, 'ListParents', { ChildId }).Parents[0]?.Id ?? zone.rootId

export function ouNameOf(world: World, zone: LandingZone, ouId: string): string {
  if (!ouId.startsWith('ou-')) return 'Root'
  type Reply = { OrganizationalUnit: { Name: string } }
  return ask<Reply>(world, zone, 'DescribeOrganizationalUnit', { OrganizationalUnitId: ouId })
    .OrganizationalUnit.Name
}

export function accountsIn(world: World, zone: LandingZone, ParentId: string): OrganizationAccount[] {
  const all: OrganizationAccount[] = []
  let NextToken: string | undefined
  do {
    type Reply = { Accounts: OrganizationAccount[]; NextToken?: string }
    const page: Reply = ask<Reply>(world, zone, 'ListAccountsForParent', {
      ParentId,
      ...(NextToken ? { NextToken } : {}),
    })
    all.push(...page.Accounts)
    NextToken = page.NextToken ?? undefined
  } while (NextToken)
  return all
}

export function moveTo(
  world: World,
  zone: LandingZone,
  AccountId: string,
  DestinationParentId: string,
): void {
  const SourceParentId = parentOf(world, zone, AccountId)
  if (SourceParentId !== DestinationParentId)
    ask(world, zone, 'MoveAccount', { AccountId, SourceParentId, DestinationParentId })
}
