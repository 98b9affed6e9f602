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

export interface AccessLevel {
  readonly AccessLevelFilter?: { readonly Key?: string; readonly Value?: string }
}

/** Without a filter a caller sees only its own: the trap that makes clients miss products of other sessions. */
export function visibleTo(call: Call<AccessLevel>, session: string): boolean {
  const level = call.input.AccessLevelFilter?.Key ?? 'User'
  if (level === 'Account') return true
  const own = call.caller.arn
  return level === 'User' ? session === own : withoutSession(session) === withoutSession(own)
}

export const withoutSession = (arn: string) =>
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

export const detail = (p: ProvisionedProduct) => ({
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

export const provisionedHere = (call: Call<AccessLevel>) =>
  [...provisionedOf(call.world).values()].filter(
    (p) =>
      p.accountId === call.caller.accountId && p.region === call.region && visibleTo(call, p.userArnSession),
  )

export function scanProvisionedProducts(call: Call<PageInput & AccessLevel>) {
  const { items, next } = page(provisionedHere(call), call.input)
  return { ProvisionedProducts: items.map(detail), NextPageToken: next }
}
