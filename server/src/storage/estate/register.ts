import { createHash } from 'node:crypto'
import type { Updateable } from 'kysely'
import type { AccountStatus } from '../../domain/accounts/status.ts'
import { invariant, notFound } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { AccountRegister, RegisteredAccount } from '../../ports/accounts.ts'
import { type Changes, type Scoped, statement, type Tx, transact } from '../transact.ts'
import { closureOf } from './closure.ts'
import { placeOrder, settlePlace } from './place.ts'
import { type AccountDbRow, demandStep, json, lockAccount, recordAccount, WORKER } from './row.ts'
import type { EstateTables, Suspension } from './schema.ts'

/** The register on PostgreSQL. Every change looks first: done a second time it writes nothing, not even into the ledger. */
export function accountRegister(on: Changes): AccountRegister {
  const change = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => transact(on, WORKER, work)
  return {
    account: (accountId) => statement(on, WORKER, async (one) => toRegistered(await findRow(one, accountId))),
    place: (workId) => change((tx) => placeOrder(tx, workId)),
    suspended: (workId, accountId, reason) =>
      change((tx) => suspend(tx, workId, accountId, { at: tx.at.toISOString(), reason })),
    resumed: (workId, accountId, reason) => change((tx) => resume(tx, workId, accountId, reason)),
    moved: (workId, accountId, ou, environment) =>
      change(async (tx) => {
        const row = await lockAccount(tx, accountId)
        if (row.ou_id === ou.id && row.environment === environment) return
        await update(tx, row, { ou_id: ou.id, ou_name: ou.name, environment })
        await settlePlace(tx, workId)
        const from = { ouId: row.ou_id, environment: row.environment }
        await recordAccount(tx, row, 'account.moved', { workId, from, to: { ouId: ou.id, environment } })
      }),
    contactsChanged: (workId, accountId, contacts) =>
      change(async (tx) => {
        const row = await lockAccount(tx, accountId)
        if (canonicalJson(row.contacts) === canonicalJson(contacts)) return
        await update(tx, row, { contacts: json(contacts) })
        await recordAccount(tx, row, 'account.contacts_changed', { workId, contacts })
      }),
    ownersChanged: (workId, accountId, admins) =>
      change(async (tx) => {
        const row = await lockAccount(tx, accountId)
        const facts = { ...row.facts, admins: admins.join(' ') }
        if (row.facts.admins === facts.admins) return
        await update(tx, row, { facts: json(facts) })
        await recordAccount(tx, row, 'account.owners_changed', { workId, admins })
      }),
    closing: (workId, accountId) => change((tx) => beginClosing(tx, workId, accountId)),
    closingGivenUp: (workId, accountId) => change((tx) => giveUpClosing(tx, workId, accountId)),
    freeze: (workId, accountId, evidence) => change((tx) => freeze(tx, workId, accountId, evidence)),
    closed: (workId, accountId, awsState) => change((tx) => closed(tx, workId, accountId, awsState)),
  }
}

async function findRow(tx: Scoped, accountId: string): Promise<AccountDbRow> {
  const row = await tx.sql
    .selectFrom('account')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  if (!row) throw notFound('account', accountId)
  return row
}

const toRegistered = (row: AccountDbRow): RegisteredAccount => ({
  accountId: row.account_id,
  name: row.name,
  email: row.email,
  status: row.status,
  awsState: row.aws_state,
  awsOrganizationId: row.aws_organization_id,
  organisationId: row.organisation_id,
  environment: row.environment,
  ouId: row.ou_id,
  ouName: row.ou_name,
  facts: row.facts,
})

async function update(tx: Tx, row: AccountDbRow, values: Updateable<EstateTables['account']>): Promise<void> {
  await tx.sql.updateTable('account').set(values).where('id', '=', row.id).execute()
}

async function become(tx: Tx, workId: string, accountId: string, status: AccountStatus): Promise<void> {
  const row = await lockAccount(tx, accountId)
  if (row.status === status) return
  demandStep(row, status)
  await update(tx, row, { status })
  await recordAccount(tx, row, `account.${status}`, { workId, from: row.status })
}

