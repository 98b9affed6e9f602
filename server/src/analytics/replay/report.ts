import type { Bilingual } from '../../kernel/text.ts'
import { evaluate } from '../../policy/compile/evaluate.ts'
import type { Missing } from '../../policy/decision.ts'
import { sentencesOf } from '../../policy/explain/sentences.ts'
import { askOf, BLANK, PARTS, type Part, type Parts, readPart } from './check.ts'
import type { Outcome } from './decide.ts'
import type { Assumption } from './estate.ts'
import { type FactsReader, quoted } from './read.ts'
import { AT, type Judge, OUTCOME_AT, PARTS_AT } from './scan.ts'
import type { ReplayOptions, SampleRows, Sort, Sorted, Tallies, Totals } from './sorts.ts'
import type { Counted } from './tally.ts'
import type { Values } from './values.ts'

/** The answer of a replay; documented in docs/guide/replay.md. */
export interface Report {
  readonly period: { readonly since: string | null; readonly until: string | null }
  readonly events: number
  /** Events that stand for no call, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  readonly calls: number
  readonly allowed: number
  readonly denied: Section
  readonly unknown: UnknownSection
  readonly against: { readonly newlyDenied: Section; readonly newlyAllowed: Section } | null
  readonly assumed: readonly Assumption[]
  /** Accounts of the trail that the tree does not have: no policy was taken to bind them. */
  readonly unplacedAccounts: readonly string[]
  readonly delegatedAdministrators: readonly string[]
}

export interface Section {
  readonly calls: number
  /** Of these, calls that AWS had denied already. */
  readonly already: number
  readonly first: string | null
  readonly last: string | null
  readonly byDay: readonly Line[]
  readonly byAccount: readonly Line[]
  readonly byPrincipal: readonly Line[]
  readonly byAction: readonly Line[]
  readonly byResource: readonly Line[]
  readonly byStatement: readonly Line[]
  readonly groups: readonly Group[]
  /** How many lines each table has in all. */
  readonly sizes: Readonly<Record<string, number>>
}

export interface UnknownSection extends Omit<Section, 'byStatement'> {
  /** What would decide: a call may wait for several. */
  readonly missing: readonly { readonly missing: Missing; readonly calls: number }[]
}

export interface Line {
  readonly value: string
  readonly calls: number
  readonly already: number
  readonly first: string
  readonly last: string
}

/** Calls of one caller for one action, denied by the same statement. */
export interface Group {
  readonly principal: string
  readonly action: string
  readonly calls: number
  readonly already: number
  readonly first: string
  readonly last: string
  readonly statements: readonly StatementName[]
  readonly sample: Sample
}

export interface StatementName {
  readonly policy: string
  readonly index: number
  readonly sid: string | null
}

export interface Sample {
  /** Of the CloudTrail event. */
  readonly eventId: string | null
  readonly resource: string | null
  readonly region: string
  readonly explanation: readonly Bilingual[]
  readonly missing: readonly Missing[]
}

export interface Findings {
  readonly reader: FactsReader
  readonly judges: readonly Judge[]
  readonly values: Values
  readonly totals: Totals
  readonly sorted: Sorted
  readonly samples: SampleRows
  readonly options: ReplayOptions
}

export async function reportOf(found: Findings): Promise<Report> {
  const { totals, options, sorted, values } = found
  const { tree, assumed } = options.world.estate
  const [denied, unknown] = [await sectionOf(found, 'denied', 0), await sectionOf(found, 'unknown', 0)]
  const { byStatement: _, ...rest } = unknown
  return {
    period: options.period,
    events: totals.events,
    skipped: totals.skipped,
    calls: totals.calls,
    allowed: totals.calls - denied.calls - unknown.calls,
    denied,
    unknown: { ...rest, missing: missingOf(found) },
    against:
      options.against === undefined
        ? null
        : {
            newlyDenied: await sectionOf(found, 'newlyDenied', 0),
            newlyAllowed: await sectionOf(found, 'newlyAllowed', 1),
          },
    assumed: sorted.denied.total.size() + totals.calls > 0 ? assumed : [],
    unplacedAccounts:
      tree === null
        ? []
        : values.accounts.filter((one) => /^\d{12}$/.test(one) && tree.pathOf(one) === null).sort(),
    delegatedAdministrators: tree?.delegatedAdministrators ?? [],
  }
}

/** Groups that are shown at least: exemptions are proposed out of them. */
const GROUPS = 200

async function sectionOf(found: Findings, sort: Sort, world: number): Promise<Section> {
  const { sorted, values, options } = found
  const tables = sorted[sort]
  const [total] = tables.total.top(1)
  const top = (table: keyof Tallies) =>
    tables[table].top(table === 'group' ? Math.max(options.groups ?? options.limit, GROUPS) : options.limit)
  const actions = await namesOf(found, 'action', [...keysOf(top('action'), 0), ...keysOf(top('group'), 1)])
  const resources = await namesOf(found, 'resource', keysOf(top('resource'), 0))
  const lines = (table: keyof Tallies, name: (key: number) => string) =>
    top(table).map((one) => lineOf(one, name(one.key[0] as number)))
  const days = tables.day.top(Number.POSITIVE_INFINITY)
  return {
    calls: total?.calls ?? 0,
    already: total?.already ?? 0,
    first: total === undefined ? null : iso(total.first),
    last: total === undefined ? null : iso(total.last),
    byDay: [...days]
      .sort((a, b) => (a.key[0] as number) - (b.key[0] as number))
      .map((one) => lineOf(one, iso((one.key[0] as number) * 86_400).slice(0, 10))),
    byAccount: lines('account', (key) => values.accounts[key] ?? ''),
    byPrincipal: lines('principal', (key) => values.callers.names[key] ?? ''),
    byAction: lines('action', (key) => actions.get(key) ?? ''),
    byResource: lines('resource', (key) => readPart('resource', resources.get(key) ?? 'null').arn ?? ''),
    byStatement: sort === 'unknown' ? [] : lines('statement', (key) => statementText(found, world, key)),
    groups: await groupsOf(found, top('group'), actions, world),
    sizes: Object.fromEntries(
      (['account', 'principal', 'action', 'resource', 'group'] as const).map((table) => [
        table,
        tables[table].size(),
      ]),
    ),
  }
}

