/** The registry of CloudFormation, as far as AWS's own hooks go: activating them and configuring them. */
import { AwsError, type Call, type Table, type World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'

interface Hook {
  readonly accountId: string
  readonly region: string
  /** The alias, or the public name. */
  readonly name: string
  readonly publicName: string
  readonly roleArn: string
  readonly configuration: string | null
  /** Name of the stack set that made it; null or left out: none. */
  readonly stackSet?: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** Hooks that AWS publishes; the properties that their configuration must have. */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  'AWS::Hooks::GuardHook': ['ruleLocation'],
  'AWS::Hooks::LambdaHook': ['lambdaFunction'],
}
const PUBLISHER = 'aws-hooks'

/** Key: account/Region/name. */
const hooksOf = (world: World): Table<Hook> => world.table('cloudformation.hooks')
const keyOf = ({ caller, region }: Call<unknown>, name: string) => `${caller.accountId}/${region}/${name}`

const refused = (message: string) => new AwsError('CFNRegistryException', message)
const noType = (name: string) =>
  new AwsError('TypeNotFoundException', `The type '${name}' cannot be found.`, {}, 404)

const arnOf = ({ region, accountId, name }: Hook) =>
  `arn:aws:cloudformation:${region}:${accountId}:type/hook/${name.replaceAll('::', '-')}`
const configurationArn = (hook: Hook) => `${arnOf(hook).replace(':type/', ':type-configuration/')}/default`

interface Named {
  readonly TypeName?: string
  readonly Type?: string
  /** `TypeArn` where a configuration is meant. */
  readonly Arn?: string
  readonly TypeArn?: string
}

function hookOf(call: Call<Named>): Hook {
  const { TypeName, Arn = call.input.TypeArn } = call.input
  const found = [...hooksOf(call.world).values()].find(
    (one) =>
      one.accountId === call.caller.accountId &&
      one.region === call.region &&
      (Arn === undefined ? one.name === TypeName : arnOf(one) === Arn),
  )
  if (!found) throw noType(Arn ?? TypeName ?? '')
  return found
}

interface ActivateInput extends Named {
  readonly PublisherId?: string
  readonly TypeNameAlias?: string
  readonly ExecutionRoleArn?: string
}

export function activateType(call: Call<ActivateInput>) {
  const { world, input, caller, region } = call
  const { TypeName: publicName = '', TypeNameAlias: name = publicName, ExecutionRoleArn: roleArn } = input
  if (input.Type !== 'HOOK' || !(publicName in PUBLISHED) || input.PublisherId !== PUBLISHER)
    throw noType(publicName)
  if (roleArn === undefined) throw refused('ExecutionRoleArn is required to activate this hook.')
  if (name.startsWith('AWS::') && name !== publicName)
    throw refused(`The type name alias ${name} uses a reserved namespace.`)
  const known = hooksOf(world).get(keyOf(call, name))
  const hook: Hook = {
    accountId: caller.accountId,
    region,
    name,
    publicName,
    roleArn,
    configuration: known?.configuration ?? null,
    createdAt: known?.createdAt ?? world.now(),
    updatedAt: world.now(),
  }
  hooksOf(world).put(keyOf(call, name), hook)
  return { Arn: arnOf(hook) }
}

export function deactivateType(call: Call<Named>) {
  hooksOf(call.world).delete(keyOf(call, hookOf(call).name))
  return {}
}

export function setTypeConfiguration(
  call: Call<Named & { Configuration: string; ConfigurationAlias?: string }>,
) {
  const hook = hookOf(call)
  checkConfiguration(hook, call.input.Configuration)
  const changed = { ...hook, configuration: call.input.Configuration, updatedAt: call.world.now() }
  hooksOf(call.world).put(keyOf(call, hook.name), changed)
  return { ConfigurationArn: configurationArn(changed) }
}

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

/** Hook configuration schema syntax reference of the CloudFormation Hooks user guide. */
function checkConfiguration(hook: Hook, text: string): void {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused('The configuration is not valid JSON.')
  }
  const configuration = fieldsOf(fieldsOf(fieldsOf(value).CloudFormationConfiguration).HookConfiguration)
  oneOf(configuration, 'HookInvocationStatus', ['ENABLED', 'DISABLED'])
  oneOf(configuration, 'FailureMode', ['FAIL', 'WARN'])
  someOf(configuration, 'TargetOperations', ['STACK', 'RESOURCE', 'CHANGE_SET', 'CLOUD_CONTROL'])
  const filters = fieldsOf(configuration.TargetFilters)
  if (filters.Actions !== undefined) someOf(filters, 'Actions', ['CREATE', 'UPDATE', 'DELETE'])
  const properties = fieldsOf(configuration.Properties)
  for (const name of PUBLISHED[hook.publicName] ?? [])
    if (properties[name] === undefined) throw refused(`The property ${name} is required.`)
  const { ruleLocation } = properties
  const location = typeof ruleLocation === 'string' ? ruleLocation : fieldsOf(ruleLocation).uri
  if (ruleLocation !== undefined && !/^s3:\/\/.+\.(guard|zip|tar\.gz)$/.test(String(location)))
    throw refused('The ruleLocation must be the S3 URI of a .guard, .zip or .tar.gz object.')
}

function oneOf(fields: Fields, name: string, values: readonly string[]): void {
  if (!values.includes(String(fields[name]))) throw refused(`${name} must be one of ${values.join(', ')}.`)
}

function someOf(fields: Fields, name: string, values: readonly string[]): void {
  const given = fields[name]
  if (!Array.isArray(given) || given.length === 0 || given.some((one) => !values.includes(String(one))))
    throw refused(`${name} must be a list of ${values.join(', ')}.`)
}

