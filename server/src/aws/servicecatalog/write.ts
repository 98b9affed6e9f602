import {
  ProvisionProductCommand,
  type ServiceCatalogClient,
  TerminateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog'
import { RankanError } from '../../kernel/errors.ts'
import type { AccountOrder, OperationHandle } from '../../ports/estate.ts'
import type { AccountFactoryProduct } from './read.ts'
import { productName } from './read.ts'

export const markOf = (order: AccountOrder) => ({ name: order.name, email: order.email })

/** No TagOptions, notifications or plan: Account Factory fails with any of them. Tags are set on the account itself. */
export async function provision(
  client: ServiceCatalogClient,
  product: AccountFactoryProduct,
  order: AccountOrder,
): Promise<OperationHandle> {
  const { RecordDetail } = await client.send(
    new ProvisionProductCommand({
      ProductId: product.productId,
      ProvisioningArtifactId: product.artifactId,
      PathId: product.pathId,
      ProvisionedProductName: productName(order.token),
      ProvisionToken: order.token,
      ProvisioningParameters: parametersOf(order),
    }),
  )
  if (!RecordDetail?.RecordId || !RecordDetail.ProvisionedProductId)
    throw new RankanError('unavailable', 'no_record', 'AWS accepted the product but named no record.')
  return {
    kind: 'service_catalog_record',
    recordId: RecordDetail.RecordId,
    provisionedProductId: RecordDetail.ProvisionedProductId,
    order: markOf(order),
  }
}

/** @returns the id of the record of the termination. */
export async function terminate(
  client: ServiceCatalogClient,
  product: { readonly Id?: string; readonly LastRecordId?: string },
): Promise<string> {
  const { RecordDetail } = await client.send(
    new TerminateProvisionedProductCommand({
      ProvisionedProductId: product.Id,
      // Two workers that see the same state ask for one termination; after a failed one the state is another.
      TerminateToken: `rankan-${product.LastRecordId ?? product.Id}`,
    }),
  )
  return RecordDetail?.RecordId ?? ''
}

function parametersOf(order: AccountOrder) {
  const values = {
    AccountEmail: order.email,
    AccountName: order.name,
    ManagedOrganizationalUnit: `${order.ou.name} (${order.ou.id})`,
    SSOUserEmail: order.ssoUser.email,
    SSOUserFirstName: order.ssoUser.firstName,
    SSOUserLastName: order.ssoUser.lastName,
  }
  return Object.entries(values).map(([Key, Value]) => ({ Key, Value }))
}
