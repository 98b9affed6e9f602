import type { Json } from '../../kernel/json.ts'
import { type JsonObject, member, members } from './event.ts'
import type { ActionFacts, IamFacts, SkipReason, TrailCheck } from './facts.ts'
import { impliedChecks } from './implied.ts'
import { hasTagsElsewhere, parameterKeys } from './keys.ts'
import { type Naming, namer, versionedName } from './names.ts'
import { type FoundResource, namesResource, resourceFinder, resourcePlan } from './resources.ts'
import type { ChosenRule, SplitRule, TrailTables } from './tables.ts'
import { accountOf, fill, firstValues, type Place, partitionOf } from './template.ts'

/** What of a record says WHAT was asked; who and from where are told apart. */
export interface CallRecord {
  readonly eventSource: string
  readonly eventName: string
  readonly awsRegion: string
  /** Account in whose trail the record is: owner of what parameters name without an ARN. */
  readonly account: string
  readonly requestParameters: Json
  readonly resources: Json
}

export type CallChecks =
  | { readonly kind: 'checks'; readonly checks: readonly TrailCheck[] }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

/** What of parameters a kind of event needs: an ingest need not read what decides nothing. */
export interface CallPlan {
  readonly naming: Naming
  readonly needsParameters: boolean
  /** Member in which EC2 may wrap the parameters. */
  readonly wrapper: string
}

type Direct = TrailCheck & { readonly type: string | null }
type Asked = Extract<Naming, { readonly kind: 'actions' | 'chosen' }>

/** Builds the reading of calls out of dated tables. Pure; keep the result, it caches what the tables say. */
export function callReader(tables: TrailTables, iam: IamFacts) {
  const nameOf = namer(tables.actions, iam)
  const find = resourceFinder(tables.resources, iam)
  const isWithheld = withholder(tables, iam)
  const plans = new Map<string, CallPlan>()

  const direct = (
    action: ActionFacts,
    place: Place,
    parameters: JsonObject,
    resources: Json,
  ): readonly Direct[] =>
    find({ action, place, parameters, resources }).map((found) => checkOf(tables, action, found, parameters))

  const split = (rule: SplitRule, place: Place, parameters: JsonObject, resources: Json): readonly Direct[] =>
    rule.checks.flatMap(({ action: name, arns: templates }) => {
      const [prefix = '', action = ''] = name.split(':')
      const facts = iam.action(prefix, action)
      if (facts === undefined) return []
      if (templates === undefined) return direct(facts, place, parameters, resources)
      const found = foundAt(templates, facts.types[0]?.name ?? null, place, parameters)
      return found.map((one) => checkOf(tables, facts, one, parameters))
    })

  const planOf = (eventSource: string, eventName: string): CallPlan => {
    const key = `${eventSource} ${eventName}`
    const known = plans.get(key)
    if (known !== undefined) return known
    const naming = nameOf(eventSource, eventName)
    const wrapper = naming.kind === 'skipped' ? '' : `${naming.operation}Request`
    const plan = { naming, needsParameters: needsParameters(tables, naming), wrapper }
    plans.set(key, plan)
    return plan
  }

  const actionsOf = (naming: Asked, parameters: JsonObject): readonly ActionFacts[] => {
    if (naming.kind === 'chosen') return chosenActions(naming.rule, parameters, iam)
    const { elsewhere } = naming
    if (elsewhere !== null && Object.hasOwn(parameters, elsewhere.parameter)) return [elsewhere.action]
    const versioned = versionedName(tables.actions, naming.prefix, naming.operation, parameters)
    const other = versioned === undefined ? undefined : iam.action('s3', versioned)
    return other === undefined ? naming.actions : [other]
  }

  const checksOf = (
    naming: Exclude<Naming, { readonly kind: 'skipped' }>,
    place: Place,
    parameters: JsonObject,
    resources: Json,
  ): readonly Direct[] => {
    if (naming.kind === 'split') return split(naming.rule, place, parameters, resources)
    const actions = actionsOf(naming, parameters)
    const [only] = actions
    if (actions.length === 1 && only !== undefined) return direct(only, place, parameters, resources)
    return actions.flatMap((action) => direct(action, place, parameters, resources))
  }

  /** `plan` is that of the record's event, for a caller that has it at hand. */
  const read = (record: CallRecord, plan = planOf(record.eventSource, record.eventName)): CallChecks => {
    const { naming, wrapper } = plan
    if (naming.kind === 'skipped') return { kind: 'skipped', reason: naming.reason }
    const omitted = isOmitted(record.requestParameters)
    const parameters = omitted ? {} : unwrap(record.requestParameters, wrapper)
    const place = {
      partition: partitionOf(record.awsRegion),
      region: record.awsRegion,
      account: record.account,
    }
    const checks = checksOf(naming, place, parameters, record.resources)
    if (checks.length === 0) return { kind: 'skipped', reason: 'unmapped' }
    if (omitted) return { kind: 'checks', checks: checks.map((check) => blind(check, record.resources)) }
    const { prefix, operation: event } = naming
    const moreTags = hasTagsElsewhere(tables.keys, prefix, parameters)
    const question = { prefix, event, place, parameters, moreTags, direct: checks }
    const implied = impliedChecks(tables.implied, question)
    const isNull = record.requestParameters === null
    const shown = checks.map((check) => withoutType(isNull && isWithheld(check) ? withoutKeys(check) : check))
    return { kind: 'checks', checks: implied.length === 0 ? shown : [...shown, ...implied] }
  }

  return { read, planOf }
}