/** A closing that died with its pages unwritten begins again, perhaps after it closed the account. */
async function beginClosing(tx: Tx, workId: string, accountId: string): Promise<void> {
  const { status } = await lockAccount(tx, accountId)
  if (status !== 'post_closure' && status !== 'closed') await become(tx, workId, accountId, 'closing')
}

/** Back to what it was: a suspended account stays suspended. */
async function giveUpClosing(tx: Tx, workId: string, accountId: string): Promise<void> {
  const row = await lockAccount(tx, accountId)
  if (row.status !== 'closing') return
  await become(tx, workId, accountId, row.suspension === null ? 'active' : 'suspended')
}

async function suspend(tx: Tx, workId: string, accountId: string, suspension: Suspension): Promise<void> {
  const row = await lockAccount(tx, accountId)
  if (row.status === 'suspended') return
  demandStep(row, 'suspended')
  await update(tx, row, { status: 'suspended', suspension: json(suspension) })
  await recordAccount(tx, row, 'account.suspended', { workId, reason: suspension.reason })
}

async function resume(tx: Tx, workId: string, accountId: string, reason: string): Promise<void> {
  const row = await lockAccount(tx, accountId)
  if (row.status === 'active') return
  demandStep(row, 'active')
  await update(tx, row, { status: 'active', suspension: null })
  await recordAccount(tx, row, 'account.resumed', { workId, reason })
}

/** The bytes are kept and their hash goes into the ledger, before anything of the account is taken away. */
async function freeze(tx: Tx, workId: string, accountId: string, evidence: object): Promise<string> {
  const row = await lockAccount(tx, accountId)
  const known = await tx.sql
    .selectFrom('closing_evidence')
    .select('sha256')
    .where('work_id', '=', workId)
    .executeTakeFirst()
  if (known) return known.sha256
  const body = canonicalJson({
    ...evidence,
    register: recordOf(row),
    timeline: await timelineOf(tx, accountId),
  })
  const sha256 = createHash('sha256').update(body).digest('hex')
  await tx.sql
    .insertInto('closing_evidence')
    .values({
      work_id: workId,
      account_id: accountId,
      organisation_id: row.organisation_id,
      sha256,
      body,
      at: tx.at,
    })
    .execute()
  await recordAccount(tx, row, 'account.evidence_frozen', { workId, sha256 })
  return sha256
}

const recordOf = (row: AccountDbRow) => {
  const { search: _, ...record } = row
  return record
}

/** What Rankan did to this account, by the entries of the ledger. */
async function timelineOf(tx: Tx, accountId: string) {
  const rows = await tx.sql
    .selectFrom('ledger_entry')
    .select(['kind', 'at', 'actor_id'])
    .where('subject', '=', accountId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ kind: row.kind, at: row.at.toISOString(), actor: row.actor_id }))
}

async function closed(
  tx: Tx,
  workId: string,
  accountId: string,
  awsState: AccountDbRow['aws_state'],
): Promise<void> {
  const row = await lockAccount(tx, accountId)
  if (row.status === 'post_closure' || row.status === 'closed') return
  demandStep(row, 'post_closure')
  const closure = closureOf(tx.at, 'order', await evidenceHash(tx, workId))
  const state = awsState === 'ACTIVE' ? 'PENDING_CLOSURE' : awsState
  invariant(state !== 'PENDING_ACTIVATION', `AWS shows \`${accountId}\` as not yet active after its closing.`)
  const values = {
    status: 'post_closure' as const,
    aws_state: state,
    closed_at: tx.at,
    closure: json(closure),
  }
  await update(tx, row, values)
  await recordAccount(tx, row, 'account.post_closure', { workId, ...closure })
}

/** Empty for an account that was given up before anybody used it: there is nothing to freeze. */
async function evidenceHash(tx: Tx, workId: string): Promise<string> {
  const row = await tx.sql
    .selectFrom('closing_evidence')
    .select('sha256')
    .where('work_id', '=', workId)
    .executeTakeFirst()
  return row?.sha256 ?? ''
}
