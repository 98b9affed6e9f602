import { sql } from 'kysely'
import { ESCALATION_TIMES } from '../../domain/escalation/times.ts'
import { contractEnded } from '../../domain/organisations/attention/contract-ended.ts'
import { contractEnding } from '../../domain/organisations/attention/contract-ending.ts'
import { deadContact } from '../../domain/organisations/attention/dead-contact.ts'
import { exceptionExpired } from '../../domain/organisations/attention/exception-expired.ts'
import { leftWithGrant } from '../../domain/organisations/attention/left-with-grant.ts'
import { missingContact } from '../../domain/organisations/attention/missing-contact.ts'
import { noOwner } from '../../domain/organisations/attention/no-owner.ts'
import { bySeverity } from '../../domain/organisations/attention/order.ts'
import { ownerlessAccount } from '../../domain/organisations/attention/ownerless-account.ts'
import { type AttentionItem, CONTACT_PURPOSES } from '../../domain/organisations/view.ts'
import type { Role } from '../../domain/people/roles.ts'
import { addDays, type Day, dayInJapan } from '../../kernel/days.ts'
import type { Tx } from '../transact.ts'
import { type Refs, refsOn } from './refs.ts'

/** A finding before its organisation's name is known. */
interface Found {
  readonly organisationId: string | null
  readonly item: (refs: Refs) => AttentionItem
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
    ...(await endingContracts(tx, today)),
    ...(await expiredExceptions(tx, today)),
  ]
  const refs = await refsOn(
    tx,
    found.map((f) => f.organisationId),
    today,
  )
  const told = await toldOf(tx)
  return found
    .map((f) => f.item(refs))
    .map((item) => ({ ...item, ...told.get(item.key) }))
    .sort(bySeverity)
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
    item: (refs) =>
      ownerlessAccount({
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
    item: (refs) => noOwner({ organisation: refs(row.id), accounts: row.accounts }),
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
    item: (refs) =>
      deadContact({
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
    item: (refs) => missingContact({ organisation: refs(row.id), purpose: row.purpose }),
  }))
}

async function peopleWhoLeft(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<{ organisation_id: string; name_ja: string; role: Role; since: Day }>`
    select g.organisation_id, p.name_ja, g.role, upper(p.valid)::text as since
    from role_grant g join person p on p.id = g.person_id
    where g.valid @> ${today}::date and upper(p.valid) <= ${today}::date`.execute(tx.sql)
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    item: (refs) =>
      leftWithGrant({
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
    item: (refs) =>
      contractEnded({
        organisation: refs(row.organisation_id),
        number: row.number,
        since: row.since,
        grants: row.grants,
      }),
  }))
}

/** Contracts with somebody at work under them that end within the time of notice. */
async function endingContracts(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { contractNoticeDays } = ESCALATION_TIMES
  const { rows } = await sql<{ organisation_id: string; number: string; end: Day }>`
    select c.organisation_id, c.number, upper(c.valid)::text as end from contract c
    where upper(c.valid) > ${today}::date and upper(c.valid) <= ${addDays(today, contractNoticeDays)}::date
      and c.valid @> ${today}::date
      and (exists (select 1 from role_grant g where g.contract_id = c.id and g.valid @> ${today}::date)
        or exists (select 1 from contract_system s where s.contract_id = c.id))`.execute(tx.sql)
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    item: (refs) =>
      contractEnding({
        organisation: refs(row.organisation_id),
        number: row.number,
        end: row.end,
        since: addDays(row.end, -contractNoticeDays),
      }),
  }))
}

/** Exceptions that are over, of applications whose accounts are still there. */
async function expiredExceptions(tx: Tx, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<{
    organisation_id: string
    application_id: string
    rule: string
    since: Day
    system: string
    accounts: number
  }>`
    select e.organisation_id, e.application_id, e.rule, e.expires_on::text as since,
      max(p.system_name_ja) as system, count(*)::int as accounts
    from application_exception e join application p on p.id = e.application_id
    join application_order o on o.application_id = e.application_id
    join account a on a.account_id = o.account_id and a.status in ${LIVE}
    where e.expires_on <= ${today}::date
    group by e.organisation_id, e.application_id, e.rule, e.expires_on`.execute(tx.sql)
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    item: (refs) =>
      exceptionExpired({
        organisation: refs(row.organisation_id),
        applicationId: row.application_id,
        system: row.system || row.application_id,
        rule: row.rule,
        since: row.since,
        accounts: row.accounts,
      }),
  }))
}

/** Who was told of what, by key. */
async function toldOf(
  tx: Tx,
): Promise<ReadonlyMap<string, Pick<AttentionItem, 'ownerToldAt' | 'centreToldAt'>>> {
  const rows = await tx.sql
    .selectFrom('escalation')
    .select(['key', 'owner_told_at', 'centre_told_at'])
    .where('resolved_at', 'is', null)
    .execute()
  return new Map(
    rows.map((row) => [
      row.key,
      {
        ownerToldAt: row.owner_told_at?.toISOString() ?? null,
        centreToldAt: row.centre_told_at?.toISOString() ?? null,
      },
    ]),
  )
}
