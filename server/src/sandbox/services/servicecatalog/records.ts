import type { Call, World } from '../../core/contract.ts'
import { tagsFromMap } from '../shared/world.ts'
import { type PageInput, page } from './products.ts'
import {
  type CatalogRecord,
  invalidParameters,
  nameKey,
  namesOf,
  notFound,
  type ProvisionedProduct,
  productsOf,
  provisionedOf,
  recordsOf,
} from './state.ts'

export const recordView = (record: CatalogRecord) => ({
  RecordId: record.id,
  ProvisionedProductName: record.provisionedProductName,
  Status: record.status,
  CreatedTime: record.createdAt,
  UpdatedTime: record.updatedAt,
  ProvisionedProductType: record.provisionedProductType,
  RecordType: record.type,
  ProvisionedProductId: record.provisionedProductId,
  ProductId: record.productId,
  ProvisioningArtifactId: record.artifactId,
  PathId: record.pathId,
  RecordErrors: record.errors,
  RecordTags: tagsFromMap(record.tags),
})

export function updateRecord(world: World, id: string, fields: Partial<CatalogRecord>): void {
  const record = recordsOf(world).get(id)
  if (record) recordsOf(world).put(id, { ...record, ...fields, updatedAt: world.now() })
}

export function describeRecord(call: Call<{ Id: string }>) {
  const record = recordsOf(call.world).get(call.input.Id)
  if (!record || record.accountId !== call.caller.accountId || record.region !== call.region)
    throw notFound(`Record ${call.input.Id} not found`)
  return { RecordDetail: recordView(record), RecordOutputs: record.outputs }
}

interface AccessLevel {
  readonly AccessLevelFilter?: { readonly Key?: string; readonly Value?: string }
}

/** Without a filter a caller sees only its own: the trap that makes clients miss products of other sessions. */
function visibleTo(call: Call<AccessLevel>, session: string): boolean {
  const level = call.input.AccessLevelFilter?.Key ?? 'User'
  if (level === 'Account') return true
  const own = call.caller.arn
  return level === 'User' ? session === own : withoutSession(session) === withoutSession(own)
}

const withoutSession = (arn: string) =>
  arn.includes(':assumed-role/') ? arn.split('/').slice(0, 2).join('/') : arn

interface HistoryInput extends PageInput, AccessLevel {
  readonly SearchFilter?: { readonly Key?: string; readonly Value?: string }
}

export function listRecordHistory(call: Call<HistoryInput>) {
  const { Key, Value } = call.input.SearchFilter ?? {}
  const fits = (r: CatalogRecord) =>
    (Key !== 'provisionedproduct' || r.provisionedProductId === Value) &&
    (Key !== 'product' || r.productId === Value)
  const mine = [...recordsOf(call.world).values()].filter(
    (r) =>
      r.accountId === call.caller.accountId &&
      r.region === call.region &&
      visibleTo(call, r.userArnSession) &&
      fits(r),
  )
  const { items, next } = page(mine.reverse(), call.input)
  return { RecordDetails: items.map(recordView), NextPageToken: next }
}

export interface ProvisionedRef {
  readonly ProvisionedProductId?: string
  readonly ProvisionedProductName?: string
}

export function provisionedProductOf(call: Call<unknown>, ref: ProvisionedRef): ProvisionedProduct {
  const { ProvisionedProductId, ProvisionedProductName } = ref
  if ((ProvisionedProductId === undefined) === (ProvisionedProductName === undefined))
    throw invalidParameters(
      'You must provide either the name or ID of the provisioned product, but not both.',
    )
  const place = { accountId: call.caller.accountId, region: call.region }
  const id =
    ProvisionedProductId ?? namesOf(call.world).get(nameKey(place, ProvisionedProductName ?? '')) ?? ''
  const found = provisionedOf(call.world).get(id)
  if (!found || found.accountId !== place.accountId || found.region !== place.region)
    throw notFound(`Provisioned product not found: ${ProvisionedProductId ?? ProvisionedProductName}`)
  return found
}

