import type { Bilingual } from '../../kernel/text.ts'
import { evaluateBriefly } from '../../policy/compile/evaluate.ts'
import type { Missing } from '../../policy/decision.ts'
import { sentencesOf } from '../../policy/explain/sentences.ts'
import { eventIdOf } from '../trail/index-rows.ts'
import { type PartIndex, textAt } from '../trail/index-sections.ts'
import { askOf, type Parts, readPart } from './check.ts'
import type { Outcome } from './decide.ts'
import type { Assumption } from './estate.ts'
import type { ExemptCalls } from './exempt.ts'
import type { FactsReader } from './read.ts'
import { type Judge, missingIn } from './scan.ts'
import type { ReplayOptions, Samples, Sort, Sorted, Tallies, Totals } from './sorts.ts'
import type { Counted } from './tally.ts'
import { partsAt, type Values } from './values.ts'

/** The answer of a replay; documented in docs/guide/replay.md. */
export interface Report {
  readonly period: { readonly since: string | null; readonly until: string | null }
  readonly events: number
  /** Events that stand for no call, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  readonly calls: number
  readonly allowed: number
  /** Calls of callers whom no SCP binds, by the reason. An RCP may deny them all the same. */
  readonly exempt: Readonly<Record<string, number>>
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
  readonly samples: Samples
  readonly exempt: ExemptCalls
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
    exempt: Object.fromEntries([...found.exempt].filter(([, calls]) => calls > 0).sort()),
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
        : values.accounts.list.filter((one) => /^\d{12}$/.test(one) && tree.pathOf(one) === null).sort(),
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
  const resources = await arnsOf(
    found,
    top('resource').map(({ key }) => key[0] as number),
  )
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
    byAccount: lines('account', (key) => values.accounts.list[key] ?? ''),
    byPrincipal: lines('principal', (key) => values.callers.list[key] ?? ''),
    byAction: lines('action', (key) => values.actions.list[key] ?? ''),
    byResource: lines('resource', (key) => resources.get(key) ?? ''),
    byStatement: sort === 'unknown' ? [] : lines('statement', (key) => statementText(found, world, key)),
    groups: await groupsOf(found, top('group'), world),
    sizes: Object.fromEntries(
      (['account', 'principal', 'action', 'resource', 'group'] as const).map((table) => [
        table,
        tables[table].size(),
      ]),
    ),
  }
}

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

/** What is read of the parts for what is shown, one part after the other. */
async function readAll<T>(
  { reader }: Findings,
  places: readonly { readonly part: number }[],
  read: (index: PartIndex, wanted: readonly number[]) => readonly T[],
): Promise<readonly T[]> {
  const found: T[] = []
  const byPart = new Map<number, number[]>()
  for (const [at, { part }] of places.entries()) byPart.set(part, [...(byPart.get(part) ?? []), at])
  for (const [part, wanted] of byPart) {
    const texts = await reader.read(reader.parts[part] as string, (index) => read(index, wanted))
    wanted.forEach((at, i) => {
      found[at] = texts[i] as T
    })
  }
  return found
}

/** `arn:aws:ec2:…:subnet/…` where the record does not tell the id. */
const shownArn = ({ arn, assumed }: Parts['resource']) => (assumed === 'beginning' ? `${arn}…` : arn)

/** ARNs of resources by their numbers. */
async function arnsOf(found: Findings, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const places = found.values.resources.places()
  const wanted = numbers.map((number) => ({
    part: places[2 * number] as number,
    code: places[2 * number + 1] as number,
  }))
  const arns = await readAll(found, wanted, (index, which) =>
    which.map(
      (at) => shownArn(readPart('resource', textAt(index, 'resource', wanted[at]?.code as number))) ?? '',
    ),
  )
  return new Map(numbers.map((number, at) => [number, arns[at] as string]))
}

async function groupsOf(
  found: Findings,
  groups: readonly Counted[],
  world: number,
): Promise<readonly Group[]> {
  const { values, judges } = found
  const rows = groups.map(({ row }) => found.samples.at(row))
  const samples = await readAll(found, rows, (index, wanted) => {
    const parts = partsAt(
      index,
      wanted.map((at) => rows[at]?.codes ?? []),
    )
    return wanted.map((at, i) => ({
      parts: parts[i] as Parts,
      eventId: eventIdOf(index, rows[at]?.row as number),
    }))
  })
  return groups.map(({ key, calls, already, first, last }, at): Group => {
    const { parts, eventId } = samples[at] as (typeof samples)[number]
    const judge = judges[world] as Judge
    const outcome = judge.outcomes[rows[at]?.outcomes[world] as number] as Outcome
    return {
      principal: values.callers.list[key[0] as number] ?? '',
      action: values.actions.list[key[1] as number] ?? '',
      calls,
      already,
      first: iso(first),
      last: iso(last),
      statements: outcome.deciding.flatMap((one) => statementName(found, world, one) ?? []),
      sample: {
        eventId,
        resource: shownArn(parts.resource),
        region: parts.region,
        ...explained(judge, parts, outcome),
      },
    }
  })
}

/** The whole engine, asked what the masks answered. */
function explained(judge: Judge, parts: Parts, { seen }: Outcome): Pick<Sample, 'explanation' | 'missing'> {
  const { estate, row, iam } = judge.world
  const { request, set } = askOf(parts, seen, estate, row.keysFor(parts.action), iam)
  const decision = evaluateBriefly(request, set)
  return { explanation: sentencesOf(decision), missing: missingIn(decision, set) }
}

function missingOf({ sorted, judges }: Findings): UnknownSection['missing'] {
  const { missing } = judges[0] as Judge
  return sorted.unknown.statement
    .top(Number.POSITIVE_INFINITY)
    .map(({ key, calls }) => ({ missing: missing[key[0] as number] as Missing, calls }))
}
