import { sql } from 'kysely'
import { type AccountNames, firstFree, type NameParts, nameStem } from '../../domain/applications/naming.ts'
import { bug, invalid } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import type { ApplicationSetup } from './setup.ts'

const LOCK_SPACE = 7_265_020

/** Names and e-mails ever reserved that begin as this organisation's and system's do; lower case. */
export async function takenNames(
  tx: Tx,
  setup: Pick<ApplicationSetup, 'naming'>,
  parts: Pick<NameParts, 'organisationCode' | 'systemCode'>,
): Promise<ReadonlySet<string>> {
  // A shortened name keeps the beginning of its stem.
  const stem = nameStem(parts)
    .slice(0, 20)
    .replace(/[\\%_]/g, (c) => `\\${c}`)
  const rows = await sql<{ value: string }>`select value from account_name
    where value like ${`${stem}%`} or value like ${`${setup.naming.mailbox}+${stem}%`}`.execute(tx.sql)
  return new Set(rows.rows.map((row) => row.value))
}

/** Takes the first free numbered name for ever. Approvals for the same organisation go one after the other here. */
export async function reserveFreeNames(
  tx: Tx,
  setup: ApplicationSetup,
  workId: string,
  organisationId: string,
  parts: NameParts,
): Promise<AccountNames> {
  await sql`select pg_advisory_xact_lock(${LOCK_SPACE}, hashtext(${parts.organisationCode}))`.execute(tx.sql)
  const free = firstFree(parts, setup.mailDomain, setup.naming, await takenNames(tx, setup, parts))
  if (!free.ok) throw bug(`No account name for ${JSON.stringify(parts)}: ${free.error}`)
  await holdNames(tx, workId, organisationId, free.value)
  return free.value
}

/**
 * Makes sure that this order holds these names, which a person may have corrected since. `invalid` when another
 * order holds one of them: waiting would not help.
 */
export async function holdNames(
  tx: Tx,
  workId: string,
  organisationId: string,
  names: AccountNames,
): Promise<void> {
  const wanted = [
    { kind: 'name' as const, value: names.name.toLowerCase() },
    { kind: 'email' as const, value: names.email.toLowerCase() },
  ]
  for (const { kind, value } of wanted) {
    await tx.sql
      .insertInto('account_name')
      .values({ kind, value, work_id: workId, organisation_id: organisationId, reserved_at: tx.at })
      .onConflict((oc) => oc.column('value').doNothing())
      .execute()
    const held = await tx.sql
      .selectFrom('account_name')
      .select('work_id')
      .where('value', '=', value)
      .executeTakeFirst()
    if (held?.work_id !== workId)
      throw invalid('name_taken', `Another order holds \`${value}\`; choose another one.`, [
        { path: ['account', kind], code: 'name_taken', message: `\`${value}\` is held by another order.` },
      ])
  }
}
