import { sql } from 'kysely'
import { type DraftForm, type PartialVendForm, partialVendForm } from '../../domain/applications/draft.ts'
import type { ChangeFacts } from '../../domain/applications/rules/change.ts'
import type { RegisterFacts } from '../../domain/applications/rules/types.ts'
import { addDays, type Day, dayInJapan } from '../../kernel/days.ts'
import type { Tx } from '../transact.ts'
import { takenNames } from './names.ts'
import type { ApplicationSetup } from './setup.ts'

/** What applications ask of the register of organisations and accounts. Row-level security decides what is found. */

export interface OrganisationRef {
  readonly id: string
  readonly code: string
  readonly nameJa: string
  readonly nameEn: string
}

interface OrganisationRow {
  readonly id: string
  readonly code: string
  readonly name_ja: string
  readonly name_en: string | null
}

const toRef = (row: OrganisationRow): OrganisationRef => ({
  id: row.id,
  code: row.code,
  nameJa: row.name_ja,
  nameEn: row.name_en ?? '',
})

const ORGANISATION = sql`select organisation_id as id, code, name_ja, name_en from organisation_version`

export async function organisationByCode(tx: Tx, code: string): Promise<OrganisationRef | null> {
  const found = await sql<OrganisationRow>`${ORGANISATION}
    where code = ${code} and valid @> ${dayInJapan(tx.at)}::date`.execute(tx.sql)
  return found.rows[0] ? toRef(found.rows[0]) : null
}

export async function organisationById(tx: Tx, id: string): Promise<OrganisationRef | null> {
  const found = await sql<OrganisationRow>`${ORGANISATION}
    where organisation_id = ${id} and valid @> ${dayInJapan(tx.at)}::date`.execute(tx.sql)
  return found.rows[0] ? toRef(found.rows[0]) : null
}

/** What the rules need to know of the register for this form. */
export async function registerFacts(
  tx: Tx,
  setup: ApplicationSetup,
  form: PartialVendForm,
  applicationId: string | null,
): Promise<RegisterFacts> {
  const today = dayInJapan(tx.at)
  const code = form.organisation?.code
  const organisation = code ? await organisationByCode(tx, code) : null
  const [providers, taken, contractEnd, dead, tenants] = await Promise.all([
    otherProviders(tx, organisation?.id ?? null, applicationId),
    takenNames(tx, setup, { organisationCode: code ?? '', systemCode: form.system?.code ?? '' }),
    contractEndOf(tx, form.operator?.contractNumber ?? null),
    deadAddresses(tx, form),
    unknownTenants(tx, form.use?.tenants ?? [], today),
  ])
  return {
    organisation: organisation ? { name: organisation.nameJa } : null,
    unknownTenants: tenants,
    takenNames: taken,
    systemProviders: unique(providers.filter((p) => p.system === form.system?.code).map((p) => p.provider)),
    organisationProviders: unique(providers.map((p) => p.provider)),
    contract: contractEnd === null ? null : { end: contractEnd },
    deadAddresses: dead,
  }
}

const unique = (values: readonly string[]) => [...new Set(values)]

/** Providers of the organisation's other applications that were not turned down. */
async function otherProviders(tx: Tx, organisationId: string | null, applicationId: string | null) {
  if (!organisationId) return []
  const rows = await sql<{ system: string; provider: string }>`select distinct system_code as system, provider
    from application where organisation_id = ${organisationId} and kind = 'vend' and provider is not null
      and state not in ('draft', 'returned', 'rejected', 'withdrawn', 'abandoned')
      and id is distinct from ${applicationId}`.execute(tx.sql)
  return rows.rows
}

async function contractEndOf(tx: Tx, number: string | null): Promise<Day | null> {
  if (!number) return null
  const found = await sql<{
    after: Day
  }>`select upper(valid)::text as after from contract where number = ${number}`.execute(tx.sql)
  const after = found.rows[0]?.after
  return after ? addDays(after, -1) : null
}

async function deadAddresses(tx: Tx, form: PartialVendForm): Promise<ReadonlySet<string>> {
  const wanted = Object.values(form.contacts ?? {}).flatMap((c) => (c?.email ? [c.email.toLowerCase()] : []))
  if (wanted.length === 0) return new Set()
  const rows = await sql<{ email: string }>`select lower(email) as email from organisation_contact
    where reachability = 'dead' and lower(email) = any(${wanted})`.execute(tx.sql)
  return new Set(rows.rows.map((row) => row.email))
}

