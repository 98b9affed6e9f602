import { AwsError, type Call, type World } from '../../core/contract.ts'
import { serviceCaller } from '../shared/world.ts'
import { named } from './rules.ts'
import { at, page, place, wrong } from './state.ts'

interface RemediationParameter {
  readonly ResourceValue?: { readonly Value: 'RESOURCE_ID' }
  readonly StaticValue?: { readonly Values: readonly string[] }
}

interface Configuration {
  readonly ConfigRuleName: string
  readonly TargetType: 'SSM_DOCUMENT'
  readonly TargetId: string
  readonly TargetVersion?: string
  readonly Parameters?: Readonly<Record<string, RemediationParameter>>
  readonly Automatic?: boolean
  readonly MaximumAutomaticAttempts?: number
  readonly RetryAttemptSeconds?: number
}

interface ResourceKey {
  readonly resourceType: string
  readonly resourceId: string
}

interface Execution {
  readonly key: ResourceKey
  readonly accountId: string
  readonly region: string
  readonly ruleName: string
  readonly executionId: string
  readonly startedAt: number
}

const configurationsOf = (world: World) => world.table<Configuration>('config.remediations')
const executionsOf = (world: World) => world.table<Execution>('config.remediation_executions')

const missing = (name: string) =>
  new AwsError(
    'NoSuchRemediationConfigurationException',
    `No RemediationConfiguration for rule ${name} exists.`,
  )

export function putRemediationConfigurations(
  call: Call<{ RemediationConfigurations: readonly Configuration[] }>,
) {
  for (const one of call.input.RemediationConfigurations) {
    named(call, [one.ConfigRuleName])
    if (
      one.Automatic &&
      (one.MaximumAutomaticAttempts === undefined || one.RetryAttemptSeconds === undefined)
    )
      throw wrong('Automatic remediation needs MaximumAutomaticAttempts and RetryAttemptSeconds.')
    if (one.Automatic && !one.Parameters?.AutomationAssumeRole)
      throw wrong('Automatic remediation needs the parameter AutomationAssumeRole.')
    configurationsOf(call.world).put(at(call, one.ConfigRuleName), one)
  }
  return { FailedBatches: [] }
}

export const describeRemediationConfigurations = (call: Call<{ ConfigRuleNames: readonly string[] }>) => ({
  RemediationConfigurations: call.input.ConfigRuleNames.flatMap((name) => {
    const found = configurationsOf(call.world).get(at(call, name))
    const Arn = `arn:aws:config:${call.region}:${call.caller.accountId}:remediation-configuration/${name}`
    return found ? [{ Automatic: false, ...found, Arn }] : []
  }),
})

export function deleteRemediationConfiguration(call: Call<{ ConfigRuleName: string }>) {
  if (!configurationsOf(call.world).delete(at(call, call.input.ConfigRuleName)))
    throw missing(call.input.ConfigRuleName)
  return {}
}

/** Starts the automation of the configuration for each resource, in the account of the resource. */
export function startRemediationExecution(
  call: Call<{ ConfigRuleName: string; ResourceKeys: readonly ResourceKey[] }>,
) {
  const { world, input, caller, region } = call
  const configuration = configurationsOf(world).get(at(call, input.ConfigRuleName))
  if (!configuration) throw missing(input.ConfigRuleName)
  const failed: ResourceKey[] = []
  for (const key of input.ResourceKeys) {
    try {
      const executionId = automation(world, caller.accountId, region, configuration, key)
      executionsOf(world).put(
        place(caller.accountId, region, input.ConfigRuleName, key.resourceType, key.resourceId),
        {
          key,
          accountId: caller.accountId,
          region,
          ruleName: input.ConfigRuleName,
          executionId,
          startedAt: world.now(),
        },
      )
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      failed.push(key)
    }
  }
  return failed.length === 0
    ? {}
    : { FailureMessage: 'The automation could not be started.', FailedItems: failed }
}

function automation(
  world: World,
  accountId: string,
  region: string,
  configuration: Configuration,
  { resourceId }: ResourceKey,
): string {
  const Parameters = Object.fromEntries(
    Object.entries(configuration.Parameters ?? {}).map(([name, one]) => [
      name,
      one.ResourceValue ? [resourceId] : (one.StaticValue?.Values ?? []),
    ]),
  )
  const input = {
    DocumentName: configuration.TargetId,
    ...(configuration.TargetVersion === undefined ? {} : { DocumentVersion: configuration.TargetVersion }),
    Parameters,
  }
  const as = serviceCaller(accountId, 'AWSServiceRoleForConfigRemediation')
  return world.invoke<{ AutomationExecutionId: string }>('ssm', 'StartAutomationExecution', input, as, region)
    .AutomationExecutionId
}

const STATES: Readonly<Record<string, string>> = {
  Success: 'SUCCEEDED',
  Failed: 'FAILED',
  TimedOut: 'FAILED',
}

export function describeRemediationExecutionStatus(
  call: Call<{
    ConfigRuleName: string
    ResourceKeys?: readonly ResourceKey[]
    Limit?: number
    NextToken?: string
  }>,
) {
  const { world, input, caller, region } = call
  if (!configurationsOf(world).has(at(call, input.ConfigRuleName))) throw missing(input.ConfigRuleName)
  const rows = [...executionsOf(world).values()].filter(
    (one) =>
      one.accountId === caller.accountId &&
      one.region === region &&
      one.ruleName === input.ConfigRuleName &&
      (input.ResourceKeys?.some((key) => key.resourceId === one.key.resourceId) ?? true),
  )
  const { items, next } = page(rows, input, 100)
  const statusOf = (id: string) => world.table<{ status: string }>('ssm.executions').get(id)?.status ?? ''
  return {
    RemediationExecutionStatuses: items.map((one) => ({
      ResourceKey: one.key,
      State: STATES[statusOf(one.executionId)] ?? 'IN_PROGRESS',
      InvocationTime: one.startedAt,
      LastUpdatedTime: world.now(),
    })),
    NextToken: next,
  }
}
