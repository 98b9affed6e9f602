import { AwsError, type Call, type World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { mapFromTags, tagsFromMap } from '../shared/world.ts'
import { matchesPattern, patternProblem } from './pattern.ts'
import { busesOf, busName, type Rule, ruleArn, ruleKey, rulesOf, type Target } from './state.ts'

type Tag = { Key: string; Value: string }
type NamedRule = { Name: string; EventBusName?: string }

const notFound = (what: string) => new AwsError('ResourceNotFoundException', `${what} does not exist.`)

export const busKey = (accountId: string, region: string, name: string) => `${accountId}/${region}/${name}`

export function requireBus(call: Call<unknown>, nameOrArn: string | undefined): string {
  const name = busName(nameOrArn)
  if (name !== 'default' && !busesOf(call.world).has(busKey(call.caller.accountId, call.region, name)))
    throw notFound(`Event bus ${name}`)
  return name
}

const keyOf = (call: Call<unknown>, rule: string, bus: string | undefined) =>
  ruleKey(call.caller.accountId, call.region, requireBus(call, bus), rule)

function ruleOf(call: Call<unknown>, name: string, bus: string | undefined): [string, Rule] {
  const key = keyOf(call, name, bus)
  const rule = rulesOf(call.world).get(key)
  if (!rule) throw notFound(`Rule ${name} on EventBus ${busName(bus)}`)
  return [key, rule]
}

interface PutRuleInput extends NamedRule {
  readonly EventPattern?: string
  readonly ScheduleExpression?: string
  readonly State?: string
  readonly Description?: string
  readonly RoleArn?: string
  readonly Tags?: readonly Tag[]
}

export function putRule(call: Call<PutRuleInput>) {
  const { input, world, caller, region } = call
  if (input.EventPattern === undefined && input.ScheduleExpression === undefined)
    throw new AwsError(
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    )
  if (input.EventPattern !== undefined) checkPattern(input.EventPattern)
  const bus = requireBus(call, input.EventBusName)
  const key = ruleKey(caller.accountId, region, bus, input.Name)
  const existing = rulesOf(world).get(key)
  const arn = ruleArn(caller.accountId, region, bus, input.Name)
  rulesOf(world).put(key, {
    accountId: caller.accountId,
    region,
    bus,
    name: input.Name,
    arn,
    pattern: input.EventPattern ?? null,
    schedule: input.ScheduleExpression ?? null,
    state: input.State ?? 'ENABLED',
    description: input.Description ?? null,
    roleArn: input.RoleArn ?? null,
    tags: existing?.tags ?? mapFromTags(input.Tags),
    targets: existing?.targets ?? [],
  })
  return { RuleArn: arn }
}

function checkPattern(text: string): void {
  const problem = patternProblem(parsed(text))
  if (problem)
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${problem}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid. Reason: it is not JSON')
  }
}

export function testEventPattern({ input }: Call<{ EventPattern: string; Event: string }>) {
  checkPattern(input.EventPattern)
  return { Result: matchesPattern(parsed(input.EventPattern), parsed(input.Event)) }
}

const wire = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.pattern,
  ScheduleExpression: rule.schedule,
  State: rule.state,
  Description: rule.description,
  RoleArn: rule.roleArn,
  EventBusName: rule.bus,
})

export function describeRule(call: Call<NamedRule>) {
  const [, rule] = ruleOf(call, call.input.Name, call.input.EventBusName)
  return { ...wire(rule), CreatedBy: rule.accountId }
}

interface ListInput {
  readonly NamePrefix?: string
  readonly EventBusName?: string
  readonly NextToken?: string
  readonly Limit?: number
}

const rulesOn = (call: Call<unknown>, bus: string): Rule[] =>
  [...rulesOf(call.world).values()].filter(
    (r) => r.accountId === call.caller.accountId && r.region === call.region && r.bus === bus,
  )

const page = <T>(items: readonly T[], { NextToken, Limit }: { NextToken?: string; Limit?: number }) =>
  pageOf(items, { token: NextToken, size: Limit ?? 100, badToken: 'ValidationException' })

