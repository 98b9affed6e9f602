import type { ServiceCatalogClient } from '@aws-sdk/client-service-catalog'
import { conflict } from '../../kernel/errors.ts'
import type { OperationView } from '../../ports/estate.ts'
import { recordFailure } from '../failures.ts'
import type { OrganizationReader } from '../organizations/read.ts'
import { accountFactory, productOfAccount, record } from './read.ts'
import { update } from './write.ts'

/**
 * An account of Account Factory is moved by updating its product: moved by Organizations alone it would drift away from
 * its landing zone. `MoveAccount` is left to accounts without a product.
 * @returns whether there is a product, so that nothing else has to move the account.
 */
export async function moveProduct(
  client: ServiceCatalogClient,
  organization: OrganizationReader,
  accountId: string,
  ouId: string,
): Promise<boolean> {
  const product = await productOfAccount(client, accountId)
  if (product === null || ouId.startsWith('r-')) return false
  if (product.Status === 'UNDER_CHANGE' || product.Status === 'PLAN_IN_PROGRESS')
    throw conflict('product_under_change', `The product of account \`${accountId}\` is being changed by AWS.`)
  if (product.Status === 'AVAILABLE' && (await organization.parentOf(accountId)) === ouId) return true
  const { artifactId } = await accountFactory(client)
  await update(client, product, artifactId, await organization.ou(ouId))
  return true
}

/** Does the account stand in that OU, and has Account Factory finished with it? */
export async function lookPlace(
  client: ServiceCatalogClient,
  organization: OrganizationReader,
  accountId: string,
  ouId: string,
): Promise<OperationView> {
  const there = (await organization.parentOf(accountId)) === ouId
  const product = await productOfAccount(client, accountId)
  if (product?.Status === 'UNDER_CHANGE') return { state: 'running', accountId }
  const sound = product === null || product.Status === 'AVAILABLE'
  if (there && sound) return { state: 'succeeded', accountId }
  const last = product?.LastRecordId ? await record(client, product.LastRecordId) : null
  if (last?.detail.Status !== 'FAILED') return { state: 'running', accountId }
  const error = last.detail.RecordErrors?.[0]
  const text = error?.Description ?? 'AWS says that it failed, not why.'
  return { state: 'failed', accountId, ...recordFailure(error?.Code ?? 'FAILED', text) }
}
