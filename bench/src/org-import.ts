import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { serverFile } from './server.ts'

const load = <T>(file: string): Promise<T> => import(serverFile(`dist/${file}`).href) as Promise<T>

async function loadRegister() {
  const [postgres, migrate, database, transact, roles, imports, files, profiles, search, clock, ids, random] =
    await Promise.all([
      load<typeof import('../../server/src/main/postgres.ts')>('main/postgres.js'),
      load<typeof import('../../server/src/storage/migrate.ts')>('storage/migrate.js'),
      load<typeof import('../../server/src/storage/database.ts')>('storage/database.js'),
      load<typeof import('../../server/src/storage/transact.ts')>('storage/transact.js'),
      load<typeof import('../../server/src/domain/people/roles.ts')>('domain/people/roles.js'),
      load<typeof import('../../server/src/storage/organisations/imports.ts')>(
        'storage/organisations/imports.js',
      ),
      load<typeof import('../../server/src/storage/organisations/read-file.ts')>(
        'storage/organisations/read-file.js',
      ),
      load<typeof import('../../server/src/domain/organisations/import/profile.ts')>(
        'domain/organisations/import/profile.js',
      ),
      load<typeof import('../../server/src/storage/organisations/search.ts')>(
        'storage/organisations/search.js',
      ),
      load<typeof import('../../server/src/kernel/clock.ts')>('kernel/clock.js'),
      load<typeof import('../../server/src/kernel/ids.ts')>('kernel/ids.js'),
      load<typeof import('../../server/src/kernel/random.ts')>('kernel/random.js'),
    ])
  return {
    ...postgres,
    ...migrate,
    ...database,
    ...transact,
    ...roles,
    ...imports,
    ...files,
    ...profiles,
    ...search,
    ...clock,
    ...ids,
    ...random,
  }
}
type RegisterModules = Awaited<ReturnType<typeof loadRegister>>

/** Japan has 1,741 municipalities and 175 wards (2026). */
const ROWS = 1916
const SYLLABLES = [
  ...'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ',
]

/** A list of the real one's size and form, with other names; `round` renames every hundredth. */
function madeList(round: number): Uint8Array {
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const prefecture = 1 + (i % 47)
    const kana = [i, i * 7 + 3, i * 13 + 5].map((n) => SYLLABLES[n % SYLLABLES.length]).join('')
    const renamed = i % 100 === 0 && round > 0 ? '新' : ''
    const cid = `${prefecture}${String(201 + Math.floor(i / 47)).padStart(3, '0')}`
    return `${prefecture},x,${cid},${renamed}${kana}${i}市,${kana}し`
  })
  return new TextEncoder().encode(`pid,pref,cid,city,citykana\n${lines.join('\n')}\n`)
}

/** The real lists where they are, else lists made up. */
async function lists(
  folder: string,
): Promise<readonly (readonly [name: string, day: string, bytes: Uint8Array])[]> {
  const real = [
    ['2017-localgovjp-sjis.csv', '2017-04-01'],
    ['2019-localgovjp-utf8.csv', '2019-07-01'],
    ['20211101-localgovjp-utf8.csv', '2021-11-01'],
    ['2026-localgovjp-utf8.csv', '2026-04-01'],
  ] as const
  if (existsSync(folder))
    return Promise.all(
      real.map(async ([name, day]) => [name, day, await readFile(path.join(folder, name))] as const),
    )
  return [0, 1, 2].map((round) => [`made-${round}.csv`, `202${round}-04-01`, madeList(round)] as const)
}

