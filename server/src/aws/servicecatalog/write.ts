import {
  type ProvisionedProductAttribute,
  ProvisionProductCommand,
  type RecordDetail,
  type ServiceCatalogClient,
  TerminateProvisionedProductCommand,
  UpdateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog'
import { RankanError } from '../../kernel/errors.ts'
import type { AccountOrder, OperationHandle, OuRef } from '../../ports/estate.ts'
import type { AccountFactoryProduct } from './read.ts'
import { productName } from './read.ts'

export const markOf = (order: AccountOrder) => ({ name: order.name, email: order.email })

/** How many failed attempts of one order are looked past; each was cleared by a person or by Rankan. */
const SPENT_TOKENS = 10

/**
 * AWS answers a token that it has seen with the record it made then, also when that attempt failed and its product is
 * gone. The next token follows from that record, so every worker comes to the same one.
 */
export async function provision(
  client: ServiceCatalogClient,
  product: AccountFactoryProduct,
  order: AccountOrder,
): Promise<OperationHandle> {
  let token = productName(order.token)
  for (let spent = 0; spent < SPENT_TOKENS; spent++) {
    const record = await provisionOnce(client, product, order, token)
    if (record.Status !== 'FAILED') return handleOf(record, order)
    token = `rankan-after-${record.RecordId}`
  }
  throw new RankanError(
    'conflict',
    'too_many_attempts',
    `The order of \`${order.name}\` has failed ${SPENT_TOKENS} times; correct it and send a new one.`,
  )
}

/** No TagOptions, notifications or plan: Account Factory fails with any of them. Tags are set on the account itself. */
async function provisionOnce(
  client: ServiceCatalogClient,
  product: AccountFactoryProduct,
  order: AccountOrder,
  token: string,
): Promise<RecordDetail> {
  const { RecordDetail } = await client.send(
    new ProvisionProductCommand({
      ProductId: product.productId,
      ProvisioningArtifactId: product.artifactId,
      PathId: product.pathId,
      ProvisionedProductName: productName(order.token),
      ProvisionToken: token,
      ProvisioningParameters: parametersOf(order),
    }),
  )
  if (!RecordDetail?.RecordId || !RecordDetail.ProvisionedProductId)
    throw new RankanError('unavailable', 'no_record', 'AWS accepted the product but named no record.')
  return RecordDetail
}

const handleOf = (record: RecordDetail, order: AccountOrder): OperationHandle => ({
  kind: 'service_catalog_record',
  recordId: record.RecordId ?? '',
  provisionedProductId: record.ProvisionedProductId ?? '',
  order: markOf(order),
})

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

/** Control Tower moves the account and applies the controls of its new OU. */
export async function update(
  client: ServiceCatalogClient,
  product: ProvisionedProductAttribute,
  artifactId: string,
  ou: OuRef,
): Promise<void> {
  const kept = ['AccountEmail', 'AccountName', 'SSOUserEmail', 'SSOUserFirstName', 'SSOUserLastName']
  await client.send(
    new UpdateProvisionedProductCommand({
      ProvisionedProductId: product.Id,
      ProductId: product.ProductId,
      ProvisioningArtifactId: artifactId,
      ProvisioningParameters: [
        { Key: 'ManagedOrganizationalUnit', Value: ouValue(ou) },
        ...kept.map((Key) => ({ Key, UsePreviousValue: true })),
      ],
      UpdateToken: `rankan-${product.LastRecordId}-${ou.id}`,
    }),
  )
}

const ouValue = (ou: OuRef) => `${ou.name} (${ou.id})`

function parametersOf(order: AccountOrder) {
  const values = {
    AccountEmail: order.email,
    AccountName: order.name,
    ManagedOrganizationalUnit: ouValue(order.ou),
    SSOUserEmail: order.ssoUser.email,
    SSOUserFirstName: order.ssoUser.firstName,
    SSOUserLastName: order.ssoUser.lastName,
  }
  return Object.entries(values).map(([Key, Value]) => ({ Key, Value }))
}
