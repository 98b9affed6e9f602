import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Json } from '../../kernel/json.ts'
import { entryOf, trailReader } from '../../policy/trail/requests.ts'
import { placeholders } from '../../policy/trail/template.ts'
import { estateOf } from '../replay/estate.ts'
import { withDuckDb } from '../trail/facts.ts'
import { allActionNames, loadTables } from '../trail/tables.ts'
import { DUCKDB } from './dialect.ts'
import { EVENT_COLUMNS, eventLines, eventRows } from './events.ts'
import { keyColumns } from './keys.ts'
import { FILTER_NAMES } from './parameters.ts'
import { allPaths, pathPlan } from './plans.ts'
import { rawSources, rawSteps } from './raw.ts'
import { MOST_HEADS } from './resources.ts'
import { columnsOf, duckColumns, rowOf } from './testing.ts'

const loaded = loadTables()
const { read } = trailReader(loaded.tables, loaded.iam)
const rows = eventRows(loaded)

/** Every path that the tables know of, with what a value there may look like. */
const VALUES: readonly Json[] = [
  'plain-1',
  'i-0123456789abcdef0',
  'a/b/c',
  '/lead/slash',
  'alias/main',
  'name:7',
  '111122223333:function:worker:live',
  'arn:aws:iam::111122223333:role/app/Worker',
  'arn:aws:kms:ap-northeast-1:444455556666:key/1111-2222',
  'arn:aws:lambda:ap-northeast-1:111122223333:function:worker:live',
  'arn:aws:dynamodb:ap-northeast-1:111122223333:table/T/index/I',
  'arn:aws:s3:::bucket/key with space',
  'https://sqs.ap-northeast-1.amazonaws.com/111122223333/queue',
  '/bucket/path%20key?versionId=3',
  '/bucket/key?versionId=3',
  '/hostedzone/Z1',
  'https://issuer.example/path',
  'HIDDEN_DUE_TO_SECURITY_REASONS',
  '',
  '日本語',
  7,
  1.5,
  1e21,
  true,
  null,
  {},
  [],
]

/** Puts a value where a path leads. */
function put(into: { [key: string]: Json }, where: string, value: Json): void {
  const [steps = ''] = where.split('|')
  let at: { [key: string]: Json } = into
  const names = steps.split('.')
  names.forEach((step, index) => {
    const name = step.replace(/\[\]$|\{\}$/, '')
    const last = index === names.length - 1
    if (step.endsWith('{}')) at[name] = { [String(value)]: {} }
    else if (step.endsWith('[]')) {
      const inner: { [key: string]: Json } = {}
      at[name] = last ? [value, 'plain-2'] : [inner, {}]
      at = inner
    } else if (last) at[name] = value
    else {
      const inner: { [key: string]: Json } = {}
      at[name] = inner
      at = inner
    }
  })
}

const pathsOf = (action: string): readonly string[] => {
  const [prefix = '', name = ''] = action.split(':')
  const own = loaded.tables.resources.placeholders[prefix] ?? {}
  const types = loaded.iam.action(prefix, name)?.types ?? []
  return [
    ...types.flatMap((type) =>
      loaded.iam
        .arns(prefix, type.name)
        .flatMap((arn) => placeholders(arn))
        .flatMap((hole) => own[hole] ?? [hole.charAt(0).toLowerCase() + hole.slice(1)]),
    ),
    ...(loaded.tables.keys.services[prefix] ?? []).flatMap(({ from }) => from),
    ...(loaded.tables.implied.passRole[prefix] ?? []).flatMap(({ from }) => from),
    'path',
    'tags',
    'versionId',
  ]
}

const RESOURCES: readonly Json[] = [
  null,
  [
    { ARN: 'arn:aws:s3:::bucket/key', type: 'AWS::S3::Object' },
    { ARN: 'arn:aws:s3:::bucket', accountId: '444455556666' },
  ],
  [{ ARN: 'arn:aws:kms:ap-northeast-1:444455556666:key/1111-2222', accountId: '444455556666' }],
]

const direct = rows.filter(({ kind, check_no }) => kind === 'direct' && check_no === 0)
/** On parameters hangs which check of these is made. */
const hanging = direct.filter(({ asked }) => asked !== 'always')
/** Services whose parameters the tables describe come more often than the hundreds of others. */
const described = direct.filter(({ action }) =>
  Object.hasOwn(loaded.tables.resources.placeholders, action.split(':')[0] ?? ''),
)

