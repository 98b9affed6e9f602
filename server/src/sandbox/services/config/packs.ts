import { AwsError, type Call, type World } from '../../core/contract.ts'
import { checkRule } from './checks.ts'
import { compliancesOf } from './evaluate.ts'
import { records } from './recorder.ts'
import { reaching, standingRules, templateRules } from './standing.ts'
import {
  at,
  type ConfigRule,
  inUse,
  type Pack,
  packsTable,
  page,
  parametersFrom,
  parametersList,
  place,
} from './state.ts'
import { packRules, TemplateProblem } from './template.ts'

interface Input {
  readonly ConformancePackName: string
  readonly TemplateBody?: string
  readonly TemplateS3Uri?: string
  readonly DeliveryS3Bucket?: string
  readonly DeliveryS3KeyPrefix?: string
  readonly ConformancePackInputParameters?: Parameters<typeof parametersFrom>[0]
}

/** Checks a template as a service does, with that service's error. */
export function checkedRules(
  world: World,
  input: Pick<Input, 'TemplateBody' | 'TemplateS3Uri' | 'ConformancePackInputParameters'>,
  refuse: (message: string) => AwsError,
): readonly ConfigRule[] {
  const { TemplateBody } = input
  if (TemplateBody === undefined)
    throw refuse(
      input.TemplateS3Uri === undefined
        ? 'Either TemplateS3Uri or TemplateBody must be specified.'
        : 'The sandbox has no S3 that Config could read the template from; give TemplateBody.',
    )
  if (Buffer.byteLength(TemplateBody) > world.limit('config.template_bytes'))
    throw refuse(`The template has more than ${world.limit('config.template_bytes')} bytes.`)
  const parameters = parametersFrom(input.ConformancePackInputParameters)
  try {
    const rules = packRules(TemplateBody, parameters, world.limit('config.pack_rules'))
    for (const rule of rules) checkRule(world, rule)
    return rules
  } catch (error) {
    if (error instanceof TemplateProblem || error instanceof AwsError) throw refuse(error.message)
    throw error
  }
}

const malformed = (message: string) => new AwsError('ConformancePackTemplateValidationException', message)

export function putConformancePack(call: Call<Input>) {
  const { world, input, caller, region } = call
  checkedRules(world, input, malformed)
  const known = packsTable(world).get(at(call, input.ConformancePackName))
  if (known?.state.endsWith('IN_PROGRESS')) throw inUse(`${known.name} is being changed.`)
  const count = [...packsTable(world).values()].filter(
    (p) => p.accountId === caller.accountId && p.region === region,
  )
  if (!known && count.length >= world.limit('config.packs'))
    throw new AwsError(
      'MaxNumberOfConformancePacksExceededException',
      `You have reached the limit of ${world.limit('config.packs')} conformance packs.`,
    )
  const pack: Pack = {
    accountId: caller.accountId,
    region,
    name: input.ConformancePackName,
    id: known?.id ?? `conformance-pack-${world.id(9)}`,
    suffix: known?.suffix ?? world.id(8),
    template: input.TemplateBody ?? '',
    parameters: parametersFrom(input.ConformancePackInputParameters),
    state: 'CREATE_IN_PROGRESS',
    reason: null,
    requestedAt: world.now(),
    completedAt: null,
    delivery: { DeliveryS3Bucket: input.DeliveryS3Bucket, DeliveryS3KeyPrefix: input.DeliveryS3KeyPrefix },
  }
  packsTable(world).put(at(call, pack.name), pack)
  schedule(world, pack)
  return { ConformancePackArn: arnOf(pack) }
}

const schedule = (world: World, pack: Pack) =>
  world.later(world.duration('config.pack'), 'config', 'pack_done', {
    key: place(pack.accountId, pack.region, pack.name),
  })

/** Timer: the stack behind the pack stands, or is gone. */
export function packDone(world: World, { key }: { key: string }): void {
  const pack = packsTable(world).get(key)
  if (!pack) return
  if (pack.state === 'DELETE_IN_PROGRESS') {
    packsTable(world).delete(key)
    return
  }
  const fault = world.fault({
    at: 'outcome',
    service: 'config',
    operation: 'PutConformancePack',
    subject: `${pack.accountId} ${pack.name}`,
  })
  const reason =
    fault?.do === 'fail'
      ? fault.message
      : records(world, pack.accountId, pack.region)
        ? null
        : 'NoAvailableConfigurationRecorder: Configuration recorder is not available to process the request.'
  packsTable(world).put(key, {
    ...pack,
    state: reason === null ? 'CREATE_COMPLETE' : 'CREATE_FAILED',
    reason,
    completedAt: world.now(),
  })
}

