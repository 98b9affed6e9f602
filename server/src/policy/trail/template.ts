import type { Json } from '../../kernel/json.ts'
import { type JsonObject, member, members, scalar } from './event.ts'

/** What an ARN is made in: the partition, region and account of the call. */
export interface Place {
  readonly partition: string
  readonly region: string
  readonly account: string
}

/**
 * Values at a path of parameters: `subnetId`, `instancesSet.items[].imageId`, names of members
 * `requestItems{}`, with a filter `keyId|key`.
 * Hidden values and values of a wrong type are left out.
 */
export function valuesAt(parameters: JsonObject, path: string): readonly string[] {
  const { steps, filter } = compiledPath(path)
  if (steps.length === 1 && steps[0]?.each === 'none') {
    const value = scalar(member(parameters, steps[0].name))
    const kept = value === undefined ? undefined : filter(value)
    return kept === undefined ? NOTHING : [kept]
  }
  let values: readonly (Json | undefined)[] = [parameters]
  for (const { name, each } of steps) {
    const next = values.map((value) => member(members(value), name))
    values = each === 'item' ? next.flatMap(items) : each === 'name' ? next.flatMap(names) : next
  }
  return values.flatMap((value) => {
    const found = scalar(value)
    const kept = found === undefined ? undefined : filter(found)
    return kept === undefined ? [] : [kept]
  })
}

interface Step {
  readonly name: string
  readonly each: 'none' | 'item' | 'name'
}

/** Paths come from tables and are few; each is read once. */
const paths = new Map<string, { readonly steps: readonly Step[]; readonly filter: Filter }>()

function compiledPath(path: string) {
  const known = paths.get(path)
  if (known !== undefined) return known
  const [steps = '', filter] = path.split('|')
  const made = { steps: steps.split('.').map(stepOf), filter: filter === undefined ? kept : filterOf(filter) }
  paths.set(path, made)
  return made
}

const kept: Filter = (value) => value

const stepOf = (step: string): Step => ({
  name: step.replace(/\[\]$|\{\}$/, ''),
  each: step.endsWith('[]') ? 'item' : step.endsWith('{}') ? 'name' : 'none',
})

const items = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
const names = (value: Json | undefined): readonly Json[] => Object.keys(members(value))

/** The values of the first path that has any. */
export function firstValues(parameters: JsonObject, paths: readonly string[]): readonly string[] {
  for (const path of paths) {
    const values = valuesAt(parameters, path)
    if (values.length > 0) return values
  }
  return NOTHING
}

const NOTHING: readonly string[] = []

type Filter = (value: string) => string | undefined

