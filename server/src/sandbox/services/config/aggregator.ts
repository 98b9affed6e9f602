import { AwsError, type Call, type World } from '../../core/contract.ts'
import { accounts, organizationOfAccount } from '../organizations/state.ts'
import { complianceView, resultView } from './compliance.ts'
import { type Compliances, compliancesOf } from './evaluate.ts'
import { speaking } from './organization.ts'
import { standingRules } from './standing.ts'
import { at, invalid, page, place, type StandingRule, wrong } from './state.ts'

interface AccountSource {
  readonly AccountIds: readonly string[]
  readonly AllAwsRegions?: boolean
  readonly AwsRegions?: readonly string[]
}

interface OrganizationSource {
  readonly RoleArn: string
  readonly AllAwsRegions?: boolean
  readonly AwsRegions?: readonly string[]
}

interface Aggregator {
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly id: string
  readonly accountSources: readonly AccountSource[]
  readonly organizationSource: OrganizationSource | null
  readonly createdAt: number
  readonly updatedAt: number
}

const aggregatorsOf = (world: World) => world.table<Aggregator>('config.aggregators')

interface PutInput {
  readonly ConfigurationAggregatorName: string
  readonly AccountAggregationSources?: readonly AccountSource[]
  readonly OrganizationAggregationSource?: OrganizationSource
}

export function putConfigurationAggregator(call: Call<PutInput>) {
  const { world, input, caller, region } = call
  const sources = input.AccountAggregationSources ?? []
  const ofOrganization = input.OrganizationAggregationSource ?? null
  if ((sources.length === 0) === (ofOrganization === null))
    throw wrong(
      'You must choose one of these options: AccountAggregationSources or OrganizationAggregationSource.',
    )
  for (const { AllAwsRegions, AwsRegions } of [...sources, ...(ofOrganization ? [ofOrganization] : [])])
    if ((AllAwsRegions === true) === (AwsRegions ?? []).length > 0)
      throw wrong('You must choose one of these options: select all AWS regions or specify AWS regions.')
  if (ofOrganization) speaking(call)
  const known = aggregatorsOf(world).get(at(call, input.ConfigurationAggregatorName))
  const count = [...aggregatorsOf(world).values()].filter((one) => one.accountId === caller.accountId).length
  if (!known && count >= world.limit('config.aggregators'))
    throw new AwsError('LimitExceededException', 'You have reached the limit of configuration aggregators.')
  const row: Aggregator = {
    accountId: caller.accountId,
    region,
    name: input.ConfigurationAggregatorName,
    id: known?.id ?? `config-aggregator-${world.id(8)}`,
    accountSources: sources,
    organizationSource: ofOrganization,
    createdAt: known?.createdAt ?? world.now(),
    updatedAt: world.now(),
  }
  aggregatorsOf(world).put(at(call, row.name), row)
  return { ConfigurationAggregator: view(row) }
}

const view = (row: Aggregator) => ({
  ConfigurationAggregatorName: row.name,
  ConfigurationAggregatorArn: `arn:aws:config:${row.region}:${row.accountId}:config-aggregator/${row.id}`,
  AccountAggregationSources: row.accountSources.length > 0 ? row.accountSources : undefined,
  OrganizationAggregationSource: row.organizationSource ?? undefined,
  CreationTime: row.createdAt,
  LastUpdatedTime: row.updatedAt,
})

function aggregator(call: Call<unknown>, name: string): Aggregator {
  const found = aggregatorsOf(call.world).get(at(call, name))
  if (!found)
    throw new AwsError(
      'NoSuchConfigurationAggregatorException',
      `The configuration aggregator does not exist. Check the configuration aggregator name and try again.`,
    )
  return found
}

type Names = Call<{ ConfigurationAggregatorNames?: readonly string[]; Limit?: number; NextToken?: string }>

export function describeConfigurationAggregators(call: Names) {
  const prefix = place(call.caller.accountId, call.region, '')
  const rows =
    call.input.ConfigurationAggregatorNames?.map((name) => aggregator(call, name)) ??
    [...aggregatorsOf(call.world).entries()].flatMap(([key, one]) => (key.startsWith(prefix) ? [one] : []))
  const { items, next } = page(rows, call.input, 100)
  return { ConfigurationAggregators: items.map(view), NextToken: next }
}

export function deleteConfigurationAggregator(call: Call<{ ConfigurationAggregatorName: string }>): void {
  aggregator(call, call.input.ConfigurationAggregatorName)
  aggregatorsOf(call.world).delete(at(call, call.input.ConfigurationAggregatorName))
}