const arnOf = (pack: Pack) =>
  `arn:aws:config:${pack.region}:${pack.accountId}:conformance-pack/${pack.name}/${pack.id}`

const missing = (name: string) =>
  new AwsError('NoSuchConformancePackException', `ConformancePack '${name}' is invalid or it does not exist.`)

interface Names {
  readonly ConformancePackNames?: readonly string[]
  readonly Limit?: number
  readonly NextToken?: string
}

function packsOf(call: Call<Names>, strict: boolean): readonly Pack[] {
  const { ConformancePackNames: names } = call.input
  const all = [...packsTable(call.world).values()].filter(
    (one) => one.accountId === call.caller.accountId && one.region === call.region,
  )
  if (!names) return all
  for (const name of names) if (strict && !all.some((one) => one.name === name)) throw missing(name)
  return all.filter((one) => names.includes(one.name))
}

export function describeConformancePacks(call: Call<Names>) {
  const { items, next } = page(packsOf(call, true), call.input, 20)
  const ConformancePackDetails = items.map((pack) => ({
    ConformancePackName: pack.name,
    ConformancePackArn: arnOf(pack),
    ConformancePackId: pack.id,
    ...pack.delivery,
    ConformancePackInputParameters: parametersList(pack.parameters),
    LastUpdateRequestedTime: pack.requestedAt,
  }))
  return { ConformancePackDetails, NextToken: next }
}

export function describeConformancePackStatus(call: Call<Names>) {
  const { items, next } = page(packsOf(call, false), call.input, 20)
  const ConformancePackStatusDetails = items.map((pack) => ({
    ConformancePackName: pack.name,
    ConformancePackId: pack.id,
    ConformancePackArn: arnOf(pack),
    ConformancePackState: pack.state,
    ConformancePackStatusReason: pack.reason ?? undefined,
    StackArn: `arn:aws:cloudformation:${pack.region}:${pack.accountId}:stack/awsconfigconforms-${pack.name}-${pack.id}/${pack.suffix}`,
    LastUpdateRequestedTime: pack.requestedAt,
    LastUpdateCompletedTime: pack.completedAt ?? undefined,
  }))
  return { ConformancePackStatusDetails, NextToken: next }
}

export function deleteConformancePack(call: Call<{ ConformancePackName: string }>): void {
  const key = at(call, call.input.ConformancePackName)
  const pack = packsTable(call.world).get(key)
  if (!pack) throw missing(call.input.ConformancePackName)
  if (pack.state.endsWith('IN_PROGRESS')) throw inUse(`${pack.name} is being changed.`)
  const leaving: Pack = { ...pack, state: 'DELETE_IN_PROGRESS', requestedAt: call.world.now() }
  packsTable(call.world).put(key, leaving)
  schedule(call.world, leaving)
}

export function describeConformancePackCompliance(
  call: Call<{ ConformancePackName: string; Limit?: number; NextToken?: string }>,
) {
  const { world, caller, region, input } = call
  const own = packsTable(world).get(at(call, input.ConformancePackName))
  const given = reaching(world, caller.accountId, region).find(
    (one) => one.kind === 'pack' && `OrgConformsPack-${one.name}-${one.suffix}` === input.ConformancePackName,
  )
  const pack = own ?? given
  if (!pack) throw missing(input.ConformancePackName)
  const names = new Set(
    templateRules(pack).map((rule) => `${rule.ConfigRuleName}-conformance-pack-${pack.suffix}`),
  )
  const rules = standingRules(world, caller.accountId, region).filter(({ name }) => names.has(name))
  const { items, next } = page(rules, input, 100)
  return {
    ConformancePackName: input.ConformancePackName,
    ConformancePackRuleComplianceList: items.map((rule) => ({
      ConfigRuleName: rule.name,
      ComplianceType: compliancesOf(world, rule).overall,
      Controls: [],
    })),
    NextToken: next,
  }
}