async function unknownTenants(tx: Tx, codes: readonly string[], today: Day): Promise<readonly string[]> {
  if (codes.length === 0) return []
  const rows = await sql<{ code: string }>`select code from organisation_version
    where code = any(${[...codes]}) and valid @> ${today}::date`.execute(tx.sql)
  const known = new Set(rows.rows.map((row) => row.code))
  return codes.filter((code) => !known.has(code))
}

export interface AccountRef {
  readonly accountId: string
  readonly organisationId: string
  readonly awsOrganizationId: string
  readonly name: string
  readonly status: NonNullable<ChangeFacts['account']>['status']
  readonly environment: NonNullable<ChangeFacts['account']>['environment']
  readonly systemCode: string
  readonly systemNameJa: string
  readonly systemNameEn: string
}

/** The account of the register, if the actor may see it and it belongs to an organisation. */
export async function accountRef(tx: Tx, accountId: string): Promise<AccountRef | null> {
  const found = await sql<AccountRef>`select account_id as "accountId", organisation_id as "organisationId",
      aws_organization_id as "awsOrganizationId", name, status, environment,
      coalesce(system_code, '') as "systemCode", coalesce(system_name_ja, '') as "systemNameJa",
      coalesce(system_name_en, '') as "systemNameEn"
    from account where account_id = ${accountId} and organisation_id is not null`.execute(tx.sql)
  return found.rows[0] ?? null
}

export async function changeFacts(
  tx: Tx,
  accountId: string,
  applicationId: string | null,
): Promise<ChangeFacts> {
  const account = await accountRef(tx, accountId)
  const open = await sql<{ id: string }>`select id from application where account_id = ${accountId}
    and kind <> 'vend' and state in ('submitted', 'accepted', 'queued', 'running', 'needs_repair')
    and id is distinct from ${applicationId} order by since limit 1`.execute(tx.sql)
  return {
    account: account && { name: account.name, status: account.status, environment: account.environment },
    openApplication: open.rows[0]?.id ?? null,
  }
}

/** Whose application it is: by the code in the form, or by the account that is to be changed. */
export async function organisationOf(tx: Tx, draft: DraftForm): Promise<OrganisationRef | null> {
  if (draft.kind === 'vend') {
    const code = partialVendForm(draft).organisation?.code
    return code ? organisationByCode(tx, code) : null
  }
  const account = typeof draft.accountId === 'string' ? await accountRef(tx, draft.accountId) : null
  return account ? organisationById(tx, account.organisationId) : null
}

/** The AWS organisation into which the tenant's accounts are vended: that of its other accounts, else the one with most room. */
export async function awsOrganizationFor(tx: Tx, organisationId: string): Promise<string | null> {
  const found = await sql<{ id: string }>`select o.id from aws_organization o
    left join rankan_account_counts() c on c.aws_organization_id = o.id
    left join lateral (select count(*) as n from account a
      where a.aws_organization_id = o.id and a.organisation_id = ${organisationId}) mine on true
    order by mine.n desc, coalesce(c.accounts, 0), o.id limit 1`.execute(tx.sql)
  return found.rows[0]?.id ?? null
}

export interface Approver {
  readonly id: string
  readonly name: string
}

/** People who hold the role today; of the centre when no organisation is given. */
export async function holdersOf(
  tx: Tx,
  role: string,
  organisationId: string | null,
): Promise<readonly Approver[]> {
  const today = dayInJapan(tx.at)
  const rows =
    await sql<Approver>`select distinct p.id, p.name_ja as name from role_grant g join person p on p.id = g.person_id
    where g.role = ${role} and g.valid @> ${today}::date and p.valid @> ${today}::date
      and (${organisationId}::text is null or g.organisation_id = ${organisationId}) order by p.id limit 20`.execute(
      tx.sql,
    )
  return rows.rows
}

export interface PersonRef {
  readonly userName: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}

export async function personRef(tx: Tx, personId: string): Promise<PersonRef | null> {
  const rows = await sql<PersonRef>`select user_name as "userName", email, first_name as "firstName",
    last_name as "lastName" from person where id = ${personId}`.execute(tx.sql)
  return rows.rows[0] ?? null
}
