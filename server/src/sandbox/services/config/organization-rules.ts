import { AwsError, type Call } from '../../core/contract.ts'
import { checkRule } from './checks.ts'
import { all, details, find, put, remove, speaking } from './organization.ts'
import { type ConfigRule, type OrganizationResource, page, wrong } from './state.ts'

interface Metadata {
  readonly Description?: string
  readonly RuleIdentifier?: string
  readonly LambdaFunctionArn?: string
  readonly PolicyRuntime?: string
  readonly PolicyText?: string
  readonly InputParameters?: string
  readonly MaximumExecutionFrequency?: string
  readonly ResourceTypesScope?: readonly string[]
  readonly ResourceIdScope?: string
  readonly TagKeyScope?: string
  readonly TagValueScope?: string
}

interface Input {
  readonly OrganizationConfigRuleName: string
  readonly OrganizationManagedRuleMetadata?: Metadata
  readonly OrganizationCustomRuleMetadata?: Metadata
  readonly OrganizationCustomPolicyRuleMetadata?: Metadata
  readonly ExcludedAccounts?: readonly string[]
}

const KINDS = [
  'OrganizationManagedRuleMetadata',
  'OrganizationCustomRuleMetadata',
  'OrganizationCustomPolicyRuleMetadata',
] as const

export function putOrganizationConfigRule(call: Call<Input>) {
  const { world, input } = call
  speaking(call)
  const given = KINDS.filter((kind) => input[kind] !== undefined)
  const [kind] = given
  const metadata = kind && input[kind]
  if (given.length !== 1 || !kind || !metadata)
    throw wrong('Specify either managed, custom or custom policy rule metadata, and only one of them.')
  const rule = ruleOf(metadata)
  checkRule(world, rule)
  const limit = world.limit('config.organization_rules')
  const tooMany = () =>
    new AwsError(
      'MaxNumberOfOrganizationConfigRulesExceededException',
      `You have reached the limit of ${limit} organization rules.`,
    )
  const { PolicyText: _, ...told } = metadata
  const name = input.OrganizationConfigRuleName
  const row = put(call, { kind: 'rule', name, rule, metadata: { [kind]: told } }, limit, tooMany)
  return { OrganizationConfigRuleArn: arnOf(row) }
}

function ruleOf(given: Metadata): ConfigRule {
  const scope = {
    ...(given.ResourceTypesScope ? { ComplianceResourceTypes: given.ResourceTypesScope } : {}),
    ...(given.ResourceIdScope ? { ComplianceResourceId: given.ResourceIdScope } : {}),
    ...(given.TagKeyScope ? { TagKey: given.TagKeyScope } : {}),
    ...(given.TagValueScope ? { TagValue: given.TagValueScope } : {}),
  }
  return {
    ...(given.Description === undefined ? {} : { Description: given.Description }),
    ...(Object.keys(scope).length === 0 ? {} : { Scope: scope }),
    ...(given.InputParameters === undefined ? {} : { InputParameters: given.InputParameters }),
    ...(given.MaximumExecutionFrequency === undefined
      ? {}
      : { MaximumExecutionFrequency: given.MaximumExecutionFrequency }),
    Source: sourceOf(given),
  }
}

function sourceOf({
  RuleIdentifier,
  LambdaFunctionArn,
  PolicyRuntime,
  PolicyText,
}: Metadata): ConfigRule['Source'] {
  if (PolicyText !== undefined)
    return { Owner: 'CUSTOM_POLICY', CustomPolicyDetails: { PolicyRuntime: PolicyRuntime ?? '', PolicyText } }
  if (LambdaFunctionArn !== undefined) return { Owner: 'CUSTOM_LAMBDA', SourceIdentifier: LambdaFunctionArn }
  return { Owner: 'AWS', SourceIdentifier: RuleIdentifier ?? '' }
}

const arnOf = ({ region, ownerId, name, suffix }: OrganizationResource) =>
  `arn:aws:config:${region}:${ownerId}:organization-config-rule/${name}-${suffix}`

function rule(call: Call<unknown>, name: string): OrganizationResource {
  const found = find(call, 'rule', name)
  if (!found)
    throw new AwsError(
      'NoSuchOrganizationConfigRuleException',
      `The organization config rule '${name}' does not exist.`,
    )
  return found
}

type Names = Call<{ OrganizationConfigRuleNames?: readonly string[]; Limit?: number; NextToken?: string }>

const named = (call: Names) =>
  call.input.OrganizationConfigRuleNames?.map((name) => rule(call, name)) ?? all(call, 'rule')

export function describeOrganizationConfigRules(call: Names) {
  const { items, next } = page(named(call), call.input, 100)
  const OrganizationConfigRules = items.map((one) => ({
    OrganizationConfigRuleName: one.name,
    OrganizationConfigRuleArn: arnOf(one),
    ...one.metadata,
    ExcludedAccounts: one.excluded,
    LastUpdateTime: one.updatedAt,
  }))
  return { OrganizationConfigRules, NextToken: next }
}

export function describeOrganizationConfigRuleStatuses(call: Names) {
  const { items, next } = page(named(call), call.input, 100)
  const OrganizationConfigRuleStatuses = items.map((one) => ({
    OrganizationConfigRuleName: one.name,
    OrganizationRuleStatus: one.status,
    ErrorCode: one.error?.code,
    ErrorMessage: one.error?.message,
    LastUpdateTime: one.updatedAt,
  }))
  return { OrganizationConfigRuleStatuses, NextToken: next }
}

type Detailed = Call<{
  OrganizationConfigRuleName: string
  Filters?: { AccountId?: string; MemberAccountRuleStatus?: string }
  Limit?: number
  NextToken?: string
}>

export function getOrganizationConfigRuleDetailedStatus(call: Detailed) {
  const row = rule(call, call.input.OrganizationConfigRuleName)
  const { items, next } = page(details(call.world, row, call.input.Filters), call.input, 100)
  const OrganizationConfigRuleDetailedStatus = items.map((one) => ({
    AccountId: one.accountId,
    ConfigRuleName: one.name,
    MemberAccountRuleStatus: one.status,
    ErrorCode: one.code,
    ErrorMessage: one.message,
    LastUpdateTime: one.at,
  }))
  return { OrganizationConfigRuleDetailedStatus, NextToken: next }
}

export const getOrganizationCustomRulePolicy = (call: Call<{ OrganizationConfigRuleName: string }>) => ({
  PolicyText: rule(call, call.input.OrganizationConfigRuleName).rule?.Source.CustomPolicyDetails?.PolicyText,
})

export function deleteOrganizationConfigRule(call: Call<{ OrganizationConfigRuleName: string }>): void {
  remove(call.world, rule(call, call.input.OrganizationConfigRuleName))
}
