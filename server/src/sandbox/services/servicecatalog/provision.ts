/** The calls that change a provisioned product. They only check and record; `account-factory.ts` does the work in time. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { mapFromTags } from '../shared/world.ts'
import { type Job, startJob } from './account-factory.ts'
import { artifactOf, noLaunchPaths, PARAMETERS } from './products.ts'
import { type ProvisionedRef, provisionedProductOf, recordView } from './records.ts'
import {
  type CatalogRecord,
  CONTROL_TOWER_ACCOUNT,
  invalidParameters,
  launchPortfolios,
  nameKey,
  namesOf,
  newId,
  type Product,
  type ProductRef,
  type ProvisionedProduct,
  pathId,
  productOf,
  provisionedOf,
  type RecordType,
  recordsOf,
  tokensOf,
} from './state.ts'

interface Parameter {
  readonly Key: string
  readonly Value?: string
  readonly UsePreviousValue?: boolean
}

interface ProvisionInput extends ProductRef {
  readonly ProvisioningArtifactId?: string
  readonly ProvisioningArtifactName?: string
  readonly PathId?: string
  readonly PathName?: string
  readonly ProvisionedProductName: string
  readonly ProvisioningParameters?: readonly Parameter[]
  readonly ProvisionToken: string
  readonly Tags?: readonly { Key: string; Value: string }[]
  readonly NotificationArns?: readonly string[]
}

export function provisionProduct(call: Call<ProvisionInput>) {
  const { world, input, caller, region } = call
  const earlier = recordOfToken(call, input.ProvisionToken)
  if (earlier) return { RecordDetail: recordView(earlier) }
  const product = productOf(call, input)
  const artifact = artifactOf(product, input)
  const path = pathOf(call, product)
  if ((input.NotificationArns ?? []).length > 0)
    throw invalidParameters('NotificationArns are not supported for products of type CONTROL_TOWER_ACCOUNT.')
  const parameters = sixParameters(input.ProvisioningParameters ?? [])
  refuseUsedName(call, input.ProvisionedProductName)
  const id = newId(world, 'pp')
  const record = newRecord(call, {
    type: 'PROVISION_PRODUCT',
    id,
    name: input.ProvisionedProductName,
    product,
    artifactId: artifact.id,
    path,
    token: input.ProvisionToken,
  })
  const provisioned: ProvisionedProduct = {
    id,
    arn: `arn:aws:servicecatalog:${region}:${caller.accountId}:stack/${input.ProvisionedProductName}/${id}`,
    accountId: caller.accountId,
    region,
    name: input.ProvisionedProductName,
    type: CONTROL_TOWER_ACCOUNT,
    status: 'UNDER_CHANGE',
    previousStatus: 'UNDER_CHANGE',
    message: null,
    createdAt: world.now(),
    token: input.ProvisionToken,
    productId: product.id,
    artifactId: artifact.id,
    lastRecordId: record.id,
    lastProvisioningRecordId: record.id,
    lastSuccessfulProvisioningRecordId: null,
    userArn: caller.arn,
    userArnSession: caller.arn,
    tags: mapFromTags(input.Tags),
    parameters,
    managedAccountId: null,
    outputs: [],
  }
  provisionedOf(world).put(id, provisioned)
  namesOf(world).put(nameKey(provisioned, provisioned.name), id)
  start(world, record, parameters, 'provision')
  return { RecordDetail: recordView(record) }
}

const start = (
  world: World,
  record: CatalogRecord,
  parameters: ProvisionedProduct['parameters'],
  kind: Job['kind'],
) =>
  startJob(world, {
    recordId: record.id,
    provisionedProductId: record.provisionedProductId,
    kind,
    parameters,
  })

function recordOfToken({ world, caller }: Call<unknown>, token: string): CatalogRecord | undefined {
  return recordsOf(world).get(tokensOf(world).get(`${caller.accountId}/${token}`) ?? '')
}

function pathOf(call: Call<{ PathId?: string; PathName?: string }>, product: Product): string {
  const paths = launchPortfolios(call, product.id)
  if (paths.length === 0) throw noLaunchPaths(product.id)
  const { PathId, PathName } = call.input
  const fits = paths.filter(
    (p) => (PathId === undefined || pathId(p) === PathId) && (PathName === undefined || p.name === PathName),
  )
  const [only, second] = fits
  if (!only) throw noLaunchPaths(product.id)
  if (second) throw invalidParameters('More than one launch path is found; please specify a path ID.')
  return pathId(only)
}

function sixParameters(given: readonly Parameter[]): Record<string, string> {
  const values = Object.fromEntries(given.map((p) => [p.Key, p.Value ?? '']))
  const unknown = Object.keys(values).find((key) => !PARAMETERS.some((p) => p.key === key))
  if (unknown !== undefined) throw invalidParameters(`Parameters: [${unknown}] do not exist in the template`)
  const missing = PARAMETERS.filter((p) => values[p.key] === undefined || values[p.key] === '')
  if (missing.length > 0)
    throw invalidParameters(`Parameters: [${missing.map((p) => p.key).join(', ')}] must have values`)
  const wrong = PARAMETERS.find((p) => !new RegExp(`^${p.pattern}$`, 'u').test(values[p.key] ?? ''))
  if (wrong)
    throw invalidParameters(
      `Parameter ${wrong.key} failed to satisfy constraint: must match pattern ${wrong.pattern}`,
    )
  return values
}

/** What users report: after a failure the name is taken by a stack that nobody sees. */
function refuseUsedName({ world, caller, region }: Call<unknown>, name: string): void {
  const id = namesOf(world).get(nameKey({ accountId: caller.accountId, region }, name))
  const existing = id === undefined ? undefined : provisionedOf(world).get(id)
  if (!existing) return
  if (existing.status === 'TAINTED' || existing.status === 'ERROR')
    throw invalidParameters(`A stack named ${name} already exists.`)
  throw new AwsError('DuplicateResourceException', `A provisioned product named ${name} already exists.`)
}

