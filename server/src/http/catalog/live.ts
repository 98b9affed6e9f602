import type { ImportedLibrary } from '../../catalog/imports/imported.ts'
import { placesOn } from '../../catalog/live.ts'
import type { Control } from '../../catalog/record.ts'
import type { ControlPlaces } from '../../catalog/view.ts'
import { importsOf, type KeptImport } from '../../storage/controls/imports.ts'
import { controlStatusOf } from '../../storage/controls/status.ts'
import { listAwsOrganizations } from '../../storage/estate/list.ts'
import { readingTimes, worldNow } from '../../storage/policies/replay-world.ts'
import type { Tx } from '../../storage/transact.ts'
import { placesWithPolicies } from './places.ts'

/** Where each control is on, in every AWS organisation. For the centre. */
export async function controlPlacesNow(tx: Tx, library: readonly Control[]): Promise<ControlPlaces> {
  const read = await readingTimes(tx)
  const inPlace = new Map((await importsOf(tx, 'in-place')).map((one) => [one.view.awsOrganizationId, one]))
  const packs = (await importsOf(tx, 'conformance-pack')).flatMap(libraryOf)
  const live = []
  for (const { id, name } of await listAwsOrganizations(tx)) {
    const readAt = read.get(id) ?? null
    const world = readAt === null ? null : await worldNow(tx, id)
    const { policies, carriers, drift } = await controlStatusOf(tx, id)
    live.push({
      id,
      name,
      readAt,
      names: new Map((world?.places ?? []).map((place) => [place.id, place.name])),
      places: world === null ? [] : placesWithPolicies(world),
      kept: { policies, carriers },
      drift,
      inPlace: libraryOf(inPlace.get(id))[0] ?? null,
    })
  }
  return {
    organizations: live.map(({ id, name, readAt }) => ({
      id,
      name,
      readAt,
      inPlaceAt: inPlace.get(id)?.view.createdAt ?? null,
    })),
    controls: placesOn(library, live, packs),
  }
}

const libraryOf = (found: KeptImport | undefined): readonly ImportedLibrary[] =>
  found !== undefined && 'controls' in found.body ? [found.body] : []
