import type { Tx } from '../transact.ts'

/** A place as people know it, with its id. */
export const nameIn = (places: ReadonlyMap<string, string>) => (id: string) =>
  places.has(id) ? `${places.get(id)} (${id})` : id

export const placeNames = async (tx: Tx, awsOrganizationId: string) =>
  nameIn(await placesOf(tx, awsOrganizationId))

/** Root and OUs, as the last sweep saw them. */
export async function placesOf(tx: Tx, awsOrganizationId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql
    .selectFrom('guardrail_place')
    .select(['id', 'name'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('kind', '!=', 'account')
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
