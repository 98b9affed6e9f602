import { type Issue, invalid } from '../../kernel/errors.ts'
import { compiledPolicy } from '../../policy/compile/policy.ts'
import type { Policy } from '../../policy/policies.ts'
import { NO_PERMISSION_NEEDED } from '../../policy/rules/rules.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'
import type { World } from '../replay/world.ts'
import { actionsOf, allActions } from './actions.ts'
import { rcpApplies, scpApplies } from './applies.ts'
import { type Dialect, literal } from './dialect.ts'
import { keyColumns } from './keys.ts'
import { rcpLayers, type Stated, scpLayers } from './layers.ts'
import type { ParameterKeys } from './parameter-keys.ts'
import { type Places, placesOf } from './places.ts'
import { isToldWithoutParameters, type RawTrail, rawSources, rawSteps } from './raw.ts'
import { type Refusal, statementSql } from './statement.ts'

/** What is asked: the verdict of each check; calls by verdict; or whom which statements denied what. */
export type Question = 'checks' | 'calls' | 'groups'
export const QUESTIONS: readonly Question[] = ['checks', 'calls', 'groups']

export interface QueryOptions {
  readonly dialect: Dialect
  readonly world: World
  readonly question: Question
  /** The facts: a table, or a subquery in parentheses, with the columns of `columns.ts`; or the trail itself. */
  readonly facts: string | (RawTrail & { readonly tables: TrailTables })
  /** A table `(account varchar, profile integer)`; without it the accounts stand in the query. */
  readonly accountsTable?: string
  /** First and last day, both included. */
  readonly since?: string | null
  readonly until?: string | null
}

export interface Query {
  readonly sql: string
  /** Account → profile, what `accountsTable` must hold; `null` without a tree. */
  readonly accounts: ReadonlyMap<string, number> | null
}

/** Athena user guide, service quotas, "Query string length"; read 2026-11. */
export const ATHENA_MAX_BYTES = 262_144

/** The policies as one query over facts. Throws `not_in_sql` with the place of all that SQL cannot say exactly. */
export function queryOf(options: QueryOptions): Query {
  const { dialect, world } = options
  const places = placesOf(world.estate)
  const rcps = world.estate.policies.filter(({ kind }) => kind === 'rcp')
  const scps = [...new Set(places.scps.flatMap(({ policies }) => policies))]
  const { stated, truths, keys } = statements(dialect, [...scps, ...rcps])
  const all = allActions()
  const management = world.estate.tree?.managementAccount ?? null
  const keyed = [...keys].flatMap(([key, { state, values, by }]) => {
    const actions = actionsOf([...by], all)
    const columns = keyColumns(key, {
      dialect,
      iam: world.iam,
      estate: world.estate,
      actions,
      ...(typeof options.facts === 'string'
        ? {}
        : { told: toldBy(options.facts.tables, { dialect, iam: world.iam, actions }) }),
    })
    return [`${columns.state} as ${state}`, `${columns.values} as ${values}`]
  })
  const scp = scpLayers(dialect, places, stated)
  const rcp = rcpLayers(dialect, places, rcps, stated)
  const free = `lower(action) in (${[...NO_PERMISSION_NEEDED].map(literal).join(', ')})`
  const steps = [
    ...(typeof options.facts === 'string'
      ? [['parts', partsSql(options, options.facts)] as const]
      : rawSteps({ ...options, ...options.facts, resources: asksForResources([...scps, ...rcps], keys) })),
    ...placeSteps(options, places),
    ['keyed', columnsOf('placed', keyed)],
    ['stated', columnsOf('keyed', truths)],
    [
      'applied',
      columnsOf('stated', [
        `${scpApplies(dialect, management, actionsOf(scps, all))} as scp_applies`,
        `${rcpApplies(dialect, management, actionsOf(rcps, all))} as rcp_applies`,
      ]),
    ],
    [
      'layered',
      columnsOf('applied', [
        `${scp.deny} as scp_deny`,
        `${scp.allow} as scp_allow`,
        `${rcp.deny} as rcp_deny`,
        `${dialect.concat([scp.by, rcp.by])} as listed`,
      ]),
    ],
    ['decided', columnsOf('layered', [`(not (scp_deny or rcp_deny) and scp_allow) as allowed`])],
    [
      'judged',
      `select shape, day, check_no, account, caller, action, calls, already, first_s, last_s, sample,
  (case when ${free} or allowed then 0 when allowed is null or kind = 'perhaps' then 1 else 2 end) as code,
  (case when ${free} or allowed or allowed is null then '' else substr(listed, 2) end) as statements
  from decided`,
    ],
  ] as const
  const unlisted = options.question === 'calls' && typeof options.facts !== 'string' ? NOT_LISTED : ''
  const answer = ANSWERS[options.question].replace('\norder by', `${unlisted}\norder by`)
  const head = steps.map(([name, sql]) => dialect.step(name, sql)).join(',\n')
  return { sql: `with ${head}\n${answer}\n`, accounts: places.accounts }
}

