import type {
  OrganizationSettings,
  OrganizationSettingsChange,
} from '../../domain/accounts/organization-settings.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Scoped, Tx } from '../transact.ts'
import { json } from './row.ts'
import type { AwsOrganizationSettings } from './schema.ts'

/** Throws `not_found`. */
export async function organizationSettingsOf(one: Scoped, id: string): Promise<OrganizationSettings> {
  return shown(id, found(id, await rowOf(one, id).executeTakeFirst()))
}

/** Names another bucket for the rules of hooks, or none; other settings stay. Saying the same again writes nothing. */
export async function changeOrganizationSettings(
  tx: Tx,
  id: string,
  { hookBucket, reason }: OrganizationSettingsChange,
): Promise<OrganizationSettings> {
  // Locked, so that a second change sees the first.
  const known = found(id, await rowOf(tx, id).forUpdate().executeTakeFirst())
  const { hookBucket: before = null, ...others } = known
  if (before === hookBucket) return shown(id, known)
  const settings = { ...others, ...(hookBucket === null ? {} : { hookBucket }) }
  await tx.sql
    .updateTable('aws_organization')
    .set({ settings: json(settings) })
    .where('id', '=', id)
    .execute()
  await tx.record({
    kind: 'aws_organization.settings_changed',
    organisationId: null,
    subject: id,
    data: { hookBucket, before, reason },
  })
  await tx.notify('aws-organizations', id, null)
  return shown(id, settings)
}

const rowOf = ({ sql }: Scoped, id: string) =>
  sql.selectFrom('aws_organization').select('settings').where('id', '=', id)

function found(
  id: string,
  row: { readonly settings: AwsOrganizationSettings } | undefined,
): AwsOrganizationSettings {
  if (row === undefined) throw notFound('aws_organization', id)
  return row.settings
}

const shown = (
  awsOrganizationId: string,
  { region, roleArn, hookBucket }: AwsOrganizationSettings,
): OrganizationSettings => ({
  awsOrganizationId,
  region: region ?? null,
  roleArn: roleArn ?? null,
  hookBucket: hookBucket ?? null,
})