export type CallReader = ReturnType<typeof callReader>

/** Services leave the parameters of calls out that they denied: what these set is not known then. */
function withholder(tables: TrailTables, iam: IamFacts) {
  const known = new Map<string, boolean>()
  return ({ action: name }: Direct): boolean => {
    const before = known.get(name)
    if (before !== undefined) return before
    const [prefix = '', action = ''] = name.split(':')
    const facts = iam.action(prefix, action)
    const made = facts !== undefined && namesResource(resourcePlan(tables.resources, iam, facts))
    known.set(name, made)
    return made
  }
}

/** The resources of the first template that parameters fill; one that is not known, when they fill none. */
function foundAt(
  templates: readonly string[],
  type: string | null,
  place: Place,
  parameters: JsonObject,
): readonly FoundResource[] {
  const valuesOf = (path: string) => firstValues(parameters, [path])
  const arns = templates.map((arn) => fill(arn, place, valuesOf)).find((filled) => filled.length > 0) ?? [
    null,
  ]
  return arns.map((arn) => ({ type, arn, account: arn === null ? null : accountOf(arn), assumed: null }))
}

/** The actions that parameters say; none when one of them is not known, for the rest would pass for the whole. */
function chosenActions(rule: ChosenRule, parameters: JsonObject, iam: IamFacts): readonly ActionFacts[] {
  const chosen = [...new Set(firstValues(parameters, rule.from))].map((value) => {
    const name = Object.hasOwn(rule.actions, value) ? rule.actions[value] : undefined
    return name === undefined ? undefined : iam.action(rule.prefix, name)
  })
  const known = chosen.filter((action) => action !== undefined)
  return known.length === chosen.length ? [...new Set(known)] : []
}

function checkOf(
  tables: TrailTables,
  action: ActionFacts,
  found: FoundResource,
  parameters: JsonObject,
): Direct {
  return {
    action: action.action,
    kind: 'direct',
    resource: found.arn,
    account: found.account,
    assumed: found.assumed,
    keys: parameterKeys(tables.keys, { action, type: found.type, parameters }),
    type: found.type,
  }
}

const withoutKeys = (check: Direct): Direct => ({ ...check, keys: {} })

const withoutType = ({ action, kind, resource, account, assumed, keys }: Direct): TrailCheck => ({
  action,
  kind,
  resource,
  account,
  assumed,
  keys,
})

/** A check whose parameters were left out: only what the record's own `resources` name is known. */
function blind(check: Direct, resources: Json): TrailCheck {
  const named = JSON.stringify(resources ?? null).includes(JSON.stringify(check.resource))
  const told = check.resource === '*' || named
  return {
    ...withoutType(check),
    ...(told ? {} : { resource: null, account: null, assumed: null }),
    keys: {},
  }
}

/** EC2 wraps parameters of newer operations: `{"CreateLaunchTemplateRequest": {"LaunchTemplateName": …}}`. */
function unwrap(parameters: Json, wrapper: string): JsonObject {
  const outer = members(parameters)
  const inner = member(outer, wrapper)
  if (inner === undefined || inner === null || typeof inner !== 'object') return outer
  const lowered = Object.entries(members(inner)).map(([name, value]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    value,
  ])
  return { ...outer, ...Object.fromEntries(lowered) }
}

/** Parameters that CloudTrail left out for their size tell nothing: `{"omitted": true, "originalSize": …}`. */
export const isOmitted = (parameters: Json): boolean => member(members(parameters), 'omitted') === true

/** False only when nothing that parameters or `resources` say can change the checks. */
function needsParameters(tables: TrailTables, naming: Naming): boolean {
  if (naming.kind === 'skipped') return false
  if (naming.kind !== 'actions') return true
  const versioned =
    Object.hasOwn(tables.actions.versionedObject.events, naming.operation) && naming.prefix === 's3'
  const rules = tables.keys.services[naming.prefix] ?? []
  return (
    versioned ||
    naming.elsewhere !== null ||
    impliedApplies(tables, naming.prefix, naming.operation) ||
    naming.actions.some(
      (action) =>
        action.types.length > 0 ||
        [...action.keys].some(
          (key) =>
            key.startsWith('aws:requesttag/') ||
            key === 'aws:tagkeys' ||
            key.startsWith('kms:encryptioncontext'),
        ) ||
        rules.some((rule) => action.keys.has(rule.key.toLowerCase())),
    )
  )
}

function impliedApplies(tables: TrailTables, prefix: string, event: string): boolean {
  const rules = [
    ...(own(tables.implied.passRole, prefix) ?? []),
    ...(own(tables.implied.tagsOnCreate, prefix) ?? []),
  ]
  return (
    prefix === 'sts' ||
    rules.some((rule) =>
      rule.events.some((name) => (name.endsWith('*') ? event.startsWith(name.slice(0, -1)) : name === event)),
    )
  )
}

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
