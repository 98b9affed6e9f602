import { callReader } from '../../policy/trail/call.ts'
import type { Naming } from '../../policy/trail/names.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'
import { allActionNames, type LoadedTables } from '../trail/tables.ts'

/** One check that an event of CloudTrail stands for, as a row of the table `rankan_events`. */
export interface EventRow {
  /** `ec2`: the event source without `.amazonaws.com`. */
  readonly source: string
  /** Name of the event without the version at its end. */
  readonly name: string
  readonly check: number
  /** `perhaps`: the record's parameters decide whether AWS makes the check; SQL does not read them. */
  readonly kind: 'direct' | 'perhaps'
  readonly action: string
  /** Whether the action has no resources: it is asked on `*`. */
  readonly whole: boolean
}

/** Columns in the order of the CSV; types are those of Athena's DDL. */
export const EVENT_COLUMNS = [
  ['source', 'string'],
  ['name', 'string'],
  ['check_no', 'int'],
  ['kind', 'string'],
  ['action', 'string'],
  ['whole', 'int'],
] as const

/** What every event of AWS's catalogue and of the tables stands for. An event that is not listed is not judged by SQL. */
export function eventRows({ tables, iam }: LoadedTables): readonly EventRow[] {
  const { planOf } = callReader(tables, iam)
  const rows: EventRow[] = []
  for (const [source, names] of [...candidates(tables)].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const name of [...names].sort()) {
      const { naming } = planOf(`${source}.amazonaws.com`, name)
      if (naming.kind === 'skipped') continue
      checksOf(tables, naming).forEach((check, index) => {
        const [prefix = '', action = ''] = check.action.split(':')
        const whole = naming.kind === 'actions' && iam.action(prefix, action)?.types.length === 0
        rows.push({ source, name, check: index, ...check, whole })
      })
    }
  return rows
}

export const eventsCsv = (rows: readonly EventRow[]): string =>
  rows
    .map(
      ({ source, name, check, kind, action, whole }) =>
        `${source},${name},${check},${kind},${action},${whole ? 1 : 0}\n`,
    )
    .join('')

/** Event names by source: AWS's actions under their own service and those that log for it, and what the tables name. */
function candidates({ actions }: TrailTables): ReadonlyMap<string, ReadonlySet<string>> {
  const sourcesOf = new Map<string, Set<string>>()
  const log = (prefix: string, source: string) => {
    const known = sourcesOf.get(prefix)
    if (known === undefined) sourcesOf.set(prefix, new Set([source]))
    else known.add(source)
  }
  const all = allActionNames().map((action) => action.split(':') as [string, string])
  for (const [prefix] of all) log(prefix, prefix)
  for (const { eventSource, prefix } of actions.prefixes) log(prefix, eventSource)
  for (const { prefix, then } of actions.alsoTry)
    for (const other of then) for (const source of sourcesOf.get(prefix) ?? [prefix]) log(other, source)
  const named = [
    ...all,
    ...actions.renames.flatMap(({ prefix, events }) =>
      Object.keys(events).map((event) => [prefix, event] as const),
    ),
    ...actions.split.map(({ prefix, event }) => [prefix, event] as const),
  ]
  const found = new Map<string, Set<string>>()
  for (const [prefix, name] of named)
    for (const source of sourcesOf.get(prefix) ?? [prefix]) {
      const names = found.get(source)
      if (names === undefined) found.set(source, new Set([name]))
      else names.add(name)
    }
  return found
}

type Check = Pick<EventRow, 'kind' | 'action'>

function checksOf(tables: TrailTables, naming: Exclude<Naming, { kind: 'skipped' }>): readonly Check[] {
  const { prefix, operation } = naming
  const perhaps = (action: string): Check => ({ kind: 'perhaps', action })
  const own =
    naming.kind === 'split'
      ? naming.rule.checks.map(({ action }): Check => ({ kind: 'direct', action }))
      : naming.actions.map(({ action }): Check => ({ kind: 'direct', action }))
  const version = prefix === 's3' ? lookup(tables.actions.versionedObject.events, operation) : undefined
  const implied = [...impliedActions(tables, prefix, operation)].map(perhaps)
  if (version === undefined) return [...own, ...implied]
  return [...own.map(({ action }) => perhaps(action)), perhaps(`s3:${version}`), ...implied]
}

function impliedActions({ implied }: TrailTables, prefix: string, event: string): ReadonlySet<string> {
  const applies = ({ events }: { readonly events: readonly string[] }) =>
    events.some((name) => (name.endsWith('*') ? event.startsWith(name.slice(0, -1)) : name === event))
  return new Set([
    ...((lookup(implied.passRole, prefix) ?? []).some(applies) ? ['iam:PassRole'] : []),
    ...(lookup(implied.tagsOnCreate, prefix) ?? []).filter(applies).map(({ action }) => action),
    ...(prefix === 'sts' ? implied.session.map(({ action }) => action) : []),
  ])
}

const lookup = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
