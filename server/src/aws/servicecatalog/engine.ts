import type { ProvisionedProductDetail, ServiceCatalogClient } from '@aws-sdk/client-service-catalog'
import { conflict } from '../../kernel/errors.ts'
import type { AccountCreation, AccountOrder, OperationHandle, OperationView } from '../../ports/estate.ts'
import { hasCode } from '../errors.ts'
import { recordFailure } from '../failures.ts'
import type { OrganizationReader } from '../organizations/read.ts'
import { find, once } from '../pages.ts'
import { lookPlace, moveProduct } from './move.ts'
import {
  accountFactory,
  accountOfProduct,
  productById,
  productByName,
  productName,
  productOfAccount,
  type RecordView,
  record,
} from './read.ts'
import { markOf, provision, terminate } from './write.ts'

type RecordHandle = Extract<OperationHandle, { kind: 'service_catalog_record' }>

/** Accounts through Control Tower's Account Factory, that is `ProvisionProduct` of Service Catalog. */
export function accountFactoryEngine(
  client: ServiceCatalogClient,
  organization: OrganizationReader,
): AccountCreation {
  const product = once(() => accountFactory(client))
  return {
    engine: 'account_factory',
    begin: (order, again = true) => begin(client, product, order, again),
    look: (handle) => look(client, organization, handle),
    clear: (order) => clear(client, order),
    release: (accountId) => release(client, accountId),
    readmit: (accountId, order) => readmit(client, organization, product, accountId, order),
  }
}

type ProductSource = ReturnType<typeof once<Awaited<ReturnType<typeof accountFactory>>>>

async function begin(
  client: ServiceCatalogClient,
  product: ProductSource,
  order: AccountOrder,
  again: boolean,
): Promise<OperationHandle> {
  const existing = again ? await productByName(client, productName(order.token)) : null
  if (existing !== null) return resume(client, order, existing)
  try {
    return await provisionAnew(client, product, order)
  } catch (error) {
    // Made a moment ago by a worker that died before it wrote that down, or refused for another reason.
    if (!hasCode(error, 'DuplicateResourceException', 'InvalidParametersException')) throw error
    const made = await productByName(client, productName(order.token))
    if (made === null) throw error
    return resume(client, order, made)
  }
}

async function provisionAnew(
  client: ServiceCatalogClient,
  product: ProductSource,
  order: AccountOrder,
): Promise<OperationHandle> {
  try {
    return await provision(client, await product(), order)
  } catch (error) {
    // A new version or path of the product makes the remembered one useless.
    product.forget()
    throw error
  }
}

/** The product of this order is there already: what is it doing? */
async function resume(
  client: ServiceCatalogClient,
  order: AccountOrder,
  product: ProvisionedProductDetail,
): Promise<OperationHandle> {
  const last = await record(client, product.LastRecordId ?? '')
  if (isTermination(last))
    throw conflict(
      'product_being_terminated',
      `The earlier product of \`${order.name}\` is being terminated; the order is sent again after that.`,
    )
  if (product.Status === 'ERROR') {
    await terminate(client, product)
    throw conflict(
      'failed_product_cleared',
      `The failed product of \`${order.name}\` is being cleared; the order is sent again after that.`,
    )
  }
  return {
    kind: 'service_catalog_record',
    recordId: last.detail.RecordId ?? '',
    provisionedProductId: product.Id ?? '',
    order: markOf(order),
  }
}

const isTermination = (view: RecordView) => view.detail.RecordType === 'TERMINATE_PROVISIONED_PRODUCT'

async function look(
  client: ServiceCatalogClient,
  organization: OrganizationReader,
  handle: OperationHandle,
): Promise<OperationView> {
  if (handle.kind === 'done') return { state: 'succeeded', accountId: handle.accountId }
  if (handle.kind === 'enrolment') return lookPlace(client, organization, handle.accountId, handle.ouId)
  if (handle.kind === 'create_account')
    throw conflict('wrong_engine', 'This operation was begun by the auto-enrolment engine.')
  const view = await record(client, handle.recordId)
  if (view.detail.Status === 'FAILED' && isTermination(view)) return goOnReleasing(client, handle, view)
  if (view.detail.Status === 'FAILED') return failed(client, organization, handle, view)
  if (view.detail.Status !== 'SUCCEEDED') return { state: 'running', ...withAccount(view.accountId) }
  const accountId =
    view.accountId ?? handle.accountId ?? (await accountOfProduct(client, handle.provisionedProductId))
  // AFT #456 went on with an empty account id: without the id it has not succeeded yet.
  return accountId ? { state: 'succeeded', accountId } : { state: 'running' }
}

const withAccount = (accountId: string | null) => (accountId === null ? {} : { accountId })

/**
 * Control Tower un-enrols one account at a time and fails the others in the record, not in the call. A release that
 * lost that race is asked again here, so that closing a hundred accounts needs no person a hundred times.
 */
