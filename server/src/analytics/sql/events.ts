import { callReader } from '../../policy/trail/call.ts'
import type { Naming } from '../../policy/trail/names.ts'
import type { ChosenRule, TrailTables } from '../../policy/trail/tables.ts'
import { allActionNames, type LoadedTables } from '../trail/tables.ts'
import { type PathPlan, pathPlan, roleRow, splitRow, type TypeRow, typeRows } from './plans.ts'

/** One check that an event of CloudTrail stands for, as a row of the table `rankan_events`. */
export interface EventRow {
  /** `ec2`: the event source without `.amazonaws.com`. */
  readonly source: string
  /** Name of the event without the version at its end. */
  readonly name: string
  /** Checks of which only one is made have the same number. */
  readonly check_no: number
  /** `implied`: AWS makes it with the call, and the keys of the call's own parameters are not its keys. */
  readonly kind: 'direct' | 'implied'
  readonly action: string
  /** Whether the action has no resources: it is asked on `*`. */
  readonly whole: 0 | 1
  /**
   * On what it hangs whether the check is made: a version, a value or text at `given`, a member of that name or none, the
   * values there that choose it, or tags.
   */
  readonly asked:
    | 'always'
    | 'version'
    | 'no_version'
    | 'value'
    | 'text'
    | 'member'
    | 'no_member'
    | 'choice'
    | 'tags'
  readonly given: readonly PathPlan[]
  /** `choice`: values that choose this action, and those of the event's actions before and behind it. Others choose none. */
  readonly choices: Choices
  /** `iam:PassRole`: the service that the role is passed to, or empty. */
  readonly passed_to: string
  /** Each type of resources is a check of its own. */
  readonly several: 0 | 1
  readonly types: readonly TypeRow[]
}

interface Choices {
  readonly own: readonly string[]
  readonly before: readonly string[]
  readonly behind: readonly string[]
}

const PATH = 'struct<kind:string,a:string,b:string,c:string,filter:string>'
const TEMPLATE = `struct<literals:array<string>,heads:array<array<${PATH}>>,tail:array<${PATH}>,short:int>`

/** Members of a line of the file; types are those of Athena's DDL. */
export const EVENT_COLUMNS = [
  ['source', 'string'],
  ['name', 'string'],
  ['check_no', 'int'],
  ['kind', 'string'],
  ['action', 'string'],
  ['whole', 'int'],
  ['asked', 'string'],
  ['given', `array<${PATH}>`],
  ['choices', 'struct<own:array<string>,before:array<string>,behind:array<string>>'],
  ['passed_to', 'string'],
  ['several', 'int'],
  [
    'types',
    `array<struct<name:string,fits:string,always:int,made:string,bucket:int,templates:array<${TEMPLATE}>>>`,
  ],
] as const

/** What every event of AWS's catalogue and of the tables stands for. An event that is not listed is not judged by SQL. */
export function eventRows(loaded: LoadedTables): readonly EventRow[] {
  const { tables, iam } = loaded
  const { planOf } = callReader(tables, iam)
  const rows: EventRow[] = []
  for (const [source, names] of [...candidates(tables)].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const name of [...names].sort()) {
      const { naming } = planOf(`${source}.amazonaws.com`, name)
      if (naming.kind === 'skipped') continue
      let number = -1
      for (const check of checksOf(loaded, naming)) {
        if (!isOther(check)) number++
        rows.push({ source, name, check_no: number, ...check })
      }
    }
  return rows
}

/** Made in the place of the check before it. */
const isOther = ({ asked }: Check) => asked === 'version' || asked === 'member'