export function listRules(call: Call<ListInput>) {
  const rules = rulesOn(call, requireBus(call, call.input.EventBusName))
  const { items, next } = page(
    rules.filter((r) => r.name.startsWith(call.input.NamePrefix ?? '')),
    call.input,
  )
  return { Rules: items.map(wire), NextToken: next }
}

export function listRuleNamesByTarget(call: Call<ListInput & { TargetArn: string }>) {
  const rules = rulesOn(call, requireBus(call, call.input.EventBusName))
  const { items, next } = page(
    rules.filter((r) => r.targets.some((t) => t.Arn === call.input.TargetArn)),
    call.input,
  )
  return { RuleNames: items.map((r) => r.name), NextToken: next }
}

export function deleteRule(call: Call<NamedRule>) {
  const key = keyOf(call, call.input.Name, call.input.EventBusName)
  const rule = rulesOf(call.world).get(key)
  if (rule && rule.targets.length > 0)
    throw new AwsError('ValidationException', `Rule can't be deleted since it has targets.`)
  rulesOf(call.world).delete(key)
  return {}
}

const setState = (state: string) => (call: Call<NamedRule>) => {
  const [key, rule] = ruleOf(call, call.input.Name, call.input.EventBusName)
  rulesOf(call.world).put(key, { ...rule, state })
  return {}
}
export const enableRule = setState('ENABLED')
export const disableRule = setState('DISABLED')

export function putTargets(call: Call<{ Rule: string; EventBusName?: string; Targets: readonly Target[] }>) {
  const [key, rule] = ruleOf(call, call.input.Rule, call.input.EventBusName)
  const ids = new Set(call.input.Targets.map((t) => t.Id))
  const targets = [...rule.targets.filter((t) => !ids.has(t.Id)), ...call.input.Targets]
  const max = call.world.limit('events.targets_per_rule')
  if (targets.length > max)
    throw new AwsError(
      'LimitExceededException',
      `The requested resource exceeds the maximum number allowed: ${max} targets.`,
    )
  rulesOf(call.world).put(key, { ...rule, targets })
  return { FailedEntryCount: 0, FailedEntries: [] }
}

export function removeTargets(call: Call<{ Rule: string; EventBusName?: string; Ids: readonly string[] }>) {
  const [key, rule] = ruleOf(call, call.input.Rule, call.input.EventBusName)
  const known = new Set(rule.targets.map((t) => t.Id))
  const FailedEntries = call.input.Ids.filter((id) => !known.has(id)).map((TargetId) => ({
    TargetId,
    ErrorCode: 'ResourceNotFoundException',
    ErrorMessage: `Target ${TargetId} does not exist.`,
  }))
  rulesOf(call.world).put(key, {
    ...rule,
    targets: rule.targets.filter((t) => !call.input.Ids.includes(t.Id)),
  })
  return { FailedEntryCount: FailedEntries.length, FailedEntries }
}

export function listTargetsByRule(call: Call<ListInput & { Rule: string }>) {
  const [, rule] = ruleOf(call, call.input.Rule, call.input.EventBusName)
  const { items, next } = page(rule.targets, call.input)
  return { Targets: items, NextToken: next }
}

function ruleByArn(world: World, arn: string): [string, Rule] {
  for (const [key, rule] of rulesOf(world).entries()) if (rule.arn === arn) return [key, rule]
  throw notFound(`Resource ${arn}`)
}

export const listTagsForResource = ({ input, world }: Call<{ ResourceARN: string }>) => ({
  Tags: tagsFromMap(ruleByArn(world, input.ResourceARN)[1].tags),
})

export function tagResource({ input, world }: Call<{ ResourceARN: string; Tags: readonly Tag[] }>) {
  const [key, rule] = ruleByArn(world, input.ResourceARN)
  rulesOf(world).put(key, { ...rule, tags: { ...rule.tags, ...mapFromTags(input.Tags) } })
  return {}
}

export function untagResource({ input, world }: Call<{ ResourceARN: string; TagKeys: readonly string[] }>) {
  const [key, rule] = ruleByArn(world, input.ResourceARN)
  const tags = Object.fromEntries(Object.entries(rule.tags).filter(([name]) => !input.TagKeys.includes(name)))
  rulesOf(world).put(key, { ...rule, tags })
  return {}
}
