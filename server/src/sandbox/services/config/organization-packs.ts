import { AwsError, type Call } from '../../core/contract.ts'
import { all, begin, details, find, refuseBusy, speaking, trust } from './organization.ts'
import { checkedRules } from './packs.ts'
import { type OrganizationResource, page, parametersFrom, parametersList } from './state.ts'

interface Input {
  readonly OrganizationConformancePackName: string
  readonly TemplateBody?: string
  readonly TemplateS3Uri?: string
  readonly DeliveryS3Bucket?: string
  readonly DeliveryS3KeyPrefix?: string
  readonly ConformancePackInputParameters?: Parameters<typeof parametersFrom>[0]
  readonly ExcludedAccounts?: readonly string[]
}

const malformed = (message: string) =>
  new AwsError('OrganizationConformancePackTemplateValidationException', message)

export function putOrganizationConformancePack(call: Call<Input>) {
  const { world, input, caller, region } = call
  const organization = speaking(call)
  checkedRules(world, input, malformed)
  const known = find(call, 'pack', input.OrganizationConformancePackName)
  refuseBusy(known)
  const limit = world.limit('config.organization_packs')
  if (!known && all(call, 'pack').length >= limit)
    throw new AwsError(
      'MaxNumberOfOrganizationConformancePacksExceededException',
      `You have reached the limit of ${limit} organization conformance packs.`,
    )
  trust(world, organization)
  const pack: OrganizationResource = {
    kind: 'pack',
    organizationId: organization.id,
    ownerId: caller.accountId,
    region,
    name: input.OrganizationConformancePackName,
    suffix: known?.suffix ?? world.id(8),
    excluded: input.ExcludedAccounts ?? [],
    status: known ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS',
    error: null,
    deployedTo: known?.deployedTo ?? [],
    failures: {},
    updatedAt: world.now(),
    template: input.TemplateBody ?? '',
    parameters: parametersFrom(input.ConformancePackInputParameters),
    delivery: { DeliveryS3Bucket: input.DeliveryS3Bucket, DeliveryS3KeyPrefix: input.DeliveryS3KeyPrefix },
    rule: null,
    metadata: {},
  }
  begin(world, pack)
  return { OrganizationConformancePackArn: arnOf(pack) }
}

const arnOf = ({ region, ownerId, name, suffix }: OrganizationResource) =>
  `arn:aws:config:${region}:${ownerId}:organization-conformance-pack/${name}-${suffix}`

const missing = (name: string) =>
  new AwsError(
    'NoSuchOrganizationConformancePackException',
    `AWS Config organization conformance pack '${name}' does not exist.`,
  )

function packOf(call: Call<unknown>, name: string): OrganizationResource {
  const found = find(call, 'pack', name)
  if (!found) throw missing(name)
  return found
}

type Names = Call<{
  OrganizationConformancePackNames?: readonly string[]
  Limit?: number
  NextToken?: string
}>

const named = (call: Names): readonly OrganizationResource[] =>
  call.input.OrganizationConformancePackNames?.map((name) => packOf(call, name)) ?? all(call, 'pack')

export function describeOrganizationConformancePacks(call: Names) {
  const { items, next } = page(named(call), call.input, 100)
  const OrganizationConformancePacks = items.map((pack) => ({
    OrganizationConformancePackName: pack.name,
    OrganizationConformancePackArn: arnOf(pack),
    ...pack.delivery,
    ConformancePackInputParameters: parametersList(pack.parameters),
    ExcludedAccounts: pack.excluded,
    LastUpdateTime: pack.updatedAt,
  }))
  return { OrganizationConformancePacks, NextToken: next }
}

export function describeOrganizationConformancePackStatuses(call: Names) {
  const { items, next } = page(named(call), call.input, 100)
  const OrganizationConformancePackStatuses = items.map((pack) => ({
    OrganizationConformancePackName: pack.name,
    Status: pack.status,
    ErrorCode: pack.error?.code,
    ErrorMessage: pack.error?.message,
    LastUpdateTime: pack.updatedAt,
  }))
  return { OrganizationConformancePackStatuses, NextToken: next }
}

type Detailed = Call<{
  OrganizationConformancePackName: string
  Filters?: { AccountId?: string; Status?: string }
  Limit?: number
  NextToken?: string
}>

export function getOrganizationConformancePackDetailedStatus(call: Detailed) {
  const pack = packOf(call, call.input.OrganizationConformancePackName)
  const { items, next } = page(details(call.world, pack, call.input.Filters), call.input, 100)
  const OrganizationConformancePackDetailedStatuses = items.map((one) => ({
    AccountId: one.accountId,
    ConformancePackName: one.name,
    Status: one.status,
    ErrorCode: one.code,
    ErrorMessage: one.message,
    LastUpdateTime: one.at,
  }))
  return { OrganizationConformancePackDetailedStatuses, NextToken: next }
}

export function deleteOrganizationConformancePack(
  call: Call<{ OrganizationConformancePackName: string }>,
): void {
  const pack = packOf(call, call.input.OrganizationConformancePackName)
  refuseBusy(pack)
  begin(call.world, { ...pack, status: 'DELETE_IN_PROGRESS', error: null, updatedAt: call.world.now() })
}