const event = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...described) },
      { weight: 4, arbitrary: fc.constantFrom(...direct) },
      { weight: 1, arbitrary: fc.constantFrom(...hanging) },
    ),
    fc.nat(),
    fc.infiniteStream(fc.nat()),
  )
  .map(([row, n, stream]): Record<string, Json> => {
    const next = () => stream.next().value as number
    const parameters: { [key: string]: Json } = {}
    for (const where of pathsOf(row.action))
      if (next() % 3 > 0) put(parameters, where, VALUES[next() % VALUES.length] ?? null)
    const chosen = loaded.tables.actions.chosen.find(({ event }) => event === row.name)
    const values = [...Object.keys(chosen?.actions ?? {}), 'delete from "T"', 'DROP', 7]
    for (const where of chosen?.from ?? []) put(parameters, where, values[next() % values.length] ?? null)
    if (row.asked === 'no_member' && next() % 3 > 0)
      parameters.serviceNamespace = next() % 3 > 0 ? 'ecs' : null
    const blank = n % 40
    return {
      eventSource: `${row.source}.amazonaws.com`,
      eventName: row.name,
      eventType: 'AwsApiCall',
      eventTime: '2026-10-01T01:02:03Z',
      awsRegion: n % 17 === 0 ? 'cn-north-1' : n % 19 === 0 ? '' : 'ap-northeast-1',
      recipientAccountId: n % 23 === 0 ? '' : '111122223333',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/u', accountId: '111122223333' },
      requestParameters:
        blank === 0
          ? null
          : blank === 1
            ? { omitted: true, originalSize: 5 }
            : blank === 2
              ? { [`${row.name}Request`]: parameters }
              : parameters,
      resources: RESOURCES[(n % 7) - 4] ?? null,
    }
  })

let dir: string
const at = (name: string) => path.join(dir, name)
let events: readonly Record<string, Json>[] = []
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sql-resources-'))
  events = fc.sample(event, { seed: 11, numRuns: 1_200 }).map((one, n) => ({ ...one, eventID: `e-${n}` }))
  await writeFile(at('records.jsonl'), events.map((one) => `${JSON.stringify(rowOf(one))}\n`).join(''))
  await writeFile(at('events.json'), eventLines(rows))
}, 60_000)
afterAll(() => rm(dir, { recursive: true }))

interface Row {
  readonly shape: string
  readonly kind: string
  readonly action: string
  readonly arn: string | null
  readonly owner: string | null
}

type Ask = <T>(sql: string) => Promise<readonly T[]>

/** Asks the rows of `parts`, which are made once. */
async function withParts(ask: (run: Ask) => Promise<void>): Promise<void> {
  const steps = rawSteps({
    dialect: DUCKDB,
    tables: loaded.tables,
    trail: `(select *, substr(eventtime, 1, 10) as day from read_json('${at('records.jsonl')}', format = 'newline_delimited', columns = {${await columnsOf('trail.sql')}}))`,
    events: `(select * from read_json('${at('events.json')}', format = 'newline_delimited', columns = {${duckColumns(EVENT_COLUMNS)}}))`,
    resources: true,
  })
  const head = steps.map(([name, sql]) => DUCKDB.step(name, sql)).join(',\n')
  await withDuckDb(at('spill'), async (run) => {
    await run(
      `create temp table parts as with ${head} select * exclude (types, entries, resources) from parts`,
    )
    await ask(async <T>(sql: string) => (await run(sql)) as unknown as readonly T[])
  })
}

function grouped<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const known = groups.get(keyOf(one))
    if (known === undefined) groups.set(keyOf(one), [one])
    else known.push(one)
  }
  return groups
}

it('finds the resources, owners and implied checks that the reader of trails finds, or tells that it does not know', {
  timeout: 240_000,
}, async () => {
  let rowsFound: readonly Row[] = []
  await withParts(async (run) => {
    rowsFound = await run('select shape, kind, action, arn, owner from parts')
  })
  const byShape = grouped(rowsFound, ({ shape }) => shape)
  const seen = { equal: 0, open: 0, differs: 0 }
  for (const [n, record] of events.entries()) {
    const outcome = read(record)
    const told = byShape.get(`e-${n}`) ?? []
    if (outcome.kind === 'skipped') {
      // Within a member of their own parameters choose what SQL does not see.
      expect(told.filter(({ kind }) => kind !== 'perhaps')).toEqual([])
      continue
    }
    expect(told).not.toEqual([])
    const wanted = grouped(
      outcome.requests.map(({ check }) => check),
      ({ action }) => action,
    )
    const sure = grouped(told, ({ action }) => action)
    for (const action of new Set([...wanted.keys(), ...sure.keys()])) {
      const checks = (wanted.get(action) ?? []).map(({ resource, account }) => `${resource} ${account}`)
      const ours = sure.get(action) ?? []
      const isOpen = ours.some(({ kind, arn }) => kind === 'perhaps' || arn === null)
      const names = ours.map(({ arn, owner }) => `${arn} ${owner}`)
      const isEqual =
        JSON.stringify([...new Set(checks)].sort()) === JSON.stringify([...new Set(names)].sort())
      if (isEqual) seen.equal++
      else if (isOpen) seen.open++
      else expect({ record, action, sql: names }).toEqual({ record, action, sql: checks })
    }
  }
  // To say nothing would always be right.
  expect(seen.equal / (seen.equal + seen.open)).toBeGreaterThan(0.85)
})

