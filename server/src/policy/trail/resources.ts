import type { Json } from '../../kernel/json.ts'
import { type JsonObject, member, members, text } from './event.ts'
import type { ActionFacts, ActionType, Assumed, IamFacts } from './facts.ts'
import type { ResourcesFile } from './tables.ts'
import { accountOf, arnMatcher, fill, firstValues, inPlace, type Place, placeholders } from './template.ts'

/** One resource of a call. `type` is the name in the Service Authorization Reference. */
export interface FoundResource {
  readonly type: string | null
  readonly arn: string | null
  readonly account: string | null
  readonly assumed: Assumed | null
}

export interface ResourceQuestion {
  readonly action: ActionFacts
  readonly place: Place
  readonly parameters: JsonObject
  readonly resources: Json
}

const ANY: FoundResource = { type: null, arn: '*', account: null, assumed: null }
const NOT_KNOWN: FoundResource = { type: null, arn: null, account: null, assumed: null }

/** What the tables say of the resources of an action, put together once. */
export interface ResourcePlan {
  readonly prefix: string
  /** Each resource type is a check of its own. */
  readonly several: boolean
  /** Parameters with ids of resources of any type. */
  readonly byId: readonly string[] | undefined
  readonly types: readonly TypePlan[]
}

export interface TypePlan {
  readonly type: string
  /** The type is there although no parameter names it: required, or made by the action. */
  readonly always: boolean
  /** ARN template of what the action makes, or `null`. */
  readonly made: string | null
  /** What is known of the ARN although no parameter tells the id, or `null`. */
  readonly beginning: Beginning | null
  readonly matchers: readonly RegExp[]
  readonly templates: readonly TemplatePlan[]
  /** Buckets have no slash; the pattern of the type would let objects pass. */
  readonly bucket: boolean
}

export interface Beginning {
  /** ARN template up to the id. */
  readonly template: string
  /** Parameters with any of which the rest is not certain either. */
  readonly unless: readonly string[]
  /** Where the name is that the id begins with, and what AWS puts behind it; `null`: nothing of the id is known. */
  readonly name: { readonly from: readonly string[]; readonly then: string } | null
  readonly always: boolean
}

export interface TemplatePlan {
  readonly template: string
  /** The last placeholder is a name without its path. */
  readonly short: boolean
  /** Parameters that hold a placeholder. */
  readonly paths: ReadonlyMap<string, readonly string[]>
}

/** Builds the search for the resources that AWS checks an action on; keep the result, it keeps what the tables say. */
export function resourceFinder(file: ResourcesFile, iam: IamFacts) {
  const plans = new Map<ActionFacts, ResourcePlan>()
  return (question: ResourceQuestion): readonly FoundResource[] => {
    const { action } = question
    if (action.types.length === 0) return [ANY]
    const known = plans.get(action)
    const plan = known ?? resourcePlan(file, iam, action)
    if (known === undefined) plans.set(action, plan)
    if (plan.byId !== undefined) {
      const named = byId(file, iam, question, plan.byId)
      return named.length > 0 ? distinct(named) : [NOT_KNOWN]
    }
    const found: FoundResource[] = []
    for (const type of plan.types) found.push(...ofType(question, plan, type))
    if (found.length === 0) return whole(question, plan)
    if (found.length === 1) return found
    return plan.several ? distinct(found) : mostSpecific(distinct(found))
  }
}

export function resourcePlan(file: ResourcesFile, iam: IamFacts, action: ActionFacts): ResourcePlan {
  const [prefix = '', name = ''] = action.action.split(':')
  const makes =
    file.creates.prefixes.includes(prefix) && file.creates.verbs.some((verb) => name.startsWith(verb))
  return {
    prefix,
    several: file.severalTypes.includes(prefix),
    byId: own(file.byId.actions, action.action),
    types: action.types.map((type) => typePlan(file, iam, action, type, makes)),
  }
}

/** Whether the call names a resource that is there already: then it has parameters, and a record without them does not show them. */
export const namesResource = ({ types }: ResourcePlan): boolean =>
  types.some(
    ({ always, made, templates }) =>
      always && made === null && templates.every(({ template }) => placeholders(template).length > 0),
  )