const detail = (p: ProvisionedProduct) => ({
  Name: p.name,
  Arn: p.arn,
  Type: p.type,
  Id: p.id,
  Status: p.status,
  StatusMessage: p.message,
  CreatedTime: p.createdAt,
  IdempotencyToken: p.token,
  LastRecordId: p.lastRecordId,
  LastProvisioningRecordId: p.lastProvisioningRecordId,
  LastSuccessfulProvisioningRecordId: p.lastSuccessfulProvisioningRecordId,
  ProductId: p.productId,
  ProvisioningArtifactId: p.artifactId,
})

export function describeProvisionedProduct(call: Call<{ Id?: string; Name?: string }>) {
  const ref = { ProvisionedProductId: call.input.Id, ProvisionedProductName: call.input.Name }
  return { ProvisionedProductDetail: detail(provisionedProductOf(call, ref)), CloudWatchDashboards: [] }
}

export function getProvisionedProductOutputs(
  call: Call<PageInput & ProvisionedRef & { OutputKeys?: readonly string[] }>,
) {
  const { outputs } = provisionedProductOf(call, call.input)
  const { OutputKeys } = call.input
  const unknown = OutputKeys?.find((key) => !outputs.some((o) => o.OutputKey === key))
  if (unknown !== undefined) throw invalidParameters(`The output key \`${unknown}\` does not exist.`)
  const { items, next } = page(
    outputs.filter((o) => !OutputKeys || OutputKeys.includes(o.OutputKey)),
    call.input,
  )
  return { Outputs: items, NextPageToken: next }
}

const provisionedHere = (call: Call<AccessLevel>) =>
  [...provisionedOf(call.world).values()].filter(
    (p) =>
      p.accountId === call.caller.accountId && p.region === call.region && visibleTo(call, p.userArnSession),
  )

export function scanProvisionedProducts(call: Call<PageInput & AccessLevel>) {
  const { items, next } = page(provisionedHere(call), call.input)
  return { ProvisionedProducts: items.map(detail), NextPageToken: next }
}

interface SearchInput extends PageInput, AccessLevel {
  readonly Filters?: Readonly<Record<string, readonly string[]>>
  readonly SortBy?: string
  readonly SortOrder?: string
}

export function searchProvisionedProducts(call: Call<SearchInput>) {
  const { world, input } = call
  const queries = input.Filters?.SearchQuery ?? []
  const views = provisionedHere(call).map((p) => searchView(world, p))
  const found = sorted(
    views.filter((v) => queries.every((q) => queryFits(v, q))),
    input,
  )
  const { items, next } = page(found, input)
  return { ProvisionedProducts: items, TotalResultsCount: found.length, NextPageToken: next }
}

const searchView = (world: World, p: ProvisionedProduct) => ({
  ...detail(p),
  Tags: tagsFromMap(p.tags),
  PhysicalId: p.managedAccountId,
  ProductName: productsOf(world).get(p.productId)?.name,
  ProvisioningArtifactName: productsOf(world)
    .get(p.productId)
    ?.artifacts.find((a) => a.id === p.artifactId)?.name,
  UserArn: withoutSession(p.userArn),
  UserArnSession: p.userArnSession,
})

type SearchView = ReturnType<typeof searchView>

const value = (view: SearchView, field: string): string => {
  const name = `${field.charAt(0).toUpperCase()}${field.slice(1)}` as keyof SearchView
  const found = view[name]
  return typeof found === 'string' ? found : ''
}

/** `name:value` compares one field, with `*`; other text is looked for in name, id and status. */
function queryFits(view: SearchView, query: string): boolean {
  const [, field, wanted] = /^(\w+):(.*)$/s.exec(query) ?? []
  if (field === undefined || wanted === undefined)
    return [view.Name, view.Id, view.Status, view.PhysicalId ?? ''].some((text) => text.includes(query))
  const pattern = wanted
    .replace(/^"|"$/g, '')
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${pattern.join('.*')}$`, 'i').test(value(view, field))
}

function sorted(views: SearchView[], { SortBy, SortOrder }: SearchInput): SearchView[] {
  if (SortBy === undefined) return views
  const sign = SortOrder === 'DESCENDING' ? -1 : 1
  const key = (v: SearchView) =>
    SortBy === 'createdTime' ? String(v.CreatedTime).padStart(15, '0') : value(v, SortBy)
  return views.sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}
