import { keptCarrier, keptPolicy } from '../../domain/controls/kept.ts'
import type { Standing } from '../../ports/controls.ts'
import type { Tx } from '../transact.ts'

/** Everything that ought to be in force in an AWS organisation. */
export async function keptOf(
  tx: Tx,
  awsOrganizationId: string,
): Promise<Pick<Standing, 'policies' | 'carriers'>> {
  const rows = await tx.sql
    .selectFrom('control_kept')
    .select(['part', 'body'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .orderBy('target_id')
    .orderBy('part')
    .orderBy('kind')
    .orderBy('name')
    .execute()
  return {
    policies: rows.filter(({ part }) => part === 'policies').map(({ body }) => keptPolicy.parse(body)),
    carriers: rows.filter(({ part }) => part !== 'policies').map(({ body }) => keptCarrier.parse(body)),
  }
}
