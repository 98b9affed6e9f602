import { sql } from 'kysely'
import { canonicalJson } from '../../src/kernel/json.ts'
import { estateOf } from '../../src/sandbox/control/estate.ts'
import type { Sandbox } from '../../src/sandbox/server.ts'
import type { TestDatabase } from '../support/postgres.ts'

export const central = <T>(on: TestDatabase, query: (trx: TestDatabase['db']) => Promise<T>): Promise<T> =>
  on.db.transaction().execute(async (trx) => {
    await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
    return query(trx)
  })

/** What must be equal whether somebody died on the way or not; one query for each member, `$` is the tenant. */
const OF_TENANT = {
  ledger: (tenant: string) => sql`select kind, subject, body::jsonb -> 'data' as data from ledger_entry
    where organisation_id = ${tenant} order by id`,
  applications: (tenant: string) =>
    sql`select id, state, version from application where organisation_id = ${tenant} order by id`,
  orders: (tenant: string) => sql`select work_id, state, account_id, failure - 'at' as failure
    from application_order where organisation_id = ${tenant} order by work_id`,
  accounts: (
    tenant: string,
  ) => sql`select account_id, name, email, status, aws_state, environment, ou_name, contacts,
    facts, suspension, closure -> 'evidenceHash' as evidence from account where organisation_id = ${tenant}`,
  works: (tenant: string) => sql`select work_id, ou_path, place_settled, attempt, facts from work_estate
    where organisation_id = ${tenant} order by work_id`,
  evidence: (tenant: string) =>
    sql`select work_id, body from closing_evidence where organisation_id = ${tenant} order by work_id`,
  unitsHeld: (tenant: string) =>
    sql`select quota, hold from quota_slot where tenant_id = ${tenant} union all
      select quota, hold from quota_wait where tenant_id = ${tenant}`,
} as const

/** Estate, ledger and the state of applications, orders and account; what differs between any two runs is masked. */
export async function endState(
  on: TestDatabase,
  sandbox: Sandbox,
  tag: string,
  organizationId: string,
): Promise<string> {
  const ours = await central(on, async (trx) => {
    const found: Record<string, readonly unknown[]> = {}
    for (const [name, query] of Object.entries(OF_TENANT))
      found[name] = (await query(`org_${tag}`).execute(trx)).rows
    return found
  })
  return mask(canonicalJson({ ...ours, estate: await settled(sandbox, organizationId) }), tag)
}

/** AWS goes on after our work is done: it closes the account, enrols it, delivers events. */
async function settled(sandbox: Sandbox, organizationId: string): Promise<ReturnType<typeof estateOf>> {
  for (let n = 0; n < 200; n++) {
    const estate = estateOf(sandbox.runtime, organizationId)
    const pending = estate.accounts.some((account) => account.state.startsWith('PENDING'))
    // AWS answers the support case some time after it was opened.
    const open = JSON.stringify(estate.tables).includes('unassigned')
    if (!pending && !open) return estate
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`The estate of ${organizationId} does not settle.`)
}

/** What differs between any two runs: the tag, numbers that AWS draws, times and hashes of what holds times. */
const mask = (text: string, tag: string): string =>
  text
    .replaceAll(/[0-9a-f]{64}/g, '<hash>')
    // What an organisation of AWS is made with, e.g. Security Hub's aggregator.
    .replaceAll(/\b[0-9a-f]{32}\b/g, '<id>')
    // Before tag and account numbers, which may stand inside one by chance.
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(tag, '<tag>')
    .replaceAll(/\bcase-[0-9A-Za-z-]+/g, '<case>')
    .replaceAll(/\b\d{12}\b/g, '<account>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, '<time>')
    .replaceAll(/\bou-[0-9a-z]{4}-[0-9a-z]{8}\b/g, '<ou>')
    .replaceAll(/\b[0-9a-f]{10}-<uuid>/g, '<uuid>')
    // A budget begins with the month, and months pass in the sandbox's time.
    .replaceAll(/(Start|End)(\\*"):\d{13}/g, '$1$2:<month>')
    .replaceAll(/(displayId\\*":\\*")\d+/g, '$1<id>')
    .replaceAll(/-muen-\d{4}-[0-9a-f]+/g, '-<case>')
    .replaceAll(/\bacc_[0-9a-z]{26}\b/g, '<row>')
    // A closing goes on by itself; which of its states the register saw is only when it looked.
    .replaceAll(/"aws_state":"(PENDING_CLOSURE|SUSPENDED)"/g, '"aws_state":"<closing>"')

/** What one end has and the other has not, member by member. */
export function difference(wanted: string, got: string): string {
  const [left, right] = [members(wanted), members(got)]
  const only = (mine: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) =>
    [...mine].filter(([text, n]) => n > (other.get(text) ?? 0)).map(([text]) => text.slice(0, 200))
  const lines = [
    ...only(left, right).map((text) => `\n  missing ${text}`),
    ...only(right, left).map((text) => `\n  extra   ${text}`),
  ]
  return lines.slice(0, 12).join('') || '\n  the same members in another order'
}

function members(text: string): ReadonlyMap<string, number> {
  const count = new Map<string, number>()
  for (const member of text.split(/(?<=,)/)) count.set(member, (count.get(member) ?? 0) + 1)
  return count
}
