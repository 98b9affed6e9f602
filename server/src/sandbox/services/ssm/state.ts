import { AwsError, type Call, type Table, type World } from '../../core/contract.ts'

export interface Version {
  /** Counts from 1 and is never used again. */
  readonly number: number
  readonly content: string
  readonly format: 'JSON' | 'YAML'
  readonly name: string | null
  readonly createdAt: number
}

export interface Document {
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly type: string
  readonly versions: readonly Version[]
  readonly defaultVersion: number
  /** Account id, or `all`, → the version that is shared. */
  readonly sharedWith: Readonly<Record<string, string>>
  /** Name of the stack set that made it; left out: none. */
  readonly stackSet?: string
  readonly createdAt: number
  /** Until then it is `Creating`. */
  readonly activeAt: number
}

/** Key: account/Region/name. */
export const documentsOf = (world: World): Table<Document> => world.table('ssm.documents')
export const keyOf = (accountId: string, region: string, name: string) => `${accountId}/${region}/${name}`
export const arnOf = ({ accountId, region, name }: Document) =>
  `arn:aws:ssm:${region}:${accountId}:document/${name}`

export const unknownDocument = (name: string) =>
  new AwsError('InvalidDocument', `Document with name ${name} does not exist.`)

/** A document by its name, or one that another account shared by its ARN. */
export function findDocument({ world, caller, region }: Call<unknown>, name: string): Document | null {
  const arn = /^arn:aws[\w-]*:ssm:([a-z0-9-]+):(\d{12}):document\/(.+)$/.exec(name)
  if (!arn) return documentsOf(world).get(keyOf(caller.accountId, region, name)) ?? null
  const [, where = '', owner = '', short = ''] = arn
  const found = documentsOf(world).get(keyOf(owner, where, short))
  if (!found || where !== region) return null
  const shared = caller.accountId in found.sharedWith || 'all' in found.sharedWith
  return owner === caller.accountId || shared ? found : null
}

/** The version that a caller names; `$DEFAULT` when it names none. */
export function versionOf(document: Document, wanted = '$DEFAULT'): Version {
  const last = document.versions.at(-1)?.number ?? 0
  const number =
    wanted === '$LATEST' ? last : wanted === '$DEFAULT' ? document.defaultVersion : Number(wanted)
  const found = document.versions.find((one) => one.number === number)
  if (!found)
    throw new AwsError(
      'InvalidDocumentVersion',
      'The specified document version is not valid or does not exist.',
    )
  return found
}
