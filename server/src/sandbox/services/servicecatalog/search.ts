/** SearchProvisionedProducts: filters and order over ten thousand rows. */
import type { Call, World } from '../../core/contract.ts'
import { tagsFromMap } from '../shared/world.ts'
import { type PageInput, page } from './products.ts'
import { type AccessLevel, detail, provisionedHere, visibleTo, withoutSession } from './records.ts'
import {
  nameKey,
  namesOf,
  type Product,
  type ProvisionedProduct,
  productsOf,
  provisionedOf,
} from './state.ts'

interface SearchInput extends PageInput, AccessLevel {
  readonly Filters?: Readonly<Record<string, readonly string[]>>
  readonly SortBy?: string
  readonly SortOrder?: string
}

interface Row {
  readonly provisioned: ProvisionedProduct
  readonly product: Product | undefined
}

/** Only the rows of the page become what the client sees; filters and order look at the rows themselves. */
export function searchProvisionedProducts(call: Call<SearchInput>) {
  const { world, input } = call
  const queries = input.Filters?.SearchQuery ?? []
  const tests = queries.map(queryTest)
  const products = new Map([...productsOf(world).values()].map((p) => [p.id, p]))
  const rows = candidates(call, queries).map((p) => ({ provisioned: p, product: products.get(p.productId) }))
  const found = sorted(
    rows.filter((row) => tests.every((test) => test(row))),
    input,
  )
  const { items, next } = page(found, input)
  return { ProvisionedProducts: items.map(view), TotalResultsCount: found.length, NextPageToken: next }
}

/** `name:x` without a wildcard is a look-up: clients search by name again and again. */
function candidates(call: Call<SearchInput>, queries: readonly string[]): ProvisionedProduct[] {
  const [, name] = /^name:"?([^*"]+)"?$/.exec(queries[0] ?? '') ?? []
  if (name === undefined) return provisionedHere(call)
  const found = named(call.world, nameKey({ accountId: call.caller.accountId, region: call.region }, name))
  return found && visibleTo(call, found.userArnSession) ? [found] : []
}

const named = (world: World, key: string) => provisionedOf(world).get(namesOf(world).get(key) ?? '')

const artifactName = ({ provisioned, product }: Row) =>
  product?.artifacts.find((a) => a.id === provisioned.artifactId)?.name

const view = (row: Row) => ({
  ...detail(row.provisioned),
  Tags: tagsFromMap(row.provisioned.tags),
  PhysicalId: row.provisioned.managedAccountId,
  ProductName: row.product?.name,
  ProvisioningArtifactName: artifactName(row),
  UserArn: withoutSession(row.provisioned.userArn),
  UserArnSession: row.provisioned.userArnSession,
})

/** The fields that queries and `SortBy` name. Source: Service Catalog API, SearchProvisionedProducts. */
const FIELDS: Readonly<Record<string, (row: Row) => string | null | undefined>> = {
  arn: (row) => row.provisioned.arn,
  createdTime: (row) => String(row.provisioned.createdAt).padStart(15, '0'),
  id: (row) => row.provisioned.id,
  idempotencyToken: (row) => row.provisioned.token,
  lastProvisioningRecordId: (row) => row.provisioned.lastProvisioningRecordId,
  lastRecordId: (row) => row.provisioned.lastRecordId,
  lastSuccessfulProvisioningRecordId: (row) => row.provisioned.lastSuccessfulProvisioningRecordId,
  name: (row) => row.provisioned.name,
  physicalId: (row) => row.provisioned.managedAccountId,
  productId: (row) => row.provisioned.productId,
  productName: (row) => row.product?.name,
  provisioningArtifactId: (row) => row.provisioned.artifactId,
  provisioningArtifactName: artifactName,
  status: (row) => row.provisioned.status,
  type: (row) => row.provisioned.type,
  userArn: (row) => withoutSession(row.provisioned.userArn),
  userArnSession: (row) => row.provisioned.userArnSession,
}

const FREE_TEXT = ['name', 'id', 'status', 'physicalId']

/** `name:value` compares one field, with `*`; other text is looked for in name, id, status and account. */
function queryTest(query: string): (row: Row) => boolean {
  const [, field = '', wanted] = /^(\w+):(.*)$/s.exec(query) ?? []
  const read = FIELDS[field]
  if (read === undefined || wanted === undefined)
    return (row) => FREE_TEXT.some((name) => FIELDS[name]?.(row)?.includes(query))
  const parts = wanted.replace(/^"|"$/g, '').split('*')
  const literal = (part: string) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&')
  const pattern = new RegExp(`^${parts.map(literal).join('.*')}$`, 'i')
  return (row) => pattern.test(read(row) ?? '')
}

function sorted(rows: Row[], { SortBy = '', SortOrder }: SearchInput): Row[] {
  const read = FIELDS[SortBy]
  if (read === undefined) return rows
  const sign = SortOrder === 'DESCENDING' ? -1 : 1
  const key = (row: Row) => read(row) ?? ''
  return rows.sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}