async function goOnReleasing(
  client: ServiceCatalogClient,
  handle: RecordHandle,
  first: RecordView,
): Promise<OperationView> {
  const { accountId } = handle
  const product = accountId === undefined ? null : await productOfAccount(client, accountId)
  if (accountId !== undefined && product === null) return { state: 'succeeded', accountId }
  // The handle names the first try; one after it may run, or have failed for another reason.
  const newest = product?.LastRecordId ?? handle.recordId
  const view = newest === handle.recordId ? first : await record(client, newest)
  if (view.detail.Status !== 'FAILED') return { state: 'running', ...withAccount(accountId ?? null) }
  const error = view.detail.RecordErrors?.[0]
  const failure = recordFailure(error?.Code ?? 'FAILED', error?.Description ?? 'AWS gave no reason.')
  if (failure.remedy !== 'retry' || accountId === undefined)
    return { state: 'failed', ...failure, ...withAccount(accountId ?? null) }
  const next = await release(client, accountId)
  return { state: next.kind === 'done' ? 'succeeded' : 'running', accountId }
}

/**
 * A tainted product is half made, whatever its text says: the wrong "e-mail already in use" of AFT #331 comes from
 * the account of the earlier attempt, which is ours.
 */
async function failed(
  client: ServiceCatalogClient,
  organization: OrganizationReader,
  handle: RecordHandle,
  view: RecordView,
): Promise<OperationView> {
  const error = view.detail.RecordErrors?.[0]
  const failure = recordFailure(
    error?.Code ?? 'FAILED',
    error?.Description ?? 'AWS says that it failed, not why.',
  )
  const product = await productById(client, handle.provisionedProductId)
  const tainted = product?.Status === 'TAINTED'
  const own =
    tainted || failure.code === 'EMAIL_ALREADY_EXISTS' ? await ownAccount(organization, handle) : null
  const accountId = view.accountId ?? own
  if (!tainted && accountId === null) return { state: 'failed', ...failure }
  return {
    state: 'failed',
    code: tainted ? 'PRODUCT_TAINTED' : failure.code,
    message: `${failure.message} The account was made in an earlier attempt: the product is half made and can be repaired.`,
    remedy: 'repair',
    ...withAccount(accountId),
  }
}

/** Only after a failure: AWS has no direct way from an e-mail to an account. */
async function ownAccount(organization: OrganizationReader, handle: RecordHandle): Promise<string | null> {
  const mark = handle.order
  if (mark === undefined) return null
  const email = mark.email.toLowerCase()
  const account = await find(
    organization.accounts(),
    (a) => a.email.toLowerCase() === email && a.name === mark.name,
  )
  return account?.accountId ?? null
}

/**
 * Returns when the product is gone: a new attempt under another name while the old one is being terminated would be
 * refused by Control Tower, with misleading words.
 */
async function clear(client: ServiceCatalogClient, order: AccountOrder): Promise<void> {
  const product = await productByName(client, productName(order.token))
  if (product === null || product.Status === 'AVAILABLE') return
  if (product.Status !== 'UNDER_CHANGE' && product.Status !== 'PLAN_IN_PROGRESS')
    await terminate(client, product)
  throw conflict(
    'product_being_cleared',
    `AWS is still working on the earlier product of \`${order.name}\`; Rankan looks again.`,
  )
}

/** Un-enrols the account before it is closed; without a product there is nothing to un-enrol. */
async function release(client: ServiceCatalogClient, accountId: string): Promise<OperationHandle> {
  const product = await productOfAccount(client, accountId)
  if (product === null) return { kind: 'done', accountId }
  const handle = {
    kind: 'service_catalog_record',
    provisionedProductId: product.Id ?? '',
    accountId,
  } as const
  const last = product.LastRecordId ? await record(client, product.LastRecordId) : null
  if (last !== null && isTermination(last) && last.detail.Status !== 'FAILED')
    return { ...handle, recordId: last.detail.RecordId ?? '' }
  try {
    return { ...handle, recordId: await terminate(client, product) }
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException')) return { kind: 'done', accountId }
    throw error
  }
}

/**
 * Account Factory enrols an account that exists when a product is ordered with its e-mail. A product that is left, whole
 * or tainted, is only updated; an account that never had one stands in its OU still.
 */
async function readmit(
  client: ServiceCatalogClient,
  organization: OrganizationReader,
  product: ProductSource,
  accountId: string,
  order: AccountOrder,
): Promise<OperationHandle> {
  const handle = { kind: 'enrolment', accountId, ouId: order.ou.id } as const
  if (await moveProduct(client, organization, accountId, order.ou.id)) return handle
  if ((await organization.parentOf(accountId)) === order.ou.id) return handle
  return begin(client, product, order, true)
}
