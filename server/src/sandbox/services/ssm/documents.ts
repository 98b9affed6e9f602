import { createHash } from 'node:crypto'
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { checkContent } from './content.ts'
import {
  arnOf,
  type Document,
  documentsOf,
  findDocument,
  keyOf,
  unknownDocument,
  type Version,
  versionOf,
} from './state.ts'

interface CreateInput {
  readonly Name: string
  readonly Content: string
  readonly DocumentType?: string
  readonly DocumentFormat?: 'JSON' | 'YAML' | 'TEXT'
  readonly VersionName?: string
}

const save = (world: World, one: Document) =>
  documentsOf(world).put(keyOf(one.accountId, one.region, one.name), one)

export function createDocument(call: Call<CreateInput>) {
  const { world, input, caller, region } = call
  const {
    Name: name,
    Content: content,
    DocumentType: type = 'Command',
    DocumentFormat: format = 'JSON',
  } = input
  if (/^(aws|amazon|amzn)/i.test(name))
    throw new AwsError(
      'InvalidDocumentContent',
      `The name ${name} begins with a prefix that AWS keeps for itself.`,
    )
  if (documentsOf(world).has(keyOf(caller.accountId, region, name)))
    throw new AwsError('DocumentAlreadyExists', 'The specified document already exists.')
  if (format === 'TEXT') throw new AwsError('InvalidDocumentContent', 'The sandbox takes JSON and YAML.')
  checkContent(world, content, format, type)
  const own = [...documentsOf(world).values()].filter(
    (d) => d.accountId === caller.accountId && d.region === region,
  )
  if (own.length >= world.limit('ssm.documents'))
    throw new AwsError(
      'DocumentLimitExceeded',
      `You can have at most ${world.limit('ssm.documents')} documents.`,
    )
  const now = world.now()
  const document: Document = {
    accountId: caller.accountId,
    region,
    name,
    type,
    versions: [{ number: 1, content, format, name: input.VersionName ?? null, createdAt: now }],
    defaultVersion: 1,
    sharedWith: {},
    createdAt: now,
    activeAt: now + world.duration('ssm.document'),
  }
  save(world, document)
  return { DocumentDescription: description(call, document, versionOf(document)) }
}

export const statusOf = ({ world }: Call<unknown>, { activeAt }: Document) =>
  world.now() < activeAt ? 'Creating' : 'Active'

function description(call: Call<unknown>, document: Document, version: Version) {
  return {
    Hash: createHash('sha256').update(version.content).digest('hex'),
    HashType: 'Sha256',
    Name: document.accountId === call.caller.accountId ? document.name : arnOf(document),
    VersionName: version.name ?? undefined,
    Owner: document.accountId,
    CreatedDate: version.createdAt,
    Status: statusOf(call, document),
    DocumentVersion: String(version.number),
    PlatformTypes: ['Windows', 'Linux', 'MacOS'],
    DocumentType: document.type,
    SchemaVersion: document.type === 'Automation' ? '0.3' : '2.2',
    LatestVersion: String(document.versions.at(-1)?.number),
    DefaultVersion: String(document.defaultVersion),
    DocumentFormat: version.format,
  }
}

function own(call: Call<{ Name: string }>): Document {
  const { world, caller, region, input } = call
  const found = documentsOf(world).get(keyOf(caller.accountId, region, input.Name))
  if (!found) throw unknownDocument(input.Name)
  return found
}

export function updateDocument(call: Call<CreateInput & { DocumentVersion?: string }>) {
  const { world, input } = call
  const document = own(call)
  const base = versionOf(document, input.DocumentVersion ?? '$LATEST')
  const format = input.DocumentFormat === 'YAML' ? 'YAML' : 'JSON'
  checkContent(world, input.Content, format, document.type)
  const last = document.versions.at(-1)
  if (base.number !== last?.number)
    throw new AwsError('InvalidDocumentVersion', 'Only the latest version of a document can be updated.')
  if (last.content === input.Content)
    throw new AwsError(
      'DuplicateDocumentContent',
      'The content of the association document matches another document. Change the content of the document and try again.',
    )
  if (document.versions.length >= world.limit('ssm.versions'))
    throw new AwsError(
      'DocumentVersionLimitExceeded',
      'The document has too many versions. Delete one or more.',
    )
  const version: Version = {
    number: last.number + 1,
    content: input.Content,
    format,
    name: input.VersionName ?? null,
    createdAt: world.now(),
  }
  const changed = { ...document, versions: [...document.versions, version] }
  save(world, changed)
  return { DocumentDescription: description(call, changed, version) }
}

export function updateDocumentDefaultVersion(call: Call<{ Name: string; DocumentVersion: string }>) {
  const document = own(call)
  const { number, name } = versionOf(document, call.input.DocumentVersion)
  save(call.world, { ...document, defaultVersion: number })
  return {
    Description: {
      Name: document.name,
      DefaultVersion: String(number),
      DefaultVersionName: name ?? undefined,
    },
  }
}

type Named = Call<{ Name: string; DocumentVersion?: string }>

function readable(call: Call<{ Name: string }>): Document {
  const found = findDocument(call, call.input.Name)
  if (!found) throw unknownDocument(call.input.Name)
  return found
}