function typePlan(
  file: ResourcesFile,
  iam: IamFacts,
  { action, types }: ActionFacts,
  { name: type, required }: ActionType,
  makes: boolean,
): TypePlan {
  const [prefix = '', name = ''] = action.split(':')
  const known = iam.arns(prefix, type).map(opened)
  const templates = formOf(file, action, type) ?? known
  const isEvery = file.every.types.includes(`${action} ${type}`)
  const isMade = makes && !file.creates.not.includes(`${name} ${type}`)
  const beginning = beginningOf(file, action, type, templates[0] ?? '')
  const isAlways = required || isEvery || file.alsoCreated.includes(`${name} ${type}`)
  const isFixed = types.length === 1 || file.fixed.types.includes(`${prefix} ${type}`)
  return {
    type,
    always: isAlways || (beginning?.always ?? false),
    made: isEvery || isMade ? (known[0] ?? null) : null,
    beginning,
    matchers: templates.map(arnMatcher),
    templates: templates
      .filter((template) => isFixed || placeholders(template).length > 0)
      .map((template) => templatePlan(file, prefix, template)),
    bucket: type === 'bucket' && prefix === 's3',
  }
}

/** The reference writes some ids as an asterisk: `rep:*` is a replication instance, not all of them. */
const opened = (template: string) => template.replaceAll('*', `\${${ANY_ID}}`)
const ANY_ID = 'Any'

/** ARN as IAM is asked for it, where that is not the one of the Service Authorization Reference. */
function formOf({ forms }: ResourcesFile, action: string, type: string): readonly string[] | undefined {
  const [prefix = '', name = ''] = action.split(':')
  const rule = forms.rules.find(
    (one) =>
      one.prefix === prefix &&
      one.type === type &&
      !one.not?.includes(name) &&
      (one.only === undefined || one.only.includes(name)),
  )
  return rule?.arns
}

function beginningOf(
  { beginnings }: ResourcesFile,
  action: string,
  type: string,
  template: string,
): Beginning | null {
  const service = `${action.split(':')[0]}:*`
  const rule = beginnings.rules.find(
    ({ actions, types }) => (actions.includes(action) || actions.includes(service)) && types.includes(type),
  )
  const [name] = placeholders(template)
  if (rule === undefined || name === undefined) return null
  const { unless, name: named, always = false } = rule
  return { template: template.slice(0, template.indexOf(`\${${name}}`)), unless, name: named ?? null, always }
}

function templatePlan(file: ResourcesFile, prefix: string, template: string): TemplatePlan {
  const names = placeholders(template)
  const pathsOf = (placeholder: string): readonly string[] => {
    const paths = own(own(file.placeholders, prefix), placeholder)
    if (paths !== undefined) return paths
    if (file.tooGeneral.includes(placeholder)) return []
    return [placeholder.charAt(0).toLowerCase() + placeholder.slice(1)]
  }
  return {
    template,
    short: file.withoutPath.includes(names.at(-1) ?? ''),
    paths: new Map(names.map((name) => [name, pathsOf(name)])),
  }
}

function ofType(question: ResourceQuestion, plan: ResourcePlan, type: TypePlan): readonly FoundResource[] {
  const given = named(question, type)
  if (given.length > 0) return given
  const put = built(question, type)
  if (put.length > 0 || !type.always) return put
  const made = created(question, type)
  if (made.length > 0) return made
  const begun = begins(question, type)
  return begun.length > 0 || !plan.several ? begun : [{ ...NOT_KNOWN, type: type.type }]
}

/** Named in the record's own `resources`: these are what AWS says. */
function named(
  { resources }: ResourceQuestion,
  { type, matchers, bucket }: TypePlan,
): readonly FoundResource[] {
  if (!Array.isArray(resources) || resources.length === 0) return NONE
  const found: FoundResource[] = []
  for (const entry of resources) {
    const arn = text(member(members(entry), 'ARN')) || text(member(members(entry), 'arn'))
    if (!arn.startsWith('arn:') || !fits(matchers, arn) || (bucket && arn.includes('/'))) continue
    const account = text(member(members(entry), 'accountId'))
    found.push({
      type,
      arn,
      account: accountOf(arn) ?? (/^\d{12}$/.test(account) ? account : null),
      assumed: null,
    })
  }
  return found
}

const NONE: readonly FoundResource[] = []

function fits(matchers: readonly RegExp[], arn: string): boolean {
  for (const matcher of matchers) if (matcher.test(arn)) return true
  return false
}

/**
 * Whole ARNs among the parameters, under whatever name, that are of a type of the action: `resourceArn` of TagResource. Two
 * parameters with such ARNs say nothing: a source and a target look alike.
 */
