import type { Call } from '../../core/contract.ts'
import { type Page, pageOf } from '../shared/paging.ts'
import {
  type Artifact,
  invalidParameters,
  launchPortfolios,
  notFound,
  type Product,
  type ProductRef,
  pathId,
  portfoliosHere,
  productArn,
  productOf,
  productsHere,
} from './state.ts'

export interface PageInput {
  readonly PageToken?: string
  readonly PageSize?: number
}

export const page = <T>(items: readonly T[], { PageToken, PageSize }: PageInput): Page<T> =>
  pageOf(items, { token: PageToken, size: PageSize ?? 20, badToken: 'InvalidParametersException' })

const view = (product: Product, hasPath: boolean) => ({
  Id: product.viewId,
  ProductId: product.id,
  Name: product.name,
  Owner: product.owner,
  ShortDescription: product.description,
  Type: product.type,
  HasDefaultPath: hasPath,
})

const detail = (product: Product) => ({
  ProductViewSummary: view(product, false),
  Status: 'AVAILABLE',
  ProductARN: productArn(product),
  CreatedTime: product.createdAt,
})

const artifactView = (artifact: Artifact) => ({
  Id: artifact.id,
  Name: artifact.name,
  Description: artifact.description,
  CreatedTime: artifact.createdAt,
  Guidance: 'DEFAULT',
})

const artifactDetail = (artifact: Artifact) => ({
  ...artifactView(artifact),
  Type: 'CLOUD_FORMATION_TEMPLATE',
  Active: artifact.active,
})

interface SearchInput extends PageInput {
  readonly Filters?: Readonly<Record<string, readonly string[]>>
}

const textOf = (product: Product) => `${product.name} ${product.owner} ${product.description}`.toLowerCase()

function fits(product: Product, filters: SearchInput['Filters'] = {}): boolean {
  const { FullTextSearch = [], Owner, ProductType } = filters
  return (
    FullTextSearch.every((text) => textOf(product).includes(text.toLowerCase())) &&
    (!Owner || Owner.includes(product.owner)) &&
    (!ProductType || ProductType.includes(product.type))
  )
}

/** What the caller may launch: only products of portfolios that it is a principal of. */
export function searchProducts(call: Call<SearchInput>) {
  const mine = productsHere(call).filter(
    (p) => launchPortfolios(call, p.id).length > 0 && fits(p, call.input.Filters),
  )
  const { items, next } = page(mine, call.input)
  return {
    ProductViewSummaries: items.map((p) => view(p, true)),
    ProductViewAggregations: {},
    NextPageToken: next,
  }
}

export function searchProductsAsAdmin(call: Call<SearchInput & { PortfolioId?: string }>) {
  const { PortfolioId, Filters } = call.input
  const inPortfolio = portfoliosHere(call).find((p) => p.id === PortfolioId)?.productIds
  const all = productsHere(call).filter(
    (p) => fits(p, Filters) && (!PortfolioId || inPortfolio?.includes(p.id)),
  )
  const { items, next } = page(all, call.input)
  return { ProductViewDetails: items.map(detail), NextPageToken: next }
}

type ById = Call<{ Id?: string; Name?: string }>

const asRef = ({ Id, Name }: { Id?: string; Name?: string }): ProductRef => ({
  ProductId: Id,
  ProductName: Name,
})

export function describeProduct(call: ById) {
  const product = productOf(call, asRef(call.input))
  const paths = launchPortfolios(call, product.id)
  if (paths.length === 0) throw notFound(`Product with id ${product.id} not found`)
  return {
    ProductViewSummary: view(product, true),
    ProvisioningArtifacts: product.artifacts.filter((a) => a.active).map(artifactView),
    LaunchPaths: paths.map((p) => ({ Id: pathId(p), Name: p.name })),
    Budgets: [],
  }
}

export function describeProductAsAdmin(call: ById) {
  const product = productOf(call, asRef(call.input))
  return {
    ProductViewDetail: detail(product),
    ProvisioningArtifactSummaries: product.artifacts.map(artifactView),
    Tags: [],
    TagOptions: [],
    Budgets: [],
  }
}

export const listProvisioningArtifacts = (call: Call<{ ProductId: string }>) => ({
  ProvisioningArtifactDetails: productOf(call, call.input).artifacts.map(artifactDetail),
})

interface ArtifactRef {
  readonly ProvisioningArtifactId?: string
  readonly ProvisioningArtifactName?: string
}

export function artifactOf(
  product: Product,
  { ProvisioningArtifactId, ProvisioningArtifactName }: ArtifactRef,
): Artifact {
  if (ProvisioningArtifactId === undefined && ProvisioningArtifactName === undefined)
    throw invalidParameters('You must provide either the name or ID of the provisioning artifact.')
  const found = product.artifacts.find((a) =>
    ProvisioningArtifactId === undefined
      ? a.name === ProvisioningArtifactName
      : a.id === ProvisioningArtifactId,
  )
  if (!found)
    throw notFound(`Provisioning artifact ${ProvisioningArtifactId ?? ProvisioningArtifactName} not found`)
  return found
}

export function describeProvisioningArtifact(call: Call<ProductRef & ArtifactRef>) {
  const artifact = artifactOf(productOf(call, call.input), call.input)
  return { ProvisioningArtifactDetail: artifactDetail(artifact), Status: 'AVAILABLE', Info: {} }
}

export const noLaunchPaths = (productId: string) =>
  notFound(`No launch paths found for resource: ${productId}`)

export function listLaunchPaths(call: Call<PageInput & { ProductId: string }>) {
  const product = productOf(call, call.input)
  const paths = launchPortfolios(call, product.id)
  if (paths.length === 0) throw noLaunchPaths(product.id)
  const { items, next } = page(paths, call.input)
  return {
    LaunchPathSummaries: items.map((p) => ({
      Id: pathId(p),
      Name: p.name,
      ConstraintSummaries: [],
      Tags: [],
    })),
    NextPageToken: next,
  }
}

/** The parameters of Account Factory; all six must be given. */
export const PARAMETERS: readonly {
  readonly key: string
  readonly description: string
  readonly pattern: string
}[] = [
  { key: 'AccountEmail', description: 'AccountEmail is the email of the new account.', pattern: '.{1,64}' },
  { key: 'AccountName', description: 'AccountName is the name of the new account.', pattern: '[ -~]{1,50}' },
  {
    key: 'ManagedOrganizationalUnit',
    description: 'Managed organizational unit of the account: NAME (ou-xxxx-yyyyyyyy).',
    pattern: '.{1,200}',
  },
  {
    key: 'SSOUserEmail',
    description: 'SSOUserEmail is the email of the IAM Identity Center user.',
    pattern: '.{1,254}',
  },
  {
    key: 'SSOUserFirstName',
    description: 'First name of the IAM Identity Center user.',
    pattern: '.{1,1024}',
  },
  { key: 'SSOUserLastName', description: 'Last name of the IAM Identity Center user.', pattern: '.{1,1024}' },
]

export function describeProvisioningParameters(call: Call<ProductRef & ArtifactRef>) {
  const product = productOf(call, call.input)
  artifactOf(product, call.input)
  if (launchPortfolios(call, product.id).length === 0) throw noLaunchPaths(product.id)
  return {
    ProvisioningArtifactParameters: PARAMETERS.map(({ key, description, pattern }) => ({
      ParameterKey: key,
      ParameterType: 'String',
      IsNoEcho: false,
      Description: description,
      ParameterConstraints: { AllowedPattern: pattern },
    })),
    ConstraintSummaries: [],
    UsageInstructions: [],
    TagOptions: [],
  }
}
