import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

/** Tables whose rows a tenant owns but that are not behind the second wall, each with its reason. */
const WITHOUT_WALL: Readonly<Record<string, string>> = {
  organisation_version: 'names, codes and kinds of public bodies are public inside the product',
}

/** Tables that change without a ledger entry, each with its reason. */
const WITHOUT_LEDGER: Readonly<Record<string, string>> = {
  ledger_entry: 'is the ledger',
  ledger_node: 'is the ledger',
  ledger_checkpoint: 'is the ledger',
  schema_migration: 'belongs to the installation, before there is a ledger',
  installation: 'claims of periodic tasks and settings of the process, no state of the product',
  session: 'sign-in of a person, not a state of the product',
  idempotency_key: 'answers already given, kept a day',
  notification: 'a message about a change that is in the ledger',
  outbox: 'a message about a change that is in the ledger',
  aws_organization_sweep: 'when AWS was last listed; what the listing found is in the ledger',
  guardrail_reading: 'when AWS was last read; what the reading found is in the ledger',
  control_reading: 'when what carries controls was last looked at; drift that comes or goes is in the ledger',
  control_run: 'which worker has a plan or an apply in hand; their states are in the ledger',
  replay_run: 'how far a running replay is; its states and its result are in the ledger',
  lifecycle_event: 'AWS’s own words as they came; what follows from them is in the ledger',
  application_token: 'words of an application for its search, written by a trigger of the audited row',
  account_token: 'words of an account for its search, written by a trigger of the audited row',
  work_step: 'tries of the engine; the states of the order and what the steps did are in the ledger',
  ...Object.fromEntries(
    [
      'executor',
      'quota_clock',
      'quota_share',
      'quota_slot',
      'quota_use',
      'quota_wait',
      'rate_bucket',
      'work_hold_ended',
      'work_queue',
      'work_wait',
    ].map((name) => [name, 'bookkeeping of the scheduler; the states of the order are in the ledger']),
  ),
}

describe('every table', () => {
  let on: TestDatabase
  beforeAll(async () => {
    on = await testDatabase()
  })
  afterAll(() => on.drop())

  const tables = async () =>
    (
      await sql<{ name: string; forced: boolean; tenant: boolean; audited: boolean }>`
        select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
          exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organisation_id') as tenant,
          exists (select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgname like 'audited_%') as audited
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname = 'public' order by 1`.execute(on.db)
    ).rows

  it('that has an organisation is behind row-level security', async () => {
    const open = (await tables()).filter((t) => t.tenant && !t.forced).map((t) => t.name)
    expect(open.filter((name) => !(name in WITHOUT_WALL))).toEqual([])
  })

  it('that holds state of the product refuses changes without a ledger entry', async () => {
    const silent = (await tables()).filter((t) => !t.audited).map((t) => t.name)
    expect(silent.filter((name) => !(name in WITHOUT_LEDGER))).toEqual([])
  })

  it('named in an exception exists', async () => {
    const names = (await tables()).map((t) => t.name)
    const named = [...Object.keys(WITHOUT_WALL), ...Object.keys(WITHOUT_LEDGER)]
    expect(named.filter((name) => !names.includes(name))).toEqual([])
  })
})