interface NewRecord {
  readonly type: RecordType
  readonly id: string
  readonly name: string
  readonly product: Pick<Product, 'id'>
  readonly artifactId: string
  readonly path: string
  readonly token: string
}

function newRecord(
  call: Call<unknown>,
  { type, id, name, product, artifactId, path, token }: NewRecord,
): CatalogRecord {
  const { world, caller, region } = call
  const now = world.now()
  const record: CatalogRecord = {
    id: newId(world, 'rec'),
    accountId: caller.accountId,
    region,
    type,
    status: 'CREATED',
    createdAt: now,
    updatedAt: now,
    provisionedProductId: id,
    provisionedProductName: name,
    provisionedProductType: CONTROL_TOWER_ACCOUNT,
    productId: product.id,
    artifactId,
    pathId: path,
    userArnSession: caller.arn,
    errors: [],
    outputs: [],
    tags: {},
  }
  recordsOf(world).put(record.id, record)
  tokensOf(world).put(`${caller.accountId}/${token}`, record.id)
  return record
}

function change(
  call: Call<unknown>,
  provisioned: ProvisionedProduct,
  type: RecordType,
  path: string,
  token: string,
) {
  const { id, name, productId, artifactId } = provisioned
  const record = newRecord(call, { type, id, name, product: { id: productId }, artifactId, path, token })
  const provisioning =
    type === 'UPDATE_PROVISIONED_PRODUCT' ? record.id : provisioned.lastProvisioningRecordId
  provisionedOf(call.world).put(id, {
    ...provisioned,
    status: 'UNDER_CHANGE',
    previousStatus: provisioned.status,
    lastRecordId: record.id,
    lastProvisioningRecordId: provisioning,
  })
  return record
}

interface UpdateInput extends ProvisionedRef, ProductRef {
  readonly PathId?: string
  readonly PathName?: string
  readonly ProvisioningParameters?: readonly Parameter[]
  readonly UpdateToken: string
}

export function updateProvisionedProduct(call: Call<UpdateInput>) {
  const { world, input } = call
  const earlier = recordOfToken(call, input.UpdateToken)
  if (earlier) return { RecordDetail: recordView(earlier) }
  const provisioned = provisionedProductOf(call, input)
  if (provisioned.status !== 'AVAILABLE' && provisioned.status !== 'TAINTED')
    throw invalidParameters(
      `The provisioned product ${provisioned.id} is in status ${provisioned.status} and cannot be updated.`,
    )
  const path = pathOf(call, productOf(call, { ProductId: input.ProductId ?? provisioned.productId }))
  const given = (input.ProvisioningParameters ?? []).filter((p) => p.UsePreviousValue !== true)
  const changed = Object.fromEntries(given.map((p) => [p.Key, p.Value ?? '']))
  const parameters = sixParameters(
    Object.entries({ ...provisioned.parameters, ...changed }).map(([Key, Value]) => ({ Key, Value })),
  )
  const record = change(call, provisioned, 'UPDATE_PROVISIONED_PRODUCT', path, input.UpdateToken)
  start(world, record, parameters, 'update')
  return { RecordDetail: recordView(record) }
}

export function terminateProvisionedProduct(
  call: Call<ProvisionedRef & { TerminateToken: string; IgnoreErrors?: boolean }>,
) {
  const { world, input } = call
  const earlier = recordOfToken(call, input.TerminateToken)
  if (earlier) return { RecordDetail: recordView(earlier) }
  const provisioned = provisionedProductOf(call, input)
  if (provisioned.status === 'UNDER_CHANGE')
    throw invalidParameters(
      `The provisioned product ${provisioned.id} is under change and cannot be terminated.`,
    )
  const record = change(call, provisioned, 'TERMINATE_PROVISIONED_PRODUCT', '', input.TerminateToken)
  start(world, record, provisioned.parameters, input.IgnoreErrors ? 'terminate_ignoring_errors' : 'terminate')
  return { RecordDetail: recordView(record) }
}
