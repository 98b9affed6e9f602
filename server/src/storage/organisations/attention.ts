import { sql } from 'kysely'
import { type AttentionFact, attentionOf, bySeverity } from '../../domain/organisations/attention.ts'
import { type AttentionItem, CONTACT_PURPOSES } from '../../domain/organisations/view.ts'
import { type Day, dayInJapan } from '../../kernel/days.ts'
import type { Tx } from '../transact.ts'
import { type Refs, refsOn } from './refs.ts'

/** A finding before its organisation's name is known. */
type Raw = (refs: Refs) => AttentionFact
interface Found {
  readonly organisationId: string | null
  readonly fact: Raw
}

/** Everything that waits for a person, within what the reader may see; the worst first. */
export async function attentionList(tx: Tx): Promise<readonly AttentionItem[]> {
  const today = dayInJapan(tx.at)
  const found = [
    ...(await ownerlessAccounts(tx, today)),
    ...(await ownerlessOrganisations(tx, today)),
    ...(await deadContacts(tx, today)),
    ...(await missingContacts(tx, today)),
    ...(await peopleWhoLeft(tx, today)),
    ...(await endedContracts(tx, today)),
  ]
  const refs = await refsOn(
    tx,
    found.map((f) => f.organisationId),
    today,
  )
  return found.map((f) => attentionOf(f.fact(refs))).sort(bySeverity)
}

const LIVE = sql`('vending', 'active', 'suspended')`

/** Accounts of no organisation, or of one that ended. */
async function ownerlessAccounts(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<{ account_id: string; organisation_id: string | null }>`
    select a.account_id, o.id as organisation_id from account a
    left join organisation o on o.id = a.organisation_id
    where a.status in ${LIVE} and not exists (
      select 1 from organisation_version v where v.organisation_id = a.organisation_id and v.valid @> ${today}::date)
    order by a.account_id`.execute(tx.sql)
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    fact: (refs) => ({
      kind: 'ownerless_account',
      organisation: row.organisation_id === null ? null : refs(row.organisation_id),
      accountId: row.account_id,
    }),
  }))
}

/** Organisations with accounts where nobody holds the role of owner today. */
async function ownerlessOrganisations(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<{ id: string; accounts: number }>`
    select a.organisation_id as id, count(*)::int as accounts from account a
    join organisation o on o.id = a.organisation_id
    where a.status in ${LIVE} and not exists (
      select 1 from role_grant g join person p on p.id = g.person_id
      where g.organisation_id = a.organisation_id and g.role = 'organisation_owner'
        and g.valid @> ${today}::date and p.valid @> ${today}::date)
    group by a.organisation_id`.execute(tx.sql)
  return rows.map((row) => ({
    organisationId: row.id,
    fact: (refs) => ({ kind: 'no_owner', organisation: refs(row.id), accounts: row.accounts }),
  }))
}

async function deadContacts(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<{
    organisation_id: string
    purpose: string
    email: string
    checked_at: Date | null
  }>`
    select organisation_id, purpose, email, checked_at from organisation_contact
    where reachability = 'dead' and valid @> ${today}::date`.execute(tx.sql)
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    fact: (refs) => ({
      kind: 'dead_contact',
      organisation: refs(row.organisation_id),
      purpose: row.purpose,
      email: row.email,
      since: row.checked_at === null ? null : dayInJapan(row.checked_at),
    }),
  }))
}

/** Organisations with systems need all three contacts. */
async function missingContacts(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<{ id: string; purpose: string }>`
    select distinct s.organisation_id as id, wanted.purpose
    from information_system s cross join unnest(${[...CONTACT_PURPOSES]}::text[]) as wanted(purpose)
    where s.valid @> ${today}::date and not exists (
      select 1 from organisation_contact c
      where c.organisation_id = s.organisation_id and c.purpose = wanted.purpose and c.valid @> ${today}::date)`.execute(
    tx.sql,
  )
  return rows.map((row) => ({
    organisationId: row.id,
    fact: (refs) => ({ kind: 'missing_contact', organisation: refs(row.id), purpose: row.purpose }),
  }))
}

async function peopleWhoLeft(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<{ organisation_id: string; name_ja: string; role: string; since: Day }>`
    select g.organisation_id, p.name_ja, g.role, upper(p.valid)::text as since
    from role_grant g join person p on p.id = g.person_id
    where g.valid @> ${today}::date and upper(p.valid) <= ${today}::date`.execute(tx.sql)
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    fact: (refs) => ({
      kind: 'left_with_grant',
      organisation: refs(row.organisation_id),
      person: row.name_ja,
      role: row.role,
      since: row.since,
    }),
  }))
}

async function endedContracts(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<{ organisation_id: string; number: string; since: Day; grants: number }>`
    select c.organisation_id, c.number, upper(c.valid)::text as since, count(*)::int as grants
    from contract c join role_grant g on g.contract_id = c.id and g.valid @> ${today}::date
    where upper(c.valid) <= ${today}::date group by c.id`.execute(tx.sql)
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    fact: (refs) => ({
      kind: 'contract_ended',
      organisation: refs(row.organisation_id),
      number: row.number,
      since: row.since,
      grants: row.grants,
    }),
  }))
}