const keysOf = (found: readonly Counted[], at: number) => found.map(({ key }) => key[at] as number)
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
const lineOf = ({ calls, already, first, last }: Counted, value: string): Line => ({
  value,
  calls,
  already,
  first: iso(first),
  last: iso(last),
})

function statementName(found: Findings, world: number, number: number): StatementName | null {
  const one = (found.judges[world] as Judge).world.row.statements[number]
  return one === undefined
    ? null
    : { policy: one.policy.name, index: one.statement.index, sid: one.statement.sid }
}

export const IMPLICIT = 'implicit_deny'

function statementText(found: Findings, world: number, number: number): string {
  const name = statementName(found, world, number)
  return name === null ? IMPLICIT : `${name.policy} ${name.sid ?? `#${name.index + 1}`}`
}

/** Texts of values by their numbers, fetched for what is shown. */
async function namesOf(
  { reader, values }: Findings,
  part: Part,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const wanted = [...new Set(numbers)]
  const names = new Map<number, string>()
  if (wanted.length === 0) return names
  await reader.texts(
    `select distinct cast(id as ubigint), value from read_parquet([${reader.parts.map((one) => quoted(`${one}/dims.parquet`)).join(', ')}])
     where dim = ${quoted(part)} and id in (${wanted.map((one) => values.ids[part].text(one)).join(', ')})`,
    (lo, hi, text) => void names.set(values.ids[part].find(lo, hi), text),
  )
  return names
}

async function groupsOf(
  found: Findings,
  groups: readonly Counted[],
  actions: ReadonlyMap<number, string>,
  world: number,
): Promise<readonly Group[]> {
  const rows = groups.map(({ row }) => found.samples[row] as readonly number[])
  const texts = new Map<Part, ReadonlyMap<number, string>>()
  for (const [index, part] of PARTS.entries())
    texts.set(
      part,
      await namesOf(
        found,
        part,
        rows.map((row) => row[PARTS_AT + index] as number),
      ),
    )
  const events = await eventsOf(found, rows)
  return groups.map(({ key, calls, already, first, last }, index): Group => {
    const row = rows[index] as readonly number[]
    const parts = partsOf(row, texts)
    const outcome = (found.judges[world] as Judge).outcomes[row[OUTCOME_AT + world] as number] as Outcome
    return {
      principal: found.values.callers.names[key[0] as number] ?? '',
      action: actions.get(key[1] as number) ?? '',
      calls,
      already,
      first: iso(first),
      last: iso(last),
      statements: outcome.deciding.flatMap((one) => statementName(found, world, one) ?? []),
      sample: {
        eventId: events.get(eventKey(shapeOf(row), row[AT.day] as number)) ?? null,
        resource: parts.resource.arn,
        region: parts.region,
        ...explained(found.judges[world] as Judge, parts, outcome),
      },
    }
  })
}

function partsOf(row: readonly number[], texts: ReadonlyMap<Part, ReadonlyMap<number, string>>): Parts {
  const part = <P extends Part>(name: P): Parts[P] => {
    const text = texts.get(name)?.get(row[PARTS_AT + PARTS.indexOf(name)] as number)
    return text === undefined ? BLANK[name] : readPart(name, text)
  }
  return {
    context: part('context'),
    principal: part('principal'),
    network: part('network'),
    resource: part('resource'),
    region: part('region'),
    action: part('action'),
  }
}

/** The whole engine, asked what the masks answered. */
function explained(judge: Judge, parts: Parts, { seen }: Outcome): Pick<Sample, 'explanation' | 'missing'> {
  const { estate, row, iam } = judge.world
  const { request, set } = askOf(parts, seen, estate, row.keys, iam)
  const decision = evaluate(request, set)
  return { explanation: sentencesOf(decision), missing: decision.missing }
}

const shapeOf = (row: readonly number[]) =>
  ((BigInt(row[AT.shapeHi] as number) << 32n) | BigInt(row[AT.shapeLo] as number)).toString()
const eventKey = (shape: string, day: number) => `${shape} ${day}`

async function eventsOf(
  { reader }: Findings,
  rows: readonly (readonly number[])[],
): Promise<ReadonlyMap<string, string>> {
  if (rows.length === 0) return new Map()
  const found = await reader.rows(
    `select cast(shape as varchar) as shape, cast(day - date '1970-01-01' as integer) as day, min(sample) as sample
     from read_parquet([${reader.parts.map((one) => quoted(`${one}/facts.parquet`)).join(', ')}])
     where shape in (${[...new Set(rows.map(shapeOf))].join(', ')}) group by all`,
  )
  return new Map(found.map((one) => [eventKey(String(one.shape), Number(one.day)), String(one.sample)]))
}

function missingOf({ sorted, judges }: Findings): UnknownSection['missing'] {
  const { missing } = judges[0] as Judge
  return sorted.unknown.statement
    .top(Number.POSITIVE_INFINITY)
    .map(({ key, calls }) => ({ missing: missing[key[0] as number] as Missing, calls }))
}
