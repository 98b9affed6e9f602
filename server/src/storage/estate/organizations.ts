import { invalid } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Scoped, Tx } from '../transact.ts'
import { json } from './row.ts'
import type { AwsOrganizationSettings } from './schema.ts'

export interface AwsOrganizationRecord {
  readonly id: string
  readonly name: string
  readonly engine: 'account_factory' | 'auto_enrolment'
  readonly organizationId: string | null
  readonly managementAccountId: string | null
  /** Log archive, audit and other accounts of the landing zone. */
  readonly ownAccounts: readonly string[]
  readonly settings: AwsOrganizationSettings
}

export async function awsOrganizations(one: Scoped): Promise<readonly AwsOrganizationRecord[]> {
  const rows = await one.sql.selectFrom('aws_organization').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    engine: row.engine,
    organizationId: row.organization_id,
    managementAccountId: row.management_account_id,
    ownAccounts: row.own_accounts,
    settings: row.settings,
  }))
}

/** Connects an AWS organisation, or changes how it is reached. Saying the same again writes nothing. */
export async function putAwsOrganization(tx: Tx, wanted: AwsOrganizationRecord): Promise<void> {
  if (!/^aws_[a-z0-9_]{1,60}$/.test(wanted.id))
    throw invalid('aws_organization_id', `\`${wanted.id}\` must be \`aws_\` and up to 60 of a-z, 0-9 and _.`)
  const known = (await awsOrganizations(tx)).find((one) => one.id === wanted.id)
  if (known && canonicalJson(known) === canonicalJson(wanted)) return
  const values = {
    name: wanted.name,
    engine: wanted.engine,
    organization_id: wanted.organizationId,
    management_account_id: wanted.managementAccountId,
    own_accounts: [...wanted.ownAccounts],
    settings: json(wanted.settings),
  }
  await tx.sql
    .insertInto('aws_organization')
    .values({ id: wanted.id, created_at: tx.at, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute()
  await tx.record({
    kind: known ? 'aws_organization.changed' : 'aws_organization.connected',
    organisationId: null,
    subject: wanted.id,
    data: wanted,
  })
  await tx.notify('aws-organizations', wanted.id, null)
}
