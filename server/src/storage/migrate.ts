import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { RankanError } from '../kernel/errors.ts'

const FOLDER = new URL('../../migrations/', import.meta.url)
// Any constant will do; it must only be ours, so that two servers that start together migrate one after the other.
const LOCK = 7_265_001

interface Migration {
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

/** Applies the numbered SQL files that this database does not have yet, each in a transaction of its own. Returns their names. */
export async function migrate(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'rankan migrate' })
  await client.connect()
  try {
    await requireVersion(client)
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await client.query(
      'create table if not exists schema_migration (name text primary key, sha256 text not null, at timestamptz not null default now())',
    )
    const applied = await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from schema_migration',
    )
    const known = new Map(applied.rows.map((row) => [row.name, row.sha256]))
    const wanted = await migrations()
    refuseNewerDatabase(known, wanted)
    const done: string[] = []
    for (const migration of wanted) {
      if (await apply(client, migration, known.get(migration.name))) done.push(migration.name)
    }
    return done
  } finally {
    await client.end()
  }
}

async function requireVersion(client: pg.Client): Promise<void> {
  const result = await client.query<{ server_version_num: string }>('show server_version_num')
  const version = Math.floor(Number(result.rows[0]?.server_version_num ?? 0) / 10_000)
  if (version >= 15) return
  throw new RankanError(
    'unavailable',
    'postgresql_too_old',
    `PostgreSQL ${version} is too old: Rankan needs 15 or newer.`,
  )
}

async function migrations(): Promise<readonly Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, FOLDER), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

function refuseNewerDatabase(known: ReadonlyMap<string, string>, wanted: readonly Migration[]): void {
  const names = new Set(wanted.map((m) => m.name))
  const unknown = [...known.keys()].filter((name) => !names.has(name))
  if (unknown.length === 0) return
  throw new RankanError(
    'conflict',
    'database_is_newer',
    `The database was used by a newer Rankan (it has ${unknown.map((n) => `\`${n}\``).join(', ')}). Start that version, or point RANKAN_DATABASE_URL elsewhere.`,
  )
}

async function apply(
  client: pg.Client,
  migration: Migration,
  appliedSha: string | undefined,
): Promise<boolean> {
  if (appliedSha === migration.sha256) return false
  if (appliedSha !== undefined)
    throw new RankanError(
      'conflict',
      'migration_changed',
      `The migration \`${migration.name}\` was changed after this database applied it. Use a fresh data folder or the version that made it.`,
    )
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into schema_migration (name, sha256) values ($1, $2)', [
      migration.name,
      migration.sha256,
    ])
    await client.query('commit')
    return true
  } catch (error) {
    await client.query('rollback')
    throw new RankanError(
      'bug',
      'migration_failed',
      `The migration \`${migration.name}\` failed: ${(error as Error).message}`,
      { cause: error },
    )
  }
}
