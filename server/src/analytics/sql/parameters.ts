import { HIDDEN } from '../../policy/trail/event.ts'
import { AWS_DOCUMENT, OVER_REGIONS, PARTITIONS } from '../../policy/trail/template.ts'
import { type Dialect, literal } from './dialect.ts'
import type { PathPlan } from './plans.ts'

/**
 * Values that parameters of a record hold, as `policy/trail/template.ts` reads them, in SQL. Paths and filters are
 * expressions: columns of `rankan_events` for resources, constants for keys. The text `UNSURE` stands for a value that
 * SQL cannot read as the engine does; whoever meets it must say unknown.
 */
export const UNSURE = 'chr(1)'

/** Member of a `PathPlan`, as an expression. */
export interface PathSql {
  readonly kind: string
  readonly a: string
  readonly b: string
  readonly c: string
  readonly filter: string
}

/** The path in a column or variable of lambdas. */
export const pathIn = (name: string): PathSql => ({
  kind: `${name}.kind`,
  a: `${name}.a`,
  b: `${name}.b`,
  c: `${name}.c`,
  filter: `${name}.filter`,
})

/** Numbers that JSON writes in another way than JavaScript: with an exponent, a last zero, or too many digits. */
const ODD_NUMBER =
  '-0|-?\\d+\\.\\d*0|-?\\d+(?:\\.\\d+)?[eE][+-]?\\d+|-?\\d{16,}(?:\\.\\d+)?|-?\\d+\\.\\d{12,}'

/** Values of the first of the paths (a list of structs) that has any; null when none has. */
export const firstValues = (dialect: Dialect, json: string, paths: string): string =>
  dialect.first(
    dialect.keep(
      dialect.each(paths, 'p', valuesAt(dialect, json, pathIn('p'))),
      'found',
      `${dialect.length('found')} > 0`,
    ),
  )

/** The same for paths that are known when the query is written. */
export function firstOf(dialect: Dialect, json: string, paths: readonly PathPlan[]): string {
  const lists = paths.map((path) => constantValues(dialect, json, path))
  const [first, ...rest] = lists
  if (first === undefined) return dialect.noTexts
  return rest.length === 0
    ? first
    : `coalesce(${lists.map((one) => dialect.first(dialect.keep(`${dialect.list([one])}`, 'found', `${dialect.length('found')} > 0`))).join(', ')})`
}

function valuesAt(dialect: Dialect, json: string, path: PathSql): string {
  const raw = `(case when ${path.kind} = 'items' then ${itemsAt(dialect, json, path)}
    when ${path.kind} = 'nested' then ${nestedAt(dialect, json, path)}
    when ${path.kind} = 'names' then ${dialect.jsonNames(json, dialect.path(path.a))}
    else ${dialect.one(dialect.jsonAt(json, dialect.path(path.a)))} end)`
  const cases = Object.entries(FILTERS).map(
    ([name, sql]) => `when ${path.filter} = ${literal(name)} then ${sql(dialect)}`,
  )
  return cleaned(dialect, raw, `(case when ${path.filter} = '' then v ${cases.join(' ')} else v end)`)
}

function constantValues(dialect: Dialect, json: string, plan: PathPlan): string {
  const path = { ...plan, a: literal(plan.a), b: literal(plan.b), c: literal(plan.c) }
  const raws = {
    one: () => dialect.one(dialect.jsonAt(json, dialect.path(path.a))),
    items: () => itemsAt(dialect, json, path),
    nested: () => nestedAt(dialect, json, path),
    names: () => dialect.jsonNames(json, dialect.path(path.a)),
  }
  return cleaned(dialect, raws[plan.kind](), FILTERS[plan.filter]?.(dialect) ?? 'v')
}

const itemsAt = (dialect: Dialect, json: string, { a, c }: PathSql) =>
  dialect.each(dialect.jsonItems(json, dialect.path(a)), 'x', dialect.jsonAt('x', dialect.path(c)))

const nestedAt = (dialect: Dialect, json: string, { a, b, c }: PathSql) =>
  dialect.flat(
    dialect.each(
      dialect.jsonItems(json, dialect.path(a)),
      'x',
      dialect.each(dialect.jsonItems('x', dialect.path(b)), 'y', dialect.jsonAt('y', dialect.path(c))),
    ),
  )

/** What is no text, empty or hidden is left out, the rest goes through the filter. */
function cleaned(dialect: Dialect, raw: string, filter: string): string {
  const hidden = [...HIDDEN, ''].map(literal).join(', ')
  const value = `(case when v is null or v in (${hidden}) then cast(null as varchar)
    when ${dialect.matches('v', ODD_NUMBER)} then ${UNSURE} else ${filter} end)`
  return dialect.keep(dialect.each(`coalesce(${raw}, ${dialect.empty})`, 'v', value), 'v', 'v is not null')
}

