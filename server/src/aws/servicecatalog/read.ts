import { createHash } from 'node:crypto'
import {
  DescribeProductCommand,
  DescribeProvisionedProductCommand,
  DescribeRecordCommand,
  type ProvisionedProductDetail,
  type RecordDetail,
  SearchProvisionedProductsCommand,
  type ServiceCatalogClient,
} from '@aws-sdk/client-service-catalog'
import { denied, RankanError } from '../../kernel/errors.ts'
import { unless } from '../errors.ts'

/** Name of the product that Control Tower puts into Service Catalog. */
const ACCOUNT_FACTORY = 'AWS Control Tower Account Factory'
/** AWS: `[a-zA-Z0-9][a-zA-Z0-9._-]*`, at most 128 characters. */
const NAME_LIMIT = 128

/** The name carries the order's token, so that the product of an order can be described directly. */
export function productName(token: string): string {
  const name = `rankan-${token}`
  if (name.length <= NAME_LIMIT) return name
  return `rankan-${createHash('sha256').update(token).digest('hex')}`
}

/** null when there is no product of that name. */
export async function productByName(
  client: ServiceCatalogClient,
  name: string,
): Promise<ProvisionedProductDetail | null> {
  return unless(
    ['ResourceNotFoundException'],
    async () => {
      const answer = await client.send(new DescribeProvisionedProductCommand({ Name: name }))
      return answer.ProvisionedProductDetail ?? null
    },
    () => null,
  )
}

export async function productById(
  client: ServiceCatalogClient,
  id: string,
): Promise<ProvisionedProductDetail | null> {
  return unless(
    ['ResourceNotFoundException'],
    async () => {
      const answer = await client.send(new DescribeProvisionedProductCommand({ Id: id }))
      return answer.ProvisionedProductDetail ?? null
    },
    () => null,
  )
}

/** The Account Factory product behind an account: its physical id is the account's. */
export async function productOfAccount(client: ServiceCatalogClient, accountId: string) {
  const products = await search(client, `physicalId:${accountId}`)
  return products.find((p) => p.PhysicalId === accountId) ?? null
}

/** The account behind a product, where its record has no outputs (yet). */
export async function accountOfProduct(
  client: ServiceCatalogClient,
  productId: string,
): Promise<string | null> {
  const products = await search(client, `id:${productId}`)
  return products.find((p) => p.Id === productId)?.PhysicalId || null
}

async function search(client: ServiceCatalogClient, query: string) {
  const { ProvisionedProducts } = await client.send(
    new SearchProvisionedProductsCommand({
      AccessLevelFilter: { Key: 'Account', Value: 'self' },
      Filters: { SearchQuery: [query] },
    }),
  )
  return ProvisionedProducts ?? []
}

export interface RecordView {
  readonly detail: RecordDetail
  readonly accountId: string | null
}

export async function record(client: ServiceCatalogClient, recordId: string): Promise<RecordView> {
  const { RecordDetail: detail, RecordOutputs: outputs } = await client.send(
    new DescribeRecordCommand({ Id: recordId }),
  )
  if (!detail)
    throw new RankanError('unavailable', 'no_record', `AWS gave no detail of record \`${recordId}\`.`)
  const accountId = outputs?.find((o) => o.OutputKey === 'AccountId')?.OutputValue
  return { detail, accountId: accountId || null }
}

export interface AccountFactoryProduct {
  readonly productId: string
  readonly artifactId: string
  readonly pathId: string
}

/** The product's newest active version and the path by which our role may launch it. */
export async function accountFactory(client: ServiceCatalogClient): Promise<AccountFactoryProduct> {
  const { ProductViewSummary, ProvisioningArtifacts, LaunchPaths } = await client.send(
    new DescribeProductCommand({ Name: ACCOUNT_FACTORY }),
  )
  const artifact = (ProvisioningArtifacts ?? [])
    .filter((a) => a.Guidance !== 'DEPRECATED')
    .sort((a, b) => (b.CreatedTime?.getTime() ?? 0) - (a.CreatedTime?.getTime() ?? 0))[0]
  const path = LaunchPaths?.[0]
  if (!ProductViewSummary?.ProductId || !artifact?.Id || !path?.Id) throw noLaunchPath()
  return { productId: ProductViewSummary.ProductId, artifactId: artifact.Id, pathId: path.Id }
}

const noLaunchPath = () =>
  denied(
    'no_launch_path',
    `No launch path of \`${ACCOUNT_FACTORY}\` for Rankan's role: associate the role with the portfolio \`AWS Control Tower Account Factory Portfolio\`, or repair the drift of the landing zone.`,
  )