export function getDocument(call: Named) {
  const document = readable(call)
  const version = versionOf(document, call.input.DocumentVersion)
  return {
    Name: call.input.Name,
    CreatedDate: version.createdAt,
    VersionName: version.name ?? undefined,
    DocumentVersion: String(version.number),
    Status: statusOf(call, document),
    Content: version.content,
    DocumentType: document.type,
    DocumentFormat: version.format,
  }
}

export function describeDocument(call: Named) {
  const document = readable(call)
  return { Document: description(call, document, versionOf(document, call.input.DocumentVersion)) }
}

interface Paging {
  readonly NextToken?: string
  readonly MaxResults?: number
}

const paged = <T>(items: readonly T[], { NextToken, MaxResults = 10 }: Paging) =>
  pageOf(items, { token: NextToken, size: MaxResults, badToken: 'InvalidNextToken' })

export function listDocumentVersions(call: Call<Paging & { Name: string }>) {
  const document = readable(call)
  const { items, next } = paged([...document.versions].reverse(), call.input)
  const DocumentVersions = items.map((version) => ({
    Name: document.name,
    DocumentVersion: String(version.number),
    VersionName: version.name ?? undefined,
    CreatedDate: version.createdAt,
    IsDefaultVersion: version.number === document.defaultVersion,
    DocumentFormat: version.format,
    Status: statusOf(call, document),
  }))
  return { DocumentVersions, NextToken: next }
}

interface Filter {
  readonly Key: string
  readonly Values?: readonly string[]
}

const MATCHES: Readonly<Record<string, (one: Document, wanted: string, caller: string) => boolean>> = {
  Owner: (one, wanted, caller) =>
    wanted === 'Self'
      ? one.accountId === caller
      : wanted === 'Private'
        ? one.accountId !== caller && caller in one.sharedWith
        : wanted === 'All' || (wanted === 'Public' && 'all' in one.sharedWith),
  Name: (one, wanted) => one.name.startsWith(wanted),
  DocumentType: (one, wanted) => one.type === wanted,
}

export function listDocuments(call: Call<Paging & { Filters?: readonly Filter[] }>) {
  const { world, input, caller, region } = call
  const filters = input.Filters ?? []
  for (const { Key } of filters)
    if (!(Key in MATCHES)) throw new AwsError('InvalidFilterKey', 'The specified key is not valid.')
  const fits = [...documentsOf(world).values()].filter(
    (one) =>
      one.region === region &&
      (one.accountId === caller.accountId || caller.accountId in one.sharedWith || 'all' in one.sharedWith) &&
      filters.every(({ Key, Values = [] }) =>
        Values.some((value) => MATCHES[Key]?.(one, value, caller.accountId)),
      ),
  )
  const { items, next } = paged(fits, input)
  const DocumentIdentifiers = items.map((one) => {
    const {
      Hash: _h,
      HashType: _t,
      Status: _s,
      LatestVersion: _l,
      DefaultVersion: _d,
      ...told
    } = description(call, one, versionOf(one))
    return told
  })
  return { DocumentIdentifiers, NextToken: next }
}

export function deleteDocument(call: Call<{ Name: string; DocumentVersion?: string }>) {
  const document = own(call)
  if (Object.keys(document.sharedWith).length > 0)
    throw new AwsError(
      'InvalidDocumentOperation',
      'You attempted to delete a document while it is still shared. You must stop sharing the document before you can delete it.',
    )
  const { DocumentVersion: wanted } = call.input
  if (wanted === undefined) {
    documentsOf(call.world).delete(keyOf(document.accountId, document.region, document.name))
    return {}
  }
  const { number } = versionOf(document, wanted)
  if (number === document.defaultVersion)
    throw new AwsError('InvalidDocumentOperation', 'The default version of a document cannot be deleted.')
  save(call.world, { ...document, versions: document.versions.filter((one) => one.number !== number) })
  return {}
}

interface ModifyInput {
  readonly Name: string
  readonly PermissionType: string
  readonly AccountIdsToAdd?: readonly string[]
  readonly AccountIdsToRemove?: readonly string[]
  readonly SharedDocumentVersion?: string
}

export function modifyDocumentPermission(call: Call<ModifyInput>) {
  const { world, input } = call
  const document = own(call)
  const gone = new Set(input.AccountIdsToRemove)
  const kept = Object.entries(document.sharedWith).filter(([id]) => !gone.has(id))
  const added = (input.AccountIdsToAdd ?? []).map(
    (id) => [id, input.SharedDocumentVersion ?? '$DEFAULT'] as const,
  )
  const sharedWith = Object.fromEntries([...kept, ...added])
  const limit = world.limit('ssm.shared_accounts')
  if (Object.keys(sharedWith).length > limit)
    throw new AwsError(
      'DocumentPermissionLimit',
      `The document cannot be shared with more than ${limit} accounts.`,
    )
  save(world, { ...document, sharedWith })
  return {}
}

export function describeDocumentPermission(call: Call<Paging & { Name: string }>) {
  const entries = Object.entries(own(call).sharedWith)
  const { items, next } = paged(entries, { ...call.input, MaxResults: call.input.MaxResults ?? 200 })
  return {
    AccountIds: items.map(([id]) => id),
    AccountSharingInfoList: items.map(([AccountId, SharedDocumentVersion]) => ({
      AccountId,
      SharedDocumentVersion,
    })),
    NextToken: next,
  }
}