/** A few keys at a time: DuckDB has little memory in tests. */
const AT_ONCE = 5
const SERVICES = Object.entries(loaded.tables.keys.services).flatMap(([service, rules]) => {
  const keys = [
    ...rules.map(({ key }) => key.toLowerCase()),
    ...(service === 'ec2' || service === 'lambda' ? ['aws:requesttag/team', 'aws:tagkeys'] : []),
    ...(service === 'iam' ? ['iam:passedtoservice'] : []),
  ]
  return Array.from({ length: Math.ceil(keys.length / AT_ONCE) }, (_, n) => ({
    service,
    keys: keys.slice(n * AT_ONCE, (n + 1) * AT_ONCE),
  }))
})

interface Told {
  readonly shape: string
  readonly action: string
  readonly arn: string | null
  /** For each key its state and its values, as JSON. */
  readonly keys: string
}

/** `known ["a"]`, `absent` or `unknown`. */
const written = (state: string, values: readonly string[]) =>
  state === 'known' ? `known ${JSON.stringify([...new Set(values)].sort())}` : state

function keysSql(service: string, keys: readonly string[]): string {
  const estate = estateOf([], null)
  const actions = allActionNames().filter((action) => action.startsWith(`${service}:`))
  const asked = { dialect: DUCKDB, tables: loaded.tables, iam: loaded.iam, actions }
  const columns = keys.map((key) => {
    const { state, values } = keyColumns(key, { ...asked, estate, told: (one) => rawSources(one, asked) })
    return `[cast(${state} as varchar), cast(to_json(${values}) as varchar)]`
  })
  return `select shape, action, arn, cast(to_json([${columns.join(', ')}]) as varchar) as keys from parts where action like '${service}:%'`
}

it('tells every key that parameters hold as the reader of trails does, or not', {
  timeout: 240_000,
}, async () => {
  const seen = { equal: 0, open: 0 }
  await withParts(async (run) => {
    for (const { service, keys } of SERVICES)
      for (const { shape, action, arn, keys: json } of await run<Told>(keysSql(service, keys))) {
        const record = events[Number(shape.slice(2))] ?? null
        const outcome = read(record)
        const requests = outcome.kind === 'skipped' ? [] : outcome.requests
        const [request, ...others] = requests.filter(
          ({ check }) => check.action === action && check.resource === arn,
        )
        // The same action on the same resource twice: which of the two a row is cannot be told.
        if (request === undefined || others.length > 0) continue
        const told = JSON.parse(json) as readonly (readonly [string, string | null])[]
        for (const [index, key] of keys.entries()) {
          const wanted = entryOf(request, key, loaded.iam)
          const [state = '0', values] = told[index] ?? []
          const sql = written(STATES[Number(state)] ?? '', JSON.parse(values ?? '[]') as string[])
          const text = written(wanted.state, wanted.state === 'known' ? wanted.values : [])
          if (text === sql) seen.equal++
          else if (sql === 'unknown') seen.open++
          else expect({ record, action, arn, key, sql }).toEqual({ record, action, arn, key, sql: text })
        }
      }
  })
  expect(seen.equal / (seen.equal + seen.open)).toBeGreaterThan(0.95)
})
const STATES = ['unknown', 'absent', 'known']

it('understands every path and filter of the tables, and no ARN has more placeholders than are filled', () => {
  for (const one of allPaths(loaded.tables)) expect(FILTER_NAMES).toContain(pathPlan(one).filter)
  for (const { types } of rows)
    for (const { templates } of types)
      for (const { heads } of templates) expect(heads.length).toBeLessThanOrEqual(MOST_HEADS)
  expect(allActionNames().length).toBeGreaterThan(15_000)
})