/** Accounts and Regions that the aggregator collects from; without a list of Regions its own. */
function sourcesOf(world: World, row: Aggregator): readonly { accountId: string; region: string }[] {
  const pairs = (ids: readonly string[], given: { AwsRegions?: readonly string[] }) =>
    ids.flatMap((accountId) => (given.AwsRegions ?? [row.region]).map((region) => ({ accountId, region })))
  const { organizationSource } = row
  if (organizationSource === null) return row.accountSources.flatMap((one) => pairs(one.AccountIds, one))
  const organization = organizationOfAccount(world, row.accountId)
  const ids = [...accounts(world).values()].flatMap(({ id, organizationId, state }) =>
    organizationId === organization?.id && state === 'ACTIVE' ? [id] : [],
  )
  return pairs(ids, organizationSource)
}

interface Filters {
  readonly ConfigRuleName?: string
  readonly ComplianceType?: string
  readonly AccountId?: string
  readonly AwsRegion?: string
}

interface Row extends Compliances {
  readonly rule: StandingRule
}

function rowsOf(world: World, row: Aggregator, filters: Filters): readonly Row[] {
  return sourcesOf(world, row)
    .filter(
      ({ accountId, region }) =>
        (filters.AccountId === undefined || filters.AccountId === accountId) &&
        (filters.AwsRegion === undefined || filters.AwsRegion === region),
    )
    .flatMap(({ accountId, region }) => standingRules(world, accountId, region))
    .filter(({ name }) => filters.ConfigRuleName === undefined || filters.ConfigRuleName === name)
    .map((rule) => ({ rule, ...compliancesOf(world, rule) }))
    .filter(({ overall }) => filters.ComplianceType === undefined || filters.ComplianceType === overall)
}

type OnAggregator = Call<{
  ConfigurationAggregatorName: string
  Filters?: Filters
  Limit?: number
  NextToken?: string
}>

export function describeAggregateComplianceByConfigRules(call: OnAggregator) {
  const { world, input } = call
  const rows = rowsOf(world, aggregator(call, input.ConfigurationAggregatorName), input.Filters ?? {})
  const { items, next } = page(rows, input, 100)
  const AggregateComplianceByConfigRules = items.map(({ rule, results, overall }) => ({
    ConfigRuleName: rule.name,
    Compliance: complianceView(results, overall),
    AccountId: rule.accountId,
    AwsRegion: rule.region,
  }))
  return { AggregateComplianceByConfigRules, NextToken: next }
}

type Details = Call<{
  ConfigurationAggregatorName: string
  ConfigRuleName: string
  AccountId: string
  AwsRegion: string
  ComplianceType?: string
  Limit?: number
  NextToken?: string
}>

export function getAggregateComplianceDetailsByConfigRule(call: Details) {
  const { world, input } = call
  const { AccountId, AwsRegion, ConfigRuleName, ComplianceType } = input
  if (ComplianceType === 'INSUFFICIENT_DATA')
    throw invalid('INSUFFICIENT_DATA is not a supported compliance type of this call.')
  const row = aggregator(call, input.ConfigurationAggregatorName)
  const found = rowsOf(world, row, { AccountId, AwsRegion, ConfigRuleName })
  const all = found.flatMap(({ rule, results }) => results.map((result) => ({ rule, result })))
  const fits = all.filter(({ result }) =>
    ComplianceType === undefined
      ? result.compliance !== 'NOT_APPLICABLE'
      : result.compliance === ComplianceType,
  )
  const { items, next } = page(fits, input, 50)
  const AggregateEvaluationResults = items.map(({ rule, result }) => ({
    ...resultView(rule, result),
    AccountId,
    AwsRegion,
  }))
  return { AggregateEvaluationResults, NextToken: next }
}

type Summary = Call<{
  ConfigurationAggregatorName: string
  Filters?: Filters
  GroupByKey?: 'ACCOUNT_ID' | 'AWS_REGION'
  Limit?: number
  NextToken?: string
}>

export function getAggregateConfigRuleComplianceSummary(call: Summary) {
  const { world, input } = call
  const rows = rowsOf(world, aggregator(call, input.ConfigurationAggregatorName), input.Filters ?? {})
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const name =
      input.GroupByKey === 'ACCOUNT_ID' ? row.rule.accountId : input.GroupByKey ? row.rule.region : ''
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  const { items, next } = page([...groups], input, 100)
  const count = (of: readonly Row[], compliance: string) => ({
    CappedCount: of.filter(({ overall }) => overall === compliance).length,
    CapExceeded: false,
  })
  return {
    GroupByKey: input.GroupByKey,
    AggregateComplianceCounts: items.map(([name, of]) => ({
      GroupName: name === '' ? undefined : name,
      ComplianceSummary: {
        CompliantResourceCount: count(of, 'COMPLIANT'),
        NonCompliantResourceCount: count(of, 'NON_COMPLIANT'),
        ComplianceSummaryTimestamp: world.now(),
      },
    })),
    NextToken: next,
  }
}