const FILTERS: Readonly<Record<string, Filter>> = {
  /** `arn:…:key/…` and key ids name a key; an alias does not tell which. */
  key: (value) => (value.startsWith('alias/') || value.includes(':alias/') ? undefined : value),
  alias: (value) => value.replace(/^alias\//, ''),
  /** `name`, `name:7`, `111122223333:function:name`; a full ARN stays. */
  lambda: (value) => (value.startsWith('arn:') ? value.split(':').slice(0, 7).join(':') : lambdaName(value)),
  last: (value) => lastPart(value),
  noslash: (value) => value.replace(/^\/+/, ''),
  /** `/bucket/key?versionId=x`, percent-encoded as in the header. */
  copysource: (value) => decoded((value.split('?')[0] ?? '').replace(/^\//, '')),
  zone: (value) => value.replace(/^\/?hostedzone\//, ''),
  arn: (value) => (value.startsWith('arn:') ? value : undefined),
  notarn: (value) => (value.startsWith('arn:') ? undefined : value),
  requestalias: (value) => (value.startsWith('alias/') ? value : undefined),
  table: (value) => /^arn:[^/]+:table\/[^/]+/.exec(value)?.[0],
  sqs: (value) => sqsArn(value),
  /** `family:7` or the ARN of a revision. */
  family: (value) => (value.startsWith('arn:') ? value : value.split(':')[0]),
  revision: (value) => (value.startsWith('arn:') ? value : value.split(':')[1]),
  host: (value) => value.replace(/^https?:\/\//, ''),
  /** `topic:7f2c…` is a subscription of the topic, which IAM is asked of. */
  topic: (value) => /^arn:[^:]*:sns:[^:]*:[^:]*:[^:/]+/.exec(value)?.[0],
  /** A log group by its ARN, as IAM is asked of it: `log-group:NAME:log-stream:`. */
  loggroup: (value) => (value.startsWith('arn:') ? `${value.replace(/:\*$/, '')}:log-stream:` : value),
  /** Six characters of AWS's stand behind the name in a whole ARN; a name, or an ARN without them, is not whole. */
  secret: (value) => (/^arn:.*-[A-Za-z0-9]{6}$/.test(value) ? value : undefined),
  /** Documents of Systems Manager whose owner is AWS have no account in their ARN; AWS keeps these beginnings for itself. */
  awsdocument: (value) => (AWS_DOCUMENT.test(value) ? value : undefined),
  owndocument: (value) => (AWS_DOCUMENT.test(value) ? undefined : value),
  account: (value) => (/^\d{12}$/.test(value) ? value : undefined),
  ec2instance: (value) => (value.startsWith('i-') ? value : undefined),
  managedinstance: (value) => (value.startsWith('mi-') ? value : undefined),
  /** A shard iterator begins with the ARN of its stream. */
  iterator: (value) => (value.startsWith('arn:') ? value.split('|')[0] : undefined),
  /** The verb of a statement of PartiQL. */
  word: (value) => /^\s*([A-Za-z]+)/.exec(value)?.[1]?.toUpperCase(),
  /** A rule on the default event bus has no bus in its ARN; a bus may be named by its ARN. */
  custombus: (value) => (lastPart(value) === 'default' ? undefined : lastPart(value)),
  wafscope: (value) => ({ REGIONAL: 'regional', CLOUDFRONT: 'global' })[value],
  elbtype: (value) => ({ application: 'app', network: 'net', gateway: 'gwy' })[value],
  /** Models are Amazon's, profiles over regions are the account's. */
  model: (value) => (value.startsWith('arn:') || OVER_REGIONS.test(value) ? undefined : value),
  profile: (value) => (OVER_REGIONS.test(value) ? value : undefined),
}

/** `https://sqs.ap-northeast-1.amazonaws.com/111122223333/queue` names region, account and queue. */
function sqsArn(url: string): string | undefined {
  const parts =
    /^https?:\/\/(?:sqs\.)?([a-z0-9-]+)\.(?:queue\.)?amazonaws\.com(?:\.cn)?\/(\d{12})\/([^/?]+)$/.exec(url)
  const [, region = '', account, name] = parts ?? []
  return parts === null ? undefined : `arn:${partitionOf(region)}:sqs:${region}:${account}:${name}`
}

const lastPart = (value: string) => value.slice(value.lastIndexOf('/') + 1)

const filterOf = (name: string): Filter => FILTERS[name] ?? ((value) => value)

/** Systems Manager API reference, CreateDocument: reserved beginnings of names. */
export const AWS_DOCUMENT = /^(?:aws|amazon|amzn)/i

/** Beginnings of the ids of inference profiles over regions (Bedrock user guide, inference-profiles-support). */
export const OVER_REGIONS = /^(?:us|us-gov|eu|apac|jp|au|ca|global)\./

const lambdaName = (value: string) => value.replace(/^\d{12}:function:/, '').split(':')[0]

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

/** Placeholders `${…}` of a template, without the three that the place fills. */
export const placeholders = (template: string): readonly string[] => compiledTemplate(template).names

/** Templates come from tables and are few; each is taken apart once. */
const templates = new Map<string, CompiledTemplate>()

interface CompiledTemplate {
  readonly names: readonly string[]
  /** Those of the three that stand in it. */
  readonly needs: readonly (keyof Place)[]
  /** Literal text, then what of the place follows it, and so on. */
  readonly literals: readonly string[]
}

function compiledTemplate(template: string): CompiledTemplate {
  const known = templates.get(template)
  if (known !== undefined) return known
  const all = [...template.matchAll(/\$\{([^}]+)\}/g)].map((match) => match[1] ?? '')
  const names = all.filter((name) => !(name in IN_PLACE))
  const needs = all.flatMap((name) => (name in IN_PLACE ? [IN_PLACE[name as keyof typeof IN_PLACE]] : []))
  const literals = template.split(/\$\{(?:Partition|Region|Account)\}/)
  const made = { names, needs, literals }
  templates.set(template, made)
  return made
}

const IN_PLACE = { Partition: 'partition', Region: 'region', Account: 'account' } as const

/**
 * Fills a template. `valuesOf` gives the values of one placeholder; the last placeholder may have several (an
 * ARN for each) and may hold whole ARNs, which stand as they are. Empty when a value is missing.
 */
export function fill(
  template: string,
  place: Place,
  valuesOf: (placeholder: string) => readonly string[],
): readonly string[] {
  const names = placeholders(template)
  const last = names.at(-1)
  // Most parameters are not there: look before anything is put together.
  const values = last === undefined ? [] : valuesOf(last)
  if (last !== undefined && values.length === 0) return []
  const base = inPlace(template, place)
  if (base === null) return []
  if (last === undefined) return [base]
  let head = base
  for (const name of names.slice(0, -1)) {
    const value = valuesOf(name)[0]
    if (value === undefined || value.startsWith('arn:')) return wholeArns(values)
    head = head.replace(`\${${name}}`, () => value)
  }
  return values.map((value) => (value.startsWith('arn:') ? value : head.replace(`\${${last}}`, () => value)))
}

const wholeArns = (values: readonly string[]) => values.filter((value) => value.startsWith('arn:'))

/** `null` when the template needs a region or account that the record does not tell. */
export function inPlace(template: string, place: Place): string | null {
  const { needs, literals } = compiledTemplate(template)
  let text = literals[0] ?? ''
  for (let i = 0; i < needs.length; i++) {
    const value = place[needs[i] as keyof Place]
    if (value === '') return null
    text += value + (literals[i + 1] ?? '')
  }
  return text
}

/** Beginnings of regions outside the partition `aws`, as AWS names them (botocore 1.43.11, partitions). */
export const PARTITIONS: readonly (readonly [beginning: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
]

/** Partition of a region. */
export const partitionOf = (region: string): string =>
  PARTITIONS.find(([beginning]) => region.startsWith(beginning))?.[1] ?? 'aws'

/** Account part of an ARN, or `null` (S3, Route 53, `aws`-owned). */
export function accountOf(arn: string): string | null {
  let start = 0
  for (let colons = 0; colons < 4; colons++) {
    start = arn.indexOf(':', start) + 1
    if (start === 0) return null
  }
  const end = arn.indexOf(':', start)
  const account = arn.slice(start, end < 0 ? arn.length : end)
  return account.length === 12 && /^\d{12}$/.test(account) ? account : null
}

/** A test whether an ARN is one of a template: each placeholder is at least one character, none crosses a `:` before the resource part. */
export function arnMatcher(template: string): RegExp {
  const parts = template.split(':')
  const escaped = parts.map((part, index) => {
    const inner = part.split(/\$\{[^}]+\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return inner.join(index < 5 ? '[^:]*' : '.+')
  })
  return new RegExp(`^${escaped.join(':')}$`)
}