const toldBy = (tables: TrailTables, asked: Omit<ParameterKeys, 'tables'>) => (key: string) =>
  rawSources(key, { ...asked, tables })

/** Whether some policy's answer hangs on the resource, its owner or its type. */
const asksForResources = (policies: readonly Policy[], keys: ReadonlyMap<string, Key>): boolean =>
  [...keys.keys()].some((key) => !isToldWithoutParameters(key)) ||
  policies.some(
    ({ kind, statements: all }) =>
      kind === 'rcp' || all.some(({ resource }) => resource !== null && !resource.patterns.includes('*')),
  )

const columnsOf = (from: string, columns: readonly string[]) =>
  `select *${columns.map((column) => `,\n  ${column}`).join('')}\n  from ${from}`

/** The facts with the members of their JSON as columns. */
function partsSql({ dialect, since, until }: QueryOptions, facts: string): string {
  const caller = (name: string) => dialect.jsonText('principal', ['principal', name])
  return `select shape, day, check_no, kind, seen, account, action, region, calls, first_s, last_s, sample,
  ${dialect.jsonText('resource', ['arn'])} as arn, ${dialect.jsonText('resource', ['account'])} as owner,
  coalesce(${dialect.jsonText('resource', ['assumed'])} = 'beginning', false) as begun,
  ${caller('type')} as ptype, ${caller('arn')} as parn, ${caller('account')} as paccount,
  coalesce(${caller('arn')}, ${caller('sessionArn')}, ${caller('service')}, ${caller('provider')}, ${caller('account')}, ${caller('type')}) as caller,
  ${dialect.jsonMap('context', [])} as context_keys, ${dialect.jsonMap('principal', ['keys'])} as caller_keys,
  ${dialect.jsonMap('network', [])} as network_keys,
  (case when error like '%"denied":true%' then calls else 0 end) as already
  from ${facts} f
  where kind is not null${since ? ` and day >= ${literal(since)}` : ''}${until ? ` and day <= ${literal(until)}` : ''}`
}

/** The places that caller and owner lie under, as `,0,3,`. */
function placeSteps(
  { dialect, accountsTable }: QueryOptions,
  { accounts, profiles }: Places,
): readonly (readonly [string, string])[] {
  if (accounts === null) return [['placed', 'select * from parts']]
  const numbers = (list: readonly number[]) => literal(`,${list.join(',')},`)
  const profileRows = profiles.map(
    ({ scps, rcps, path }, number) =>
      `${number}, ${numbers(scps)}, ${numbers(rcps)}, ${path === null ? 'cast(null as varchar)' : literal(path)}`,
  )
  const accountRows = [...accounts].map(([id, profile]) => `${literal(id)}, ${profile}`)
  const known = accountsTable ?? dialect.values(accountRows, 'a', ['account', 'profile'])
  return [
    [
      'members',
      `select m.account, p.scps, p.rcps, p.path from (select account, profile from ${known}) m
  join ${dialect.values(profileRows, 'p', ['profile', 'scps', 'rcps', 'path'])} on p.profile = m.profile`,
    ],
    [
      'placed',
      `select parts.*, c.scps as caller_scps, c.path as caller_path, o.rcps as owner_rcps, o.path as owner_path
  from parts left join members c on c.account = parts.paccount left join members o on o.account = parts.owner`,
    ],
  ]
}