const NONE = 'cast(null as varchar)'
const isArn = "v like 'arn:%'"
const when = (condition: string, then: string, otherwise: string) =>
  `(case when ${condition} then ${then} else ${otherwise} end)`

const LAST = "regexp_extract(v, '([^/]*)\\z', 1)"

/** `FILTERS` of `policy/trail/template.ts` over the text `v`. */
const FILTERS: Readonly<Record<string, (dialect: Dialect) => string>> = {
  key: () => when("v like 'alias/%' or position(':alias/' in v) > 0", NONE, 'v'),
  alias: () => "regexp_replace(v, '^alias/', '')",
  lambda: () =>
    when(
      isArn,
      "regexp_extract(v, '^((?:[^:]*:){0,6}[^:]*)', 1)",
      "regexp_extract(v, '^(?:[0-9]{12}:function:)?([^:]*)', 1)",
    ),
  last: () => LAST,
  custombus: () => `nullif(${LAST}, 'default')`,
  wafscope: () => "(case v when 'REGIONAL' then 'regional' when 'CLOUDFRONT' then 'global' end)",
  noslash: () => "regexp_replace(v, '^/+', '')",
  // What is percent-encoded is decoded by the engine alone.
  copysource: () => when("position('%' in v) > 0", UNSURE, "regexp_extract(v, '^/?([^?]*)', 1)"),
  zone: () => "regexp_replace(v, '^/?hostedzone/', '')",
  arn: () => when(isArn, 'v', NONE),
  notarn: () => when(isArn, NONE, 'v'),
  requestalias: () => when("v like 'alias/%'", 'v', NONE),
  table: () => "nullif(coalesce(regexp_extract(v, '^(arn:[^/]+:table/[^/]+)', 1), ''), '')",
  sqs: (dialect) => sqsArn(dialect),
  family: () => when(`${isArn} or position(':' in v) = 0`, 'v', "split_part(v, ':', 1)"),
  revision: () => when(isArn, 'v', when("position(':' in v) = 0", NONE, "split_part(v, ':', 2)")),
  host: () => "regexp_replace(v, '^https?://', '')",
  topic: () => "nullif(coalesce(regexp_extract(v, '^(arn:[^:]*:sns:[^:]*:[^:]*:[^:/]+)', 1), ''), '')",
  loggroup: () => when(isArn, "regexp_replace(v, ':\\*$', '') || ':log-stream:'", 'v'),
  secret: (dialect) => when(dialect.matches('v', 'arn:.*-[A-Za-z0-9]{6}'), 'v', NONE),
  account: (dialect) => when(dialect.matches('v', '[0-9]{12}'), 'v', NONE),
  ec2instance: () => when("v like 'i-%'", 'v', NONE),
  managedinstance: () => when("v like 'mi-%'", 'v', NONE),
  awsdocument: (dialect) => when(dialect.matches('v', beginsWith(AWS_DOCUMENT)), 'v', NONE),
  owndocument: (dialect) => when(dialect.matches('v', beginsWith(AWS_DOCUMENT)), NONE, 'v'),
  iterator: () => when(isArn, "split_part(v, '|', 1)", NONE),
  // White space outside of ASCII, which the engine passes over, leaves no verb here: then the statement is not judged.
  word: () => "nullif(upper(coalesce(regexp_extract(v, '\\A[\\t\\n\\x0b\\f\\r ]*([A-Za-z]+)', 1), '')), '')",
  elbtype: () =>
    "(case v when 'application' then 'app' when 'network' then 'net' when 'gateway' then 'gwy' end)",
  model: (dialect) => when(`${isArn} or ${dialect.matches('v', beginsWith(OVER_REGIONS))}`, NONE, 'v'),
  profile: (dialect) => when(dialect.matches('v', beginsWith(OVER_REGIONS)), 'v', NONE),
}

/** A beginning, as a pattern of the whole. */
const beginsWith = ({ source, ignoreCase }: RegExp) =>
  `${ignoreCase ? '(?i)' : ''}${source.replace(/^\^/, '')}.*`

export const FILTER_NAMES: ReadonlySet<string> = new Set(['', ...Object.keys(FILTERS)])

function sqsArn(dialect: Dialect): string {
  const url = 'https?://(?:sqs\\.)?([a-z0-9-]+)\\.(?:queue\\.)?amazonaws\\.com(?:\\.cn)?/([0-9]{12})/([^/?]+)'
  const group = (n: number) => `regexp_extract(v, ${literal(`\\A${url}\\z`)}, ${n})`
  return when(
    dialect.matches('v', url),
    `'arn:' || ${partitionSql(group(1))} || ':sqs:' || ${group(1)} || ':' || ${group(2)} || ':' || ${group(3)}`,
    NONE,
  )
}

/** `partitionOf` of `policy/trail/template.ts`. */
export const partitionSql = (region: string): string =>
  `(case ${PARTITIONS.map(([beginning, partition]) => `when ${region} like '${beginning}%' then '${partition}'`).join(' ')} else 'aws' end)`
