import { AwsError, type Call, type Caller, type World } from '../../core/contract.ts'

export interface Principal {
  readonly PrincipalARN: string
  readonly PrincipalType: string
}

export interface Portfolio {
  readonly id: string
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly description: string
  readonly provider: string
  readonly createdAt: number
  readonly principals: readonly Principal[]
  readonly productIds: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

export interface Artifact {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly createdAt: number
  readonly active: boolean
}

export interface Product {
  readonly id: string
  readonly viewId: string
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly owner: string
  readonly description: string
  readonly type: string
  readonly createdAt: number
  readonly artifacts: readonly Artifact[]
}

export type ProductStatus = 'AVAILABLE' | 'UNDER_CHANGE' | 'TAINTED' | 'ERROR'

export interface ProvisionedProduct {
  readonly id: string
  readonly arn: string
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly type: string
  readonly status: ProductStatus
  /** What it was before the change that runs. */
  readonly previousStatus: ProductStatus
  readonly message: string | null
  readonly createdAt: number
  readonly token: string
  readonly productId: string
  readonly artifactId: string
  readonly lastRecordId: string
  readonly lastProvisioningRecordId: string
  readonly lastSuccessfulProvisioningRecordId: string | null
  readonly userArn: string
  readonly userArnSession: string
  readonly tags: Readonly<Record<string, string>>
  readonly parameters: Readonly<Record<string, string>>
  /** The AWS account that Account Factory made. */
  readonly managedAccountId: string | null
  readonly outputs: readonly Output[]
}

export interface Output {
  readonly OutputKey: string
  readonly OutputValue: string
  readonly Description: string
}

export type RecordType = 'PROVISION_PRODUCT' | 'UPDATE_PROVISIONED_PRODUCT' | 'TERMINATE_PROVISIONED_PRODUCT'
export type RecordStatus = 'CREATED' | 'IN_PROGRESS' | 'IN_PROGRESS_IN_ERROR' | 'SUCCEEDED' | 'FAILED'

export interface CatalogRecord {
  readonly id: string
  readonly accountId: string
  readonly region: string
  readonly type: RecordType
  readonly status: RecordStatus
  readonly createdAt: number
  readonly updatedAt: number
  readonly provisionedProductId: string
  readonly provisionedProductName: string
  readonly provisionedProductType: string
  readonly productId: string
  readonly artifactId: string
  readonly pathId: string
  readonly userArnSession: string
  readonly errors: readonly { readonly Code: string; readonly Description: string }[]
  readonly outputs: readonly Output[]
  readonly tags: Readonly<Record<string, string>>
}

export const CONTROL_TOWER_ACCOUNT = 'CONTROL_TOWER_ACCOUNT'

export const portfoliosOf = (world: World) => world.table<Portfolio>('servicecatalog.portfolios')
export const productsOf = (world: World) => world.table<Product>('servicecatalog.products')
export const provisionedOf = (world: World) => world.table<ProvisionedProduct>('servicecatalog.provisioned')
export const recordsOf = (world: World) => world.table<CatalogRecord>('servicecatalog.records')
/** `<account>/<region>/<name>` → provisioned product. */
export const namesOf = (world: World) => world.table<string>('servicecatalog.names')
/** `<account>/<e-mail>` → provisioned product. */
export const emailsOf = (world: World) => world.table<string>('servicecatalog.emails')
/** `<account>/<token>` → record: tokens make calls idempotent. */
export const tokensOf = (world: World) => world.table<string>('servicecatalog.tokens')

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
export const newId = (world: World, prefix: string) => `${prefix}-${world.id(13, ALPHABET)}`

export const nameKey = ({ accountId, region }: { accountId: string; region: string }, name: string) =>
  `${accountId}/${region}/${name}`
export const emailKey = (accountId: string, email: string) => `${accountId}/${email.toLowerCase()}`

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message)
export const invalidParameters = (message: string) => new AwsError('InvalidParametersException', message)

export const productArn = (p: Product) => `arn:aws:catalog:${p.region}:${p.accountId}:product/${p.id}`
export const portfolioArn = (p: Portfolio) => `arn:aws:catalog:${p.region}:${p.accountId}:portfolio/${p.id}`

/** Root never launches; a role or user launches when it, or a pattern that fits it, is a principal. */
export function isPrincipal(portfolio: Portfolio, caller: Caller): boolean {
  const arn = caller.roleArn ?? caller.arn
  if (arn.endsWith(':root')) return false
  return portfolio.principals.some(({ PrincipalARN, PrincipalType }) =>
    PrincipalType === 'IAM' ? PrincipalARN === arn : patternFits(PrincipalARN, arn),
  )
}

function patternFits(pattern: string, arn: string): boolean {
  const glob = (text: string) =>
    text
      .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
  const [wanted, actual] = [pattern.split(':'), arn.split(':')]
  return new RegExp(`^${glob(wanted.slice(5).join(':'))}$`).test(actual.slice(5).join(':'))
}

const here = (call: Call<unknown>, { accountId, region }: { accountId: string; region: string }) =>
  accountId === call.caller.accountId && region === call.region

export const portfoliosHere = (call: Call<unknown>) =>
  [...portfoliosOf(call.world).values()].filter((p) => here(call, p))
export const productsHere = (call: Call<unknown>) =>
  [...productsOf(call.world).values()].filter((p) => here(call, p))

/** Portfolios through which the caller may launch the product. */
export const launchPortfolios = (call: Call<unknown>, productId: string) =>
  portfoliosHere(call).filter((p) => p.productIds.includes(productId) && isPrincipal(p, call.caller))

/** Path ids are derived from the portfolio, so that they stay the same. */
export const pathId = (portfolio: Portfolio) => portfolio.id.replace(/^port-/, 'lpv3-')

export interface ProductRef {
  readonly ProductId?: string
  readonly ProductName?: string
}

export function productOf(call: Call<unknown>, { ProductId, ProductName }: ProductRef): Product {
  if (ProductId === undefined && ProductName === undefined)
    throw invalidParameters('You must provide either the name or ID of the product.')
  const found = productsHere(call).find((p) =>
    ProductId === undefined ? p.name === ProductName : p.id === ProductId || p.viewId === ProductId,
  )
  if (found) return found
  throw notFound(
    ProductId === undefined
      ? `Product with name ${ProductName} not found`
      : `Product with id ${ProductId} not found`,
  )
}

export function portfolioOf(call: Call<unknown>, id: string): Portfolio {
  const found = portfoliosOf(call.world).get(id)
  if (!found || !here(call, found)) throw notFound(`Portfolio ${id} not found`)
  return found
}

/** The product is gone for searches; its records stay. */
export function forget(world: World, provisioned: ProvisionedProduct): void {
  provisionedOf(world).delete(provisioned.id)
  namesOf(world).delete(nameKey(provisioned, provisioned.name))
  const email = emailKey(provisioned.accountId, provisioned.parameters.AccountEmail ?? '')
  if (emailsOf(world).get(email) === provisioned.id) emailsOf(world).delete(email)
}
