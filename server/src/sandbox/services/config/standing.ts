/** Which rules stand in an account: its own, those of its conformance packs, and those of its organisation. */
import { createHash } from 'node:crypto'
import type { World } from '../../core/contract.ts'
import { accounts } from '../organizations/state.ts'
import {
  type ConfigRule,
  type OrganizationResource,
  organizationTable,
  type Pack,
  packsTable,
  rulesTable,
  type StandingRule,
} from './state.ts'
import { packRules } from './template.ts'

const PACKS = 'config-conforms.amazonaws.com'
const ORGANIZATION = 'config-multiaccountsetup.amazonaws.com'

/** Rows are replaced when they change, so what was read out of one stays right. */
const parsed = new WeakMap<object, readonly ConfigRule[]>()

/** Templates were checked before they were kept, with the limit of that day. */
export function templateRules(row: Pack | OrganizationResource): readonly ConfigRule[] {
  const known = parsed.get(row) ?? packRules(row.template, row.parameters, Number.POSITIVE_INFINITY)
  parsed.set(row, known)
  return known
}

const idOf = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length)

/** A rule of an organisation or pack has the same id as long as it is there. */
const standing = (
  accountId: string,
  region: string,
  name: string,
  rule: ConfigRule,
  createdBy: string,
  updatedAt: number,
): StandingRule => ({
  accountId,
  region,
  name,
  id: `config-rule-${idOf(`${accountId}/${region}/${name}`, 6)}`,
  rule,
  createdBy,
  updatedAt,
})

const inPack = (rule: ConfigRule, suffix: string) => `${rule.ConfigRuleName}-conformance-pack-${suffix}`

export const memberPackName = ({ name, suffix }: OrganizationResource) => `OrgConformsPack-${name}-${suffix}`
export const memberRuleName = ({ name, suffix }: OrganizationResource) => `OrgConfigRule-${name}-${suffix}`

/** The packs and rules of the organisation that reached this account in this Region. */
export function reaching(world: World, accountId: string, region: string): readonly OrganizationResource[] {
  const organizationId = accounts(world).get(accountId)?.organizationId
  return [...organizationTable(world).values()].filter(
    (one) =>
      one.organizationId === organizationId && one.region === region && one.deployedTo.includes(accountId),
  )
}

export function standingRules(world: World, accountId: string, region: string): readonly StandingRule[] {
  const own = [...rulesTable(world).values()].filter(
    (one) => one.accountId === accountId && one.region === region,
  )
  const packs = [...packsTable(world).values()].filter(
    (one) => one.accountId === accountId && one.region === region && one.state === 'CREATE_COMPLETE',
  )
  const ofPacks = packs.flatMap((one) =>
    templateRules(one).map((rule) =>
      standing(accountId, region, inPack(rule, one.suffix), rule, PACKS, one.requestedAt),
    ),
  )
  const ofOrganization = reaching(world, accountId, region).flatMap((one) =>
    one.rule === null
      ? templateRules(one).map((rule) =>
          standing(accountId, region, inPack(rule, one.suffix), rule, PACKS, one.updatedAt),
        )
      : [standing(accountId, region, memberRuleName(one), one.rule, ORGANIZATION, one.updatedAt)],
  )
  return [...own, ...ofPacks, ...ofOrganization]
}
