/** `AWS::SSM::Document` of the stacks that stack sets bring into accounts. */
import type { World } from '../../core/contract.ts'
import { type Document, documentsOf, keyOf } from './state.ts'

interface Place {
  readonly accountId: string
  readonly region: string
}

type Properties = Readonly<Record<string, unknown>>

/** With `UpdateMethod: NewVersion` another content is another version, and the default one. */
export function documentOfStack(
  world: World,
  { accountId, region }: Place,
  stackSet: string,
  given: Properties,
): void {
  const name = String(given.Name)
  const key = keyOf(accountId, region, name)
  const known = documentsOf(world).get(key)
  const content = JSON.stringify(given.Content)
  const last = known?.versions.at(-1)
  if (last?.content === content) return
  const now = world.now()
  const number = (last?.number ?? 0) + 1
  const version = { number, content, format: 'JSON' as const, name: null, createdAt: now }
  const made: Document = {
    accountId,
    region,
    name,
    type: String(given.DocumentType),
    sharedWith: {},
    createdAt: now,
    ...known,
    stackSet,
    versions: [...(known?.versions ?? []), version],
    defaultVersion: number,
    activeAt: now + world.duration('ssm.document'),
  }
  documentsOf(world).put(key, made)
}

/** Whether the document still says what the stack of that set wrote. */
export function isDocumentOfStack(
  world: World,
  { accountId, region }: Place,
  stackSet: string,
  given: Properties,
): boolean {
  const found = documentsOf(world).get(keyOf(accountId, region, String(given.Name)))
  const read = found?.versions.find(({ number }) => number === found.defaultVersion)
  return found?.stackSet === stackSet && read?.content === JSON.stringify(given.Content)
}

/** Of documents of that set only `kept` stay. */
export function removeDocumentsOfStack(
  world: World,
  { accountId, region }: Place,
  stackSet: string,
  kept: ReadonlySet<string>,
): void {
  for (const [key, one] of [...documentsOf(world).entries()]) {
    const here = one.accountId === accountId && one.region === region && one.stackSet === stackSet
    if (here && !kept.has(one.name)) documentsOf(world).delete(key)
  }
}
