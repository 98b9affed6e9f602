import { type Facts, type FactsIndex, factsOf, type ServiceFile } from '@rankan/server/src/policy/facts.ts'

/**
 * AWS's actions and keys in the browser. The index is a small file; each service is a file of its own, fetched when a
 * policy or a reader speaks of it: all of them together are 1.3 MB.
 */
const serviceFiles = import.meta.glob<ServiceFile>(
  '../../../../../server/data/iam/generated/services/*.json',
  { import: 'default' },
)
const indexFiles = import.meta.glob<FactsIndex>('../../../../../server/data/iam/generated/index.json', {
  import: 'default',
})

const pathOf = (prefix: string) => `../../../../../server/data/iam/generated/services/${prefix}.json`

let index: Promise<FactsIndex> | null = null
const loaded = new Map<string, ServiceFile>()

export function factsIndex(): Promise<FactsIndex> {
  const [load] = Object.values(indexFiles)
  if (load === undefined) throw new Error('The index of AWS actions is not part of this build.')
  index ??= load()
  return index
}

export async function loadService(prefix: string): Promise<ServiceFile | null> {
  const known = loaded.get(prefix)
  if (known !== undefined) return known
  const load = serviceFiles[pathOf(prefix)]
  if (load === undefined) return null
  const file = await load()
  loaded.set(prefix, file)
  return file
}

/** Facts that know the services named; another service is read as one without actions, so ask for all that are named. */
export async function factsFor(prefixes: Iterable<string>): Promise<Facts> {
  const known = await factsIndex()
  await Promise.all([...prefixes].map(loadService))
  return factsOf(known, (prefix) => loaded.get(prefix) ?? withoutActions(prefix))
}

const withoutActions = (service: string): ServiceFile => ({
  service,
  resourceTypes: [],
  actions: {},
  keys: [],
})
