/** Clients of the services that make accounts, and the order of one account. */

import { OrganizationsClient, paginateListOrganizationalUnitsForParent } from '@aws-sdk/client-organizations'
import {
  DescribeRecordCommand,
  ListProvisioningArtifactsCommand,
  ProvisionProductCommand,
  SearchProductsCommand,
  ServiceCatalogClient,
} from '@aws-sdk/client-service-catalog'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { configOf, type Keys, post, seededOf } from './core-support.ts'

export const REGION = 'ap-northeast-1'
export const ALL = [
  'organizations:*',
  'servicecatalog:*',
  'controltower:*',
  'sso:*',
  'identitystore:*',
  'events:*',
  'sqs:*',
  'account:*',
  'support:*',
  'budgets:*',
  'servicequotas:*',
  'iam:*',
]

export const catalogOf = (sandbox: Sandbox, keys: Keys) =>
  new ServiceCatalogClient(configOf(sandbox, keys, REGION))
export const admin = (sandbox: Sandbox, index = 0): Keys => seededOf(sandbox, index).admin

export async function ouNamed(sandbox: Sandbox, name: string, index = 0): Promise<string> {
  const organization = seededOf(sandbox, index)
  const client = new OrganizationsClient(configOf(sandbox, organization.admin))
  for await (const page of paginateListOrganizationalUnitsForParent(
    { client },
    { ParentId: organization.rootId },
  ))
    for (const ou of page.OrganizationalUnits ?? []) if (ou.Name === name && ou.Id) return ou.Id
  throw new Error(`there is no OU ${name}`)
}

export interface Order {
  readonly name: string
  readonly ou: string
  readonly ouName?: string
  readonly email?: string
  readonly token?: string
  readonly product?: string
}

export const parametersOf = ({ name, ou, ouName = 'Production', email }: Order) =>
  Object.entries({
    AccountEmail: email ?? `${name}@tenant.example.jp`,
    AccountName: name,
    ManagedOrganizationalUnit: `${ouName} (${ou})`,
    SSOUserEmail: `owner-${name}@tenant.example.jp`,
    SSOUserFirstName: 'Hanako',
    SSOUserLastName: 'Sato',
  }).map(([Key, Value]) => ({ Key, Value }))

export async function accountFactory(catalog: ServiceCatalogClient) {
  const { ProductViewSummaries } = await catalog.send(
    new SearchProductsCommand({ Filters: { FullTextSearch: ['AWS Control Tower Account Factory'] } }),
  )
  const ProductId = ProductViewSummaries?.[0]?.ProductId
  const { ProvisioningArtifactDetails } = await catalog.send(
    new ListProvisioningArtifactsCommand({ ProductId }),
  )
  return { ProductId, ProvisioningArtifactId: ProvisioningArtifactDetails?.find((a) => a.Active)?.Id }
}

export async function provision(catalog: ServiceCatalogClient, order: Order) {
  const product = await accountFactory(catalog)
  const { RecordDetail } = await catalog.send(
    new ProvisionProductCommand({
      ...product,
      ProvisionedProductName: order.product ?? order.name,
      ProvisionToken: order.token ?? `token-${order.name}`,
      ProvisioningParameters: parametersOf(order),
    }),
  )
  return RecordDetail ?? {}
}

export const record = (catalog: ServiceCatalogClient, Id: string | undefined) =>
  catalog.send(new DescribeRecordCommand({ Id }))

export const minutes = (sandbox: Sandbox, n: number) => post(sandbox, 'time', { advanceMs: n * 60_000 })

export async function settled(sandbox: Sandbox, catalog: ServiceCatalogClient, Id: string | undefined) {
  for (let i = 0; i < 60; i++) {
    const found = await record(catalog, Id)
    const status = found.RecordDetail?.Status
    if (status === 'SUCCEEDED' || status === 'FAILED') return found
    await minutes(sandbox, 2)
  }
  throw new Error(`the record ${Id} does not end`)
}