interface Key {
  readonly state: string
  readonly values: string
  /** Policies that ask for it. */
  readonly by: Set<Policy>
}

function statements(dialect: Dialect, policies: readonly Policy[]) {
  const keys = new Map<string, Key>()
  const refused: Refusal[] = []
  const stated: Stated[] = []
  const truths: string[] = []
  for (const policy of new Set(policies))
    for (const { statement } of compiledPolicy(policy).statements) {
      const column = `s${stated.length}`
      const made = statementSql(dialect, policy, statement, (key) => {
        const known = keys.get(key) ?? { state: `k${keys.size}`, values: `v${keys.size}`, by: new Set() }
        keys.set(key, known)
        known.by.add(policy)
        return known
      })
      refused.push(...made.refused)
      stated.push({ column, policy, statement })
      truths.push(`${made.truth} as ${column}`)
    }
  if (refused.length > 0) throw refusalOf(refused)
  return { stated, truths, keys }
}

const refusalOf = (refused: readonly Refusal[]) =>
  invalid(
    'not_in_sql',
    `${refused.length} part(s) of the policies have no exact equal in SQL. \`rankan replay\` answers them; or leave these policies out of the query.`,
    refused.map(
      ({ policy, place, why }): Issue => ({
        path: [policy, place.path],
        code: 'not_in_sql',
        message: `${why} (line ${place.line}).`,
      }),
    ),
  )

/** A call is denied when a check is, unknown when none is and one is open. `code`: 0 allowed, 1 unknown, 2 denied. */
const VERDICT = "(case code when 0 then 'allowed' when 1 then 'unknown' else 'denied' end)"

/** Records of which the table tells no check: they are not judged, and not left out in silence. */
const NOT_LISTED = `
union all select 'not_listed', count(*), sum(already), min(first_s), max(last_s) from asked where unjudged having count(*) > 0`

const ANSWERS: Readonly<Record<Question, string>> = {
  checks: `select shape, day, check_no, ${VERDICT} as verdict, statements, calls from judged`,
  calls: `select ${VERDICT} as verdict, sum(calls) as calls, sum(already) as already, min(first_s) as first_s, max(last_s) as last_s
from (
  select shape, day, max(code) as code, sum(case when check_no = 0 then calls else 0 end) as calls,
    sum(case when check_no = 0 then already else 0 end) as already, min(first_s) as first_s, max(last_s) as last_s
  from judged group by shape, day
) c group by code
order by 1`,
  // A shape that is in several parts, or asks one action of several resources, is one call each time it was made.
  groups: `select ${VERDICT} as verdict, account, caller, action, statements, sum(calls) as calls, sum(already) as already,
  min(first_s) as first_s, max(last_s) as last_s, min(sample) as sample
from (
  select j.shape, j.day, j.code, j.account, j.caller, j.action, j.statements,
    sum(j.calls) / count(distinct j.check_no) as calls, sum(j.already) / count(distinct j.check_no) as already,
    min(j.first_s) as first_s, max(j.last_s) as last_s, min(j.sample) as sample
  from judged j join (select shape, day, max(code) as worst from judged group by shape, day) w
    on w.shape = j.shape and w.day = j.day and w.worst = j.code
  where j.code > 0 group by j.shape, j.day, j.code, j.account, j.caller, j.action, j.statements
) c group by code, account, caller, action, statements
order by code desc, 6 desc, 3, 4, 5`,
}