/** `org-import [--lists FOLDER]`: imports the lists in order into an empty register, then searches it. */
export async function run(argv: readonly string[]): Promise<object> {
  const { values } = parseArgs({
    args: [...argv],
    options: { lists: { type: 'string', default: '../shared/data/organisations' } },
  })
  const server = await loadRegister()
  const dir = await mkdtemp(path.join(tmpdir(), 'rankan-bench-'))
  const postgres = await server.startPostgres({ dir, unsafe: true })
  try {
    await server.migrate(postgres.url)
    const db = server.openDatabase({ url: postgres.url })
    const on = { db, clock: server.systemClock }
    const imports = []
    for (const [name, day, bytes] of await lists(values.lists))
      imports.push({
        ...(await importList(server, on, name, day, bytes)),
        plain_insert_s: await plainInserts(postgres.url, server.readCsv(bytes).records),
      })
    const search_ms = await searchTimes(server, on)
    await db.destroy()
    return {
      benchmark: 'org-import',
      imports,
      slowest_import_s: Math.max(...imports.map((i) => i.total_s)),
      // How much more than that an import is, whatever the machine is busy with.
      worst_ratio_to_plain_insert: Math.max(
        ...imports.map((i) => Math.round((i.total_s / i.plain_insert_s) * 10) / 10),
      ),
      ...search_ms,
    }
  } finally {
    await postgres.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

type On = Parameters<RegisterModules['transact']>[0]

async function importList(server: RegisterModules, on: On, name: string, asOf: string, bytes: Uint8Array) {
  const profile = server.builtInProfile('localgovjp')
  if (profile === null) throw new Error('no profile `localgovjp`')
  const ids = server.idSource(server.systemClock, server.systemRandom)
  const actor = server.systemActor('bench')
  const started = performance.now()
  const file = server.readCsv(bytes)
  const planned = await server.transact(on, actor, (tx) =>
    server.planImport(tx, ids, { fileName: name, bytes, file, profile, asOf, decisions: {} }),
  )
  const middle = performance.now()
  await server.transact(on, actor, (tx) => server.applyImport(tx, ids, planned.id))
  const done = performance.now()
  const changes = planned.plan.items.filter((item) => item.state === 'included').length
  return {
    list: name,
    rows: planned.plan.rows,
    changes,
    plan_s: seconds(middle - started),
    apply_s: seconds(done - middle),
    total_s: seconds(done - started),
  }
}

/** What this machine needs for the least that could be called an import: one INSERT for each row, in one transaction. */
async function plainInserts(url: string, rows: readonly unknown[]): Promise<number> {
  const { Client } = createRequire(serverFile('package.json'))('pg') as {
    Client: new (config: {
      connectionString: string
    }) => {
      connect(): Promise<void>
      query(text: string, values?: readonly unknown[]): Promise<unknown>
      end(): Promise<void>
    }
  }
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const started = performance.now()
    await client.query('begin')
    await client.query('create table plain_rows (n integer primary key, line jsonb not null)')
    for (const [n, row] of rows.entries())
      await client.query('insert into plain_rows values ($1, $2)', [n, JSON.stringify(row)])
    await client.query('drop table plain_rows')
    await client.query('commit')
    return seconds(performance.now() - started)
  } finally {
    await client.end()
  }
}

const seconds = (ms: number): number => Math.round(ms) / 1000
const SEARCHES = [
  '札',
  '札幌',
  'なか',
  'なかがわ',
  'sapporo',
  '0110',
  '市',
  'し',
  '福井県 越前',
  '那珂川町',
  'ああ',
  '新',
]

/** What a person types, letter by letter, 25 times each. */
async function searchTimes(server: RegisterModules, on: On) {
  const actor = server.systemActor('bench')
  const times: number[] = []
  for (let round = 0; round < 25; round++)
    for (const text of SEARCHES) {
      const started = performance.now()
      await server.read(on, actor, (tx) =>
        server.searchOrganisations(tx, {
          text,
          on: '2026-11-01',
          kind: null,
          parent: null,
          limit: 50,
          offset: 0,
        }),
      )
      times.push(performance.now() - started)
    }
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10
  return { searches: times.length, search_p50_ms: at(0.5), search_p95_ms: at(0.95) }
}
