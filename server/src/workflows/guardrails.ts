import type { EstateListing } from '../domain/drift/diff.ts'
import type { GuardrailPlace, GuardrailReading, SweepStore } from '../ports/accounts.ts'
import type { Estate, EstateOu, EstatePolicy, OrganizationPort } from '../ports/estate.ts'

/** Accounts and OUs as the sweep listed them. */
export interface Listing extends EstateListing {
  readonly ous: readonly EstateOu[]
}

/** AWS attaches it to every place and nobody can take it away: asking where would be a call for each twenty accounts. */
const EVERYWHERE = 'p-RCPFullAWSAccess'

/**
 * Reads the policies that are in force, beside the listing that the sweep has anyway. What cannot be read whole is not
 * kept: half a reading would look as if policies had been detached.
 */
export async function readGuardrails(
  store: Pick<SweepStore, 'saveGuardrails'>,
  estate: Estate,
  listing: Listing,
): Promise<number | null> {
  if (!listing.complete) return null
  let reading: GuardrailReading
  try {
    reading = await readAll(estate.organization, listing)
  } catch {
    // Whatever stopped it (a throttle, a policy deleted meanwhile), the next sweep reads again.
    return null
  }
  return store.saveGuardrails(estate.id, reading)
}

async function readAll(organization: OrganizationPort, listing: Listing): Promise<GuardrailReading> {
  const { organizationId, managementAccountId, rootId } = await organization.describe()
  const kinds = await organization.policyKinds()
  const policies: EstatePolicy[] = []
  for (const kind of kinds) for await (const policy of organization.policies(kind)) policies.push(policy)
  const attachments: { policyId: string; targetId: string }[] = []
  for (const { id } of policies.filter((one) => one.id !== EVERYWHERE))
    for await (const target of organization.policyTargets(id))
      attachments.push({ policyId: id, targetId: target.id })
  const places = placesOf(rootId, listing)
  const known = new Set(places.map(({ id }) => id))
  return {
    organizationId,
    managementAccountId,
    kinds,
    places,
    policies,
    // An account that came while we listed is read by the next sweep, with everything that belongs to it.
    attachments: attachments.filter(({ targetId }) => known.has(targetId)),
  }
}

const placesOf = (rootId: string, listing: Listing): readonly GuardrailPlace[] => [
  { id: rootId, kind: 'root', name: 'Root', parentId: null },
  ...listing.ous.map(({ id, name, parentId }) => ({ id, kind: 'ou' as const, name, parentId })),
  ...listing.entries.map(({ accountId, name, ouId }) => ({
    id: accountId,
    kind: 'account' as const,
    name,
    parentId: ouId,
  })),
]