function whole({ parameters }: ResourceQuestion, { types }: ResourcePlan): readonly FoundResource[] {
  const given = Object.values(parameters).flatMap((value) => {
    const found = (Array.isArray(value) ? value : [value]).flatMap((one) => typed(text(one), types))
    return found.length === 0 ? [] : [found]
  })
  const [only, other] = given
  return only === undefined || other !== undefined ? [NOT_KNOWN] : distinct(only)
}

function typed(arn: string, types: readonly TypePlan[]): readonly FoundResource[] {
  if (!/^arn:[^\s|*]+$/.test(arn)) return NONE
  const type = types.find(({ matchers, bucket }) => fits(matchers, arn) && !(bucket && arn.includes('/')))
  return type === undefined ? NONE : [{ type: type.type, arn, account: accountOf(arn), assumed: null }]
}

/** Built out of parameters and the ARN template of the type. */
function built(
  question: ResourceQuestion,
  { type, matchers, templates }: TypePlan,
): readonly FoundResource[] {
  for (const plan of templates) {
    const arns = fill(plan.template, question.place, (placeholder) =>
      firstValues(question.parameters, plan.paths.get(placeholder) ?? []),
    )
    if (arns.length === 0) continue
    const fitting = arns.filter((arn) => fits(matchers, arn))
    if (fitting.length > 0) return fitting.map((arn) => foundArn(question, type, plan.short, arn))
  }
  return NONE
}

function foundArn(question: ResourceQuestion, type: string, short: boolean, arn: string): FoundResource {
  if (!short) return { type, arn, account: accountOf(arn), assumed: null }
  const path = text(member(question.parameters, 'path'))
  const whole = /^\/.+\/$/.test(path) ? withPath(arn, path) : arn
  const assumed = path === '' && whole.split('/').length === 2 && !isGiven(question, arn)
  return { type, arn: whole, account: accountOf(whole), assumed: assumed ? 'iam_path' : null }
}

function created({ place }: ResourceQuestion, { type, made }: TypePlan): readonly FoundResource[] {
  const base = made === null ? null : inPlace(made, place)
  if (base === null) return NONE
  const arn = base.replace(/\$\{[^}]+\}/g, '*')
  return [{ type, arn, account: accountOf(arn), assumed: null }]
}

function begins(
  { place, parameters }: ResourceQuestion,
  { type, beginning }: TypePlan,
): readonly FoundResource[] {
  if (beginning === null || beginning.unless.some((name) => Object.hasOwn(parameters, name))) return NONE
  const base = inPlace(beginning.template, place)
  if (base === null) return NONE
  const { name } = beginning
  const heads = name === null ? [''] : firstValues(parameters, name.from).map((value) => value + name.then)
  return heads.map((head) => {
    const arn = head.startsWith('arn:') ? head : `${base}${head}`
    return { type, arn, account: accountOf(arn), assumed: 'beginning' }
  })
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined

const withPath = (arn: string, path: string) => arn.replace('/', () => path)

const isGiven = (question: ResourceQuestion, arn: string) =>
  Object.values(question.parameters).some((value) => value === arn)

function distinct(found: readonly FoundResource[]): readonly FoundResource[] {
  const seen = new Set<string>()
  return found.filter(({ type, arn }) => {
    const key = arn ?? `? ${type}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/** A check on an index or stream is not also one on its table: what lies within another found ARN wins. */
const mostSpecific = (found: readonly FoundResource[]) =>
  found.filter(({ arn }) => !found.some((other) => other.arn !== arn && isWithin(other.arn, arn)))

const isWithin = (inner: string | null, outer: string | null) =>
  inner !== null && outer !== null && (inner.startsWith(`${outer}/`) || inner.startsWith(`${outer}:`))

/** `vol-1` is a volume: ids tell their type where an action takes any. */
function byId(
  file: ResourcesFile,
  iam: IamFacts,
  { action, parameters, place }: ResourceQuestion,
  paths: readonly string[],
): readonly FoundResource[] {
  return firstValues(parameters, paths).map((id) => {
    const type = own(file.byId.types, id.slice(0, id.lastIndexOf('-')))
    const template = type === undefined ? undefined : iam.arns(action.action.split(':')[0] ?? '', type)[0]
    const arn = template === undefined ? null : (fill(template, place, () => [id])[0] ?? null)
    return { type: type ?? null, arn, account: arn === null ? null : accountOf(arn), assumed: null }
  })
}