/** One JSON object on each line. */
export const eventLines = (rows: readonly EventRow[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('')

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
    ...[...actions.split, ...actions.chosen].map(({ prefix, event }) => [prefix, event] as const),
    ...Object.keys(actions.paths.events).map((event) => [actions.paths.prefix, event] as const),
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

type Check = Omit<EventRow, 'source' | 'name' | 'check_no'>
type Named = Exclude<Naming, { readonly kind: 'skipped' }>
type Plain = Extract<Naming, { readonly kind: 'actions' }>

const NO_CHOICES: Choices = { own: [], before: [], behind: [] }
const NOTHING = {
  asked: 'always',
  given: [],
  choices: NO_CHOICES,
  passed_to: '',
  whole: 0,
  several: 0,
  types: [],
} as const

function checksOf(loaded: LoadedTables, naming: Named): readonly Check[] {
  const { tables } = loaded
  return [
    ...directChecks(loaded, naming),
    ...impliedChecks(tables, naming),
    ...(naming.kind === 'actions' ? sessionChecks(loaded, naming) : []),
  ]
}

function directChecks(loaded: LoadedTables, naming: Named): readonly Check[] {
  if (naming.kind === 'split')
    return naming.rule.checks.map(({ action, arns }) => ofAction(loaded, action, arns))
  if (naming.kind === 'chosen') return chosenChecks(loaded, naming.rule)
  const own = naming.actions.map(({ action }) => ofAction(loaded, action))
  const other = otherCheck(loaded, naming)
  if (other === null) return own
  const without = other.asked === 'version' ? 'no_version' : 'no_member'
  return [...own.map((check): Check => ({ ...check, asked: without, given: other.given })), other]
}

/** What is asked instead when the request names a version, or has the parameter of another service. */
function otherCheck(loaded: LoadedTables, { prefix, operation, actions, elsewhere }: Plain): Check | null {
  const { versionedObject } = loaded.tables.actions
  const version = prefix === 's3' ? lookup(versionedObject.events, operation) : undefined
  if (version !== undefined) return { ...ofAction(loaded, `s3:${version}`), asked: 'version' }
  if (elsewhere === null || actions.every(({ action }) => action === elsewhere.action.action)) return null
  const { action, parameter } = elsewhere
  return { ...ofAction(loaded, action.action), asked: 'member', given: [pathPlan(parameter)] }
}

/** One for each action that values of the parameters may choose. */
function chosenChecks(loaded: LoadedTables, { prefix, from, actions }: ChosenRule): readonly Check[] {
  const names = [...new Set(Object.values(actions))]
  const valuesOf = (some: readonly string[]) =>
    Object.keys(actions).filter((value) => some.includes(actions[value] ?? ''))
  return names.map((name, at) => ({
    ...ofAction(loaded, `${prefix}:${name}`),
    asked: 'choice',
    given: from.map(pathPlan),
    choices: {
      own: valuesOf([name]),
      before: valuesOf(names.slice(0, at)),
      behind: valuesOf(names.slice(at + 1)),
    },
  }))
}

function sessionChecks(loaded: LoadedTables, { prefix, actions }: Plain): readonly Check[] {
  const session = prefix === 'sts' ? loaded.tables.implied.session : []
  return session.map(({ parameter, action }) => ({
    ...ofAction(loaded, actions[0]?.action ?? action),
    action,
    kind: 'implied',
    asked: 'text',
    given: [pathPlan(parameter)],
  }))
}

/** A direct check; `arns` are the templates of its one resource when the action's own do not count. */
function ofAction({ tables, iam }: LoadedTables, name: string, arns?: readonly string[]): Check {
  const [prefix = '', action = ''] = name.split(':')
  const facts = iam.action(prefix, action)
  const made = { ...NOTHING, kind: 'direct', action: name } as const
  if (facts === undefined) return made
  if (arns !== undefined) return { ...made, types: [splitRow(arns, facts.types[0]?.name ?? '')] }
  return {
    ...made,
    whole: facts.types.length === 0 ? 1 : 0,
    several: tables.resources.severalTypes.includes(prefix) ? 1 : 0,
    types: typeRows(tables.resources, iam, facts),
  }
}

/** `iam:PassRole` where a role is named; tags on creation, which SQL only sees to be there or not. */
function impliedChecks({ implied }: TrailTables, { prefix, operation }: Named): readonly Check[] {
  const applies = ({ events }: { readonly events: readonly string[] }) =>
    events.some((name) => (name.endsWith('*') ? operation.startsWith(name.slice(0, -1)) : name === operation))
  const made = { ...NOTHING, kind: 'implied' } as const
  return [
    ...(lookup(implied.passRole, prefix) ?? []).filter(applies).map(
      ({ from, service, profile }): Check => ({
        ...made,
        action: 'iam:PassRole',
        asked: 'value',
        given: from.map(pathPlan),
        passed_to: service ?? '',
        types: profile ? [] : [roleRow(from)],
      }),
    ),
    ...(lookup(implied.tagsOnCreate, prefix) ?? [])
      .filter(applies)
      .map(({ action }): Check => ({ ...made, action, asked: 'tags' })),
  ]
}

const lookup = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
