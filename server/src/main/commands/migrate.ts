import { migrateDurable } from '../../engine/dbos.ts'
import { RankanError } from '../../kernel/errors.ts'
import { migrate } from '../../storage/migrate.ts'
import type { Config } from '../config.ts'

export async function migrateCommand(config: Config): Promise<void> {
  const applied = await migrateAll(requireDatabaseUrl(config))
  for (const name of applied) console.log(`applied ${name}`)
  console.log(applied.length === 0 ? 'The database is up to date.' : `${applied.length} migrations applied.`)
}

/** Our own tables and those of the durable engine. Returns the names of our migrations that were new. */
export async function migrateAll(url: string): Promise<readonly string[]> {
  const applied = await migrate(url)
  await migrateDurable(url)
  return applied
}

export function requireDatabaseUrl(config: Config): string {
  if (config.databaseUrl !== undefined) return config.databaseUrl
  throw new RankanError(
    'invalid',
    'config_missing',
    '`RANKAN_DATABASE_URL` is not set. `npm start` brings a database of its own; this command needs one.',
  )
}
