import { AwsError, type Call } from '../../core/contract.ts'
import { checkRule } from './checks.ts'
import { noRecorder, records } from './recorder.ts'
import { standingRules } from './standing.ts'
import { at, type ConfigRule, inUse, page, rulesTable, type StandingRule, wrong } from './state.ts'

export const noRule = (name: string) =>
  new AwsError(
    'NoSuchConfigRuleException',
    `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name`,
  )

export function putConfigRule(call: Call<{ ConfigRule: ConfigRule }>): void {
  const { world, caller, region } = call
  const rule = call.input.ConfigRule
  if (!records(world, caller.accountId, region)) throw noRecorder()
  checkRule(world, rule)
  const known = existing(call, rule)
  const name = known?.name ?? rule.ConfigRuleName
  if (name === undefined) throw wrong('A new rule needs a ConfigRuleName.')
  if (!known && standingRules(world, caller.accountId, region).length >= world.limit('config.rules'))
    throw new AwsError(
      'MaxNumberOfConfigRulesExceededException',
      `Failed to put the AWS Config rule because the account already contains the maximum number of ${world.limit('config.rules')} rules.`,
    )
  rulesTable(world).put(at(call, name), {
    accountId: caller.accountId,
    region,
    name,
    id: known?.id ?? `config-rule-${world.id(6)}`,
    rule: { ...rule, ConfigRuleName: name },
    createdBy: null,
    updatedAt: world.now(),
  })
}

/** An update may name the rule by name, ARN or id. */
function existing(call: Call<unknown>, rule: ConfigRule): StandingRule | undefined {
  const all = standingRules(call.world, call.caller.accountId, call.region)
  const found = all.find(
    (one) =>
      one.name === rule.ConfigRuleName || one.id === rule.ConfigRuleId || arnOf(one) === rule.ConfigRuleArn,
  )
  if (found && found.createdBy !== null)
    throw inUse(`The rule ${found.name} was created by ${found.createdBy} and cannot be changed.`)
  return found
}

export const arnOf = ({ accountId, region, id }: StandingRule) =>
  `arn:aws:config:${region}:${accountId}:config-rule/${id}`

/** The rules asked for by name, or all. */
export function named(call: Call<unknown>, names: readonly string[] | undefined): readonly StandingRule[] {
  const all = standingRules(call.world, call.caller.accountId, call.region)
  if (!names || names.length === 0) return all
  return names.map((name) => {
    const found = all.find((one) => one.name === name)
    if (!found) throw noRule(name)
    return found
  })
}

/** A policy's text is told by GetCustomRulePolicy only. */
function view(one: StandingRule) {
  const { CustomPolicyDetails, ...source } = one.rule.Source
  const { PolicyRuntime } = CustomPolicyDetails ?? {}
  return {
    ...one.rule,
    Source: PolicyRuntime === undefined ? source : { ...source, CustomPolicyDetails: { PolicyRuntime } },
    ConfigRuleName: one.name,
    ConfigRuleArn: arnOf(one),
    ConfigRuleId: one.id,
    ConfigRuleState: 'ACTIVE',
    CreatedBy: one.createdBy ?? undefined,
    EvaluationModes: [{ Mode: 'DETECTIVE' }],
  }
}

export function describeConfigRules(call: Call<{ ConfigRuleNames?: readonly string[]; NextToken?: string }>) {
  const { items, next } = page(named(call, call.input.ConfigRuleNames), call.input, 25)
  return { ConfigRules: items.map(view), NextToken: next }
}

export function deleteConfigRule(call: Call<{ ConfigRuleName: string }>): void {
  const [found] = named(call, [call.input.ConfigRuleName])
  if (found?.createdBy !== null)
    throw inUse(`The rule ${call.input.ConfigRuleName} was created by a service and cannot be deleted.`)
  rulesTable(call.world).delete(at(call, call.input.ConfigRuleName))
}

export function getCustomRulePolicy(call: Call<{ ConfigRuleName?: string }>) {
  const [found] = named(call, [call.input.ConfigRuleName ?? ''])
  return { PolicyText: found?.rule.Source.CustomPolicyDetails?.PolicyText }
}

/** Nothing waits here: results are found when they are asked for. */
export function startConfigRulesEvaluation(call: Call<{ ConfigRuleNames?: readonly string[] }>) {
  named(call, call.input.ConfigRuleNames)
  return {}
}
