import { AwsError, type Call } from '../../core/contract.ts'
import { all, details, find, put, remove, speaking } from './organization.ts'
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
  const { world, input } = call
  // Who may not speak for the organisation is told so before anything about the template.
  speaking(call)
  checkedRules(world, input, malformed)
  const limit = world.limit('config.organization_packs')
  const tooMany = () =>
    new AwsError(
      'MaxNumberOfOrganizationConformancePacksExceededException',
      `You have reached the limit of ${limit} organization conformance packs.`,
    )
  const { DeliveryS3Bucket, DeliveryS3KeyPrefix } = input
  const pack = put(
    call,
    {
      kind: 'pack',
      name: input.OrganizationConformancePackName,
      template: input.TemplateBody ?? '',
      parameters: parametersFrom(input.ConformancePackInputParameters),
      delivery: { DeliveryS3Bucket, DeliveryS3KeyPrefix },
    },
    limit,
    tooMany,
  )
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
  remove(call.world, packOf(call, call.input.OrganizationConformancePackName))
}
