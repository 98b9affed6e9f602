import type { ControlPlace, ControlWorld } from '../../domain/controls/world.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { ControlledEstate } from './deps.ts'

/** Parts that are read only for plans that have to do with them. */
export interface Needs {
  readonly packs: boolean
  readonly documents: boolean
  readonly securityHub: boolean
  readonly hooks: boolean
}

/**
 * Reads what is there today, whole or not at all: half a reading would look as if something had been taken away.
 * Conformance packs need every account, which is a call for each twenty: they and documents are read only if they matter.
 */
export async function readWorld(
  { organization, controls }: ControlledEstate,
  needs: Needs,
): Promise<ControlWorld> {
  const { organizationId, managementAccountId, rootId } = await organization.describe()
  const places: ControlPlace[] = [{ id: rootId, kind: 'root', name: 'Root', parentId: null }]
  for await (const { id, name, parentId } of organization.ous())
    places.push({ id, kind: 'ou', name, parentId })
  const readPacks = needs.packs && controls.packs !== null
  if (readPacks) places.push(...(await accountsIn(organization, places)))
  const policies = await controls.policies.read()
  if (policies === null)
    throw new RankanError('unavailable', 'no_policies', 'AWS Organizations did not tell its policies.')
  return {
    organizationId,
    managementAccountId,
    landingZone: await controls.hasLandingZone(),
    places,
    policies,
    tower: (await controls.tower?.read()) ?? null,
    packs: readPacks ? ((await controls.packs?.read()) ?? null) : null,
    securityHub: needs.securityHub ? ((await controls.securityHub?.read()) ?? null) : null,
    hooks: needs.hooks ? ((await controls.hooks?.read()) ?? null) : null,
    documents: needs.documents ? ((await controls.documents?.read()) ?? null) : null,
  }
}

async function accountsIn(
  organization: ControlledEstate['organization'],
  places: readonly ControlPlace[],
): Promise<readonly ControlPlace[]> {
  const found: ControlPlace[] = []
  // AWS refuses accounts that are closed as exclusions, and nothing runs in them.
  for (const parent of places)
    for await (const { accountId, name, state } of organization.accountsOf(parent.id))
      if (state === 'ACTIVE') found.push({ id: accountId, kind: 'account', name, parentId: parent.id })
  return found
}