export function describeType(call: Call<Named>) {
  const { TypeName = '' } = call.input
  if (TypeName in PUBLISHED && !hooksOf(call.world).has(keyOf(call, TypeName)))
    return { Type: 'HOOK', TypeName, Visibility: 'PUBLIC', PublisherId: PUBLISHER, IsActivated: false }
  const hook = hookOf(call)
  return {
    Arn: arnOf(hook),
    Type: 'HOOK',
    TypeName: hook.name,
    OriginalTypeName: hook.publicName,
    ExecutionRoleArn: hook.roleArn,
    Visibility: 'PRIVATE',
    PublisherId: PUBLISHER,
    IsActivated: true,
    LastUpdated: hook.updatedAt,
    TimeCreated: hook.createdAt,
  }
}

interface ListInput {
  readonly Type?: string
  readonly Visibility?: string
  readonly Filters?: { readonly Category?: string; readonly TypeNamePrefix?: string }
  readonly MaxResults?: number
  readonly NextToken?: string
}

export function listTypes(call: Call<ListInput>) {
  const { world, caller, region, input } = call
  const own = [...hooksOf(world).values()].filter(
    (one) => one.accountId === caller.accountId && one.region === region,
  )
  const rows =
    input.Visibility === 'PUBLIC'
      ? Object.keys(PUBLISHED).map((TypeName) => ({
          Type: 'HOOK',
          TypeName,
          PublisherId: PUBLISHER,
          IsActivated: own.some(({ publicName }) => publicName === TypeName),
        }))
      : own.map((hook) => ({
          Type: 'HOOK',
          TypeName: hook.name,
          TypeArn: arnOf(hook),
          OriginalTypeName: hook.publicName,
          PublisherId: PUBLISHER,
          IsActivated: true,
          LastUpdated: hook.updatedAt,
        }))
  const prefix = input.Filters?.TypeNamePrefix ?? ''
  const fits = rows.filter(
    (one) => (input.Type === undefined || input.Type === 'HOOK') && one.TypeName.startsWith(prefix),
  )
  const { items, next } = pageOf(fits, {
    token: input.NextToken,
    size: input.MaxResults ?? 100,
    badToken: 'CFNRegistryException',
  })
  return { TypeSummaries: items, NextToken: next }
}

interface Identifier extends Named {
  readonly TypeConfigurationArn?: string
}

export function batchDescribeTypeConfigurations(
  call: Call<{ TypeConfigurationIdentifiers: readonly Identifier[] }>,
) {
  const found = call.input.TypeConfigurationIdentifiers.map((identifier) => ({
    identifier,
    hook: [...hooksOf(call.world).values()].find(
      (one) =>
        one.accountId === call.caller.accountId &&
        one.region === call.region &&
        one.configuration !== null &&
        (identifier.TypeConfigurationArn === configurationArn(one) ||
          identifier.TypeArn === arnOf(one) ||
          identifier.TypeName === one.name),
    ),
  }))
  return {
    Errors: found.flatMap(({ identifier, hook }) =>
      hook
        ? []
        : [
            {
              ErrorCode: 'TypeConfigurationNotFoundException',
              ErrorMessage: 'The type configuration cannot be found.',
              TypeConfigurationIdentifier: identifier,
            },
          ],
    ),
    TypeConfigurations: found.flatMap(({ hook }) =>
      hook
        ? [
            {
              Arn: configurationArn(hook),
              Alias: 'default',
              Configuration: hook.configuration,
              LastUpdated: hook.updatedAt,
              TypeArn: arnOf(hook),
              TypeName: hook.name,
              IsDefaultConfiguration: true,
            },
          ]
        : [],
    ),
  }
}

interface Place {
  readonly accountId: string
  readonly region: string
}

/** `AWS::CloudFormation::GuardHook` of a template: activates the hook and configures it. */
export function hookOfStack(
  world: World,
  { accountId, region }: Place,
  stackSet: string,
  given: Fields,
): void {
  const name = String(given.Alias)
  const hook: Hook = {
    accountId,
    region,
    name,
    publicName: 'AWS::Hooks::GuardHook',
    roleArn: `arn:aws:iam::${accountId}:role/StackSet-${stackSet}`,
    configuration: configurationOf(given),
    stackSet,
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  hooksOf(world).put(`${accountId}/${region}/${name}`, hook)
}

function configurationOf(given: Fields): string {
  const HookConfiguration = {
    HookInvocationStatus: given.HookStatus,
    FailureMode: given.FailureMode,
    TargetOperations: given.TargetOperations,
    ...(given.TargetFilters === undefined ? {} : { TargetFilters: given.TargetFilters }),
    Properties: { ruleLocation: fieldsOf(given.RuleLocation).Uri },
  }
  return JSON.stringify({ CloudFormationConfiguration: { HookConfiguration } })
}

/** Whether the hook is still configured as the stack of that set did. */
export function isHookOfStack(
  world: World,
  { accountId, region }: Place,
  stackSet: string,
  given: Fields,
): boolean {
  const found = hooksOf(world).get(`${accountId}/${region}/${String(given.Alias)}`)
  return found?.stackSet === stackSet && found.configuration === configurationOf(given)
}

export function removeHookOfStack(world: World, { accountId, region }: Place, stackSet: string): void {
  for (const [key, one] of [...hooksOf(world).entries()])
    if (one.accountId === accountId && one.region === region && one.stackSet === stackSet)
      hooksOf(world).delete(key)
}
