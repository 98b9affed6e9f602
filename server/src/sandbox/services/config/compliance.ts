import { AwsError, type Call } from '../../core/contract.ts'
import { type Compliance, compliancesOf, keepResult, type Result } from './evaluate.ts'
import { arnOf, named } from './rules.ts'
import { standingRules } from './standing.ts'
import { page, type StandingRule, wrong } from './state.ts'

interface Paging {
  readonly NextToken?: string
  readonly Limit?: number
}

const wanted = (types: readonly string[] | undefined, compliance: Compliance) =>
  types === undefined || types.length === 0 ? compliance !== 'NOT_APPLICABLE' : types.includes(compliance)

/** How many resources are non-compliant (or compliant), as Config caps it. */
export function complianceView(results: readonly Result[], compliance: Compliance) {
  const CAP = 25
  const count = results.filter((one) => one.compliance === 'NON_COMPLIANT').length
  return {
    ComplianceType: compliance,
    ...(count === 0
      ? {}
      : { ComplianceContributorCount: { CappedCount: Math.min(count, CAP), CapExceeded: count > CAP } }),
  }
}

export function describeComplianceByConfigRule(
  call: Call<{
    ConfigRuleNames?: readonly string[]
    ComplianceTypes?: readonly string[]
    NextToken?: string
  }>,
) {
  const rows = named(call, call.input.ConfigRuleNames)
    .map((rule) => ({ rule, ...compliancesOf(call.world, rule) }))
    .filter(({ overall }) => wanted(call.input.ComplianceTypes, overall))
  const { items, next } = page(rows, call.input, 25)
  return {
    ComplianceByConfigRules: items.map(({ rule, results, overall }) => ({
      ConfigRuleName: rule.name,
      Compliance: complianceView(results, overall),
    })),
    NextToken: next,
  }
}

const sourceOf = (rule: StandingRule) => rule.rule.Scope?.ComplianceResourceTypes?.[0] ?? 'AWS::::Account'

export const resultView = (rule: StandingRule, one: Result) => ({
  EvaluationResultIdentifier: {
    EvaluationResultQualifier: {
      ConfigRuleName: rule.name,
      ResourceType: one.resourceType || sourceOf(rule),
      ResourceId: one.resourceId,
      EvaluationMode: 'DETECTIVE',
    },
    OrderingTimestamp: one.orderedAt,
  },
  ComplianceType: one.compliance,
  ResultRecordedTime: one.recordedAt,
  ConfigRuleInvokedTime: one.recordedAt,
  Annotation: one.annotation ?? undefined,
})

export function getComplianceDetailsByConfigRule(
  call: Call<Paging & { ConfigRuleName: string; ComplianceTypes?: readonly string[] }>,
) {
  const [rule] = named(call, [call.input.ConfigRuleName])
  const results = rule === undefined ? [] : compliancesOf(call.world, rule).results
  const fits = results.filter(({ compliance }) => wanted(call.input.ComplianceTypes, compliance))
  const { items, next } = page(fits, call.input, 10)
  return {
    EvaluationResults: rule === undefined ? [] : items.map((one) => resultView(rule, one)),
    NextToken: next,
  }
}

const allResults = (call: Call<unknown>) =>
  standingRules(call.world, call.caller.accountId, call.region).flatMap((rule) =>
    compliancesOf(call.world, rule).results.map((result) => ({ rule, result })),
  )

interface OnResource {
  readonly ResourceType?: string
  readonly ResourceId?: string
  readonly ComplianceTypes?: readonly string[]
}

export function getComplianceDetailsByResource(call: Call<OnResource & { NextToken?: string }>) {
  const { ResourceType, ResourceId, ComplianceTypes } = call.input
  if (ResourceType === undefined || ResourceId === undefined)
    throw wrong('ResourceType and ResourceId must be specified.')
  const fits = allResults(call).filter(
    ({ result }) =>
      result.resourceType === ResourceType &&
      result.resourceId === ResourceId &&
      wanted(ComplianceTypes, result.compliance),
  )
  const { items, next } = page(fits, call.input, 10)
  return { EvaluationResults: items.map(({ rule, result }) => resultView(rule, result)), NextToken: next }
}

export function describeComplianceByResource(call: Call<OnResource & Paging>) {
  const { ResourceType, ResourceId, ComplianceTypes } = call.input
  if (ResourceId !== undefined && ResourceType === undefined)
    throw wrong('Resource type must be specified with the resource id.')
  const byResource = new Map<string, Result[]>()
  for (const { result } of allResults(call))
    if (result.compliance === 'COMPLIANT' || result.compliance === 'NON_COMPLIANT') {
      const key = `${result.resourceType}/${result.resourceId}`
      byResource.set(key, [...(byResource.get(key) ?? []), result])
    }
  const rows = [...byResource.values()].flatMap((results) => {
    const [one] = results
    const failing = results.some(({ compliance }) => compliance === 'NON_COMPLIANT')
    const compliance: Compliance = failing ? 'NON_COMPLIANT' : 'COMPLIANT'
    return one ? [{ one, results, compliance }] : []
  })
  const fits = rows.filter(
    ({ one, compliance }) =>
      (ResourceType === undefined || one.resourceType === ResourceType) &&
      (ResourceId === undefined || one.resourceId === ResourceId) &&
      wanted(ComplianceTypes, compliance),
  )
  const { items, next } = page(fits, call.input, 10)
  return {
    ComplianceByResources: items.map(({ one, results, compliance }) => ({
      ResourceType: one.resourceType,
      ResourceId: one.resourceId,
      Compliance: complianceView(results, compliance),
    })),
    NextToken: next,
  }
}

interface Evaluation {
  readonly ComplianceResourceType: string
  readonly ComplianceResourceId: string
  readonly ComplianceType: Compliance
  readonly Annotation?: string
  readonly OrderingTimestamp: number
}

/** The token that AWS gives to a rule's function; here it is the rule's ARN, as no function is invoked. */
export function putEvaluations(
  call: Call<{ Evaluations?: readonly Evaluation[]; ResultToken: string; TestMode?: boolean }>,
) {
  const { world, input, caller, region } = call
  const rule = standingRules(world, caller.accountId, region).find((one) => arnOf(one) === input.ResultToken)
  if (!rule) throw new AwsError('InvalidResultTokenException', 'The specified ResultToken is not valid.')
  if (!input.TestMode)
    for (const one of input.Evaluations ?? [])
      keepResult(world, caller.accountId, region, {
        rule: rule.name,
        resourceType: one.ComplianceResourceType,
        resourceId: one.ComplianceResourceId,
        compliance: one.ComplianceType,
        annotation: one.Annotation ?? null,
        orderedAt: one.OrderingTimestamp,
        recordedAt: world.now(),
      })
  return { FailedEvaluations: [] }
}
