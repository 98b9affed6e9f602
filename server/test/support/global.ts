import { rm } from 'node:fs/promises'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../src/main/postgres.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { tempFolder } from './folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string
    ownerUrl: string
  }
}

/** One PostgreSQL for the whole run; each test file takes a database of its own from a migrated template. */
export default async function setup(project: TestProject) {
  const dir = await tempFolder('rankan-test-')
  const postgres = await startPostgres({ dir, unsafe: true })
  await migrate(postgres.url)
  const admin = new pg.Client({ connectionString: postgres.adminUrl })
  await admin.connect()
  await admin.query(
    "update pg_database set datistemplate = true, datallowconn = false where datname = 'rankan'",
  )
  await admin.end()
  project.provide('adminUrl', postgres.adminUrl)
  project.provide('ownerUrl', postgres.url)
  return async () => {
    await postgres.stop()
    await rm(dir, { recursive: true, force: true })
  }
}
