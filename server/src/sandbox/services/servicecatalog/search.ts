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

export function searchProvisionedProducts(call: Call<SearchInput>) {
  const { world, input } = call
  const queries = input.Filters?.SearchQuery ?? []
  const tests = queries.map(queryTest)
  const products = new Map([...productsOf(world).values()].map((p) => [p.id, p]))
  const views = candidates(call, queries).map((p) => searchView(p, products.get(p.productId)))
  const found = sorted(
    views.filter((view) => tests.every((test) => test(view))),
    input,
  )
  const { items, next } = page(found, input)
  return { ProvisionedProducts: items, TotalResultsCount: found.length, NextPageToken: next }
}

/** `name:x` without a wildcard is a look-up: clients search by name again and again. */
function candidates(call: Call<SearchInput>, queries: readonly string[]): ProvisionedProduct[] {
  const [, name] = /^name:"?([^*"]+)"?$/.exec(queries[0] ?? '') ?? []
  if (name === undefined) return provisionedHere(call)
  const found = named(call.world, nameKey({ accountId: call.caller.accountId, region: call.region }, name))
  return found && visibleTo(call, found.userArnSession) ? [found] : []
}

const named = (world: World, key: string) => provisionedOf(world).get(namesOf(world).get(key) ?? '')

const searchView = (p: ProvisionedProduct, product: Product | undefined) => ({
  ...detail(p),
  Tags: tagsFromMap(p.tags),
  PhysicalId: p.managedAccountId,
  ProductName: product?.name,
  ProvisioningArtifactName: product?.artifacts.find((a) => a.id === p.artifactId)?.name,
  UserArn: withoutSession(p.userArn),
  UserArnSession: p.userArnSession,
})

type SearchView = ReturnType<typeof searchView>

/** A member by the name that queries and `SortBy` use: `createdTime` is `CreatedTime`. */
function value(view: SearchView, field: string): string {
  const name = `${field.charAt(0).toUpperCase()}${field.slice(1)}` as keyof SearchView
  const found = view[name]
  return typeof found === 'string' ? found : ''
}

/** `name:value` compares one field, with `*`; other text is looked for in name, id, status and account. */
function queryTest(query: string): (view: SearchView) => boolean {
  const [, field, wanted] = /^(\w+):(.*)$/s.exec(query) ?? []
  if (field === undefined || wanted === undefined)
    return (view) =>
      [view.Name, view.Id, view.Status, view.PhysicalId ?? ''].some((text) => text.includes(query))
  const parts = wanted.replace(/^"|"$/g, '').split('*')
  const pattern = new RegExp(
    `^${parts.map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&')).join('.*')}$`,
    'i',
  )
  return (view) => pattern.test(value(view, field))
}

function sorted(views: SearchView[], { SortBy, SortOrder }: SearchInput): SearchView[] {
  if (SortBy === undefined) return views
  const sign = SortOrder === 'DESCENDING' ? -1 : 1
  const key = (v: SearchView) =>
    SortBy === 'createdTime' ? String(v.CreatedTime).padStart(15, '0') : value(v, SortBy)
  return views.sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}
