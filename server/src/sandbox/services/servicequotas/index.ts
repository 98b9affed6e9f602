import { AwsError, type Call, type ServiceDefinition, type World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { QUOTAS, type Quota } from './quotas.ts'

interface Change {
  readonly id: string
  readonly accountId: string
  readonly serviceCode: string
  readonly quotaCode: string
  readonly value: number
  readonly status: 'CASE_OPENED' | 'APPROVED' | 'DENIED'
  readonly createdAt: number
  readonly updatedAt: number
  readonly by: string
}

const changesOf = (world: World) => world.table<Change>('servicequotas.changes')

const noSuch = (message: string) => new AwsError('NoSuchResourceException', message)

function requireService(code: string): void {
  if (!QUOTAS.some((q) => q.service === code))
    throw noSuch(`The request failed because the specified service \`${code}\` does not exist.`)
}

function quotaOf(service: string, code: string): Quota {
  requireService(service)
  const found = QUOTAS.find((q) => q.service === service && q.code === code)
  if (!found) throw noSuch(`The request failed because the specified quota \`${code}\` does not exist.`)
  return found
}

const view = ({ world, caller, region }: Call<unknown>, quota: Quota) => ({
  ServiceCode: quota.service,
  ServiceName: quota.serviceName,
  QuotaArn: `arn:aws:servicequotas:${region}:${caller.accountId}:${quota.service}/${quota.code}`,
  QuotaCode: quota.code,
  QuotaName: quota.name,
  Value: world.limit(quota.limit),
  Unit: 'None',
  Adjustable: quota.adjustable,
  GlobalQuota: quota.service === 'organizations',
  QuotaAppliedAtLevel: 'ACCOUNT',
})

interface PageInput {
  readonly NextToken?: string
  readonly MaxResults?: number
}
const page = <T>(items: readonly T[], { NextToken, MaxResults }: PageInput) =>
  pageOf(items, { token: NextToken, size: MaxResults ?? 100, badToken: 'InvalidPaginationTokenException' })

type OnQuota = Call<{ ServiceCode: string; QuotaCode: string }>

const getServiceQuota = (call: OnQuota) => ({
  Quota: view(call, quotaOf(call.input.ServiceCode, call.input.QuotaCode)),
})

function listServiceQuotas(call: Call<PageInput & { ServiceCode: string; QuotaCode?: string }>) {
  const { ServiceCode, QuotaCode } = call.input
  requireService(ServiceCode)
  const fits = QUOTAS.filter(
    (q) => q.service === ServiceCode && (QuotaCode === undefined || q.code === QuotaCode),
  )
  const { items, next } = page(fits, call.input)
  return { Quotas: items.map((q) => view(call, q)), NextToken: next }
}

function listServices({ input }: Call<PageInput>) {
  const names = new Map(QUOTAS.map((q) => [q.service, q.serviceName]))
  const { items, next } = page([...names], input)
  return {
    Services: items.map(([ServiceCode, ServiceName]) => ({ ServiceCode, ServiceName })),
    NextToken: next,
  }
}

const changeView = (change: Change) => ({
  Id: change.id,
  ServiceCode: change.serviceCode,
  QuotaCode: change.quotaCode,
  QuotaName: quotaOf(change.serviceCode, change.quotaCode).name,
  DesiredValue: change.value,
  Status: change.status,
  Created: change.createdAt,
  LastUpdated: change.updatedAt,
  Requester: JSON.stringify({ accountId: change.accountId, callerArn: change.by }),
})

function requestServiceQuotaIncrease(
  call: Call<{ ServiceCode: string; QuotaCode: string; DesiredValue: number }>,
) {
  const { world, caller, input } = call
  const quota = quotaOf(input.ServiceCode, input.QuotaCode)
  if (!quota.adjustable) throw new AwsError('IllegalArgumentException', 'The quota is not adjustable.')
  if (input.DesiredValue <= world.limit(quota.limit))
    throw new AwsError(
      'IllegalArgumentException',
      'The desired value must be greater than the current value of the quota.',
    )
  const open = [...changesOf(world).values()].some(
    (c) => c.accountId === caller.accountId && c.quotaCode === quota.code && c.status === 'CASE_OPENED',
  )
  if (open)
    throw new AwsError(
      'ResourceAlreadyExistsException',
      'Only one open service quota increase request is allowed per quota.',
    )
  const now = world.now()
  const change: Change = {
    id: world.id(32),
    accountId: caller.accountId,
    serviceCode: quota.service,
    quotaCode: quota.code,
    value: input.DesiredValue,
    status: 'CASE_OPENED',
    createdAt: now,
    updatedAt: now,
    by: caller.arn,
  }
  changesOf(world).put(change.id, change)
  world.later(world.duration('servicequotas.decision'), 'servicequotas', 'decide', { id: change.id })
  return { RequestedQuota: changeView(change) }
}

/** Timer: granted up to what AWS grants at most. The limit holds for the whole estate. */
function decide(world: World, { id }: { id: string }): void {
  const change = changesOf(world).get(id)
  if (!change) return
  const quota = quotaOf(change.serviceCode, change.quotaCode)
  const granted = change.value <= quota.max
  if (granted) world.table<{ value: number }>('core.limits').put(quota.limit, { value: change.value })
  changesOf(world).put(id, { ...change, status: granted ? 'APPROVED' : 'DENIED', updatedAt: world.now() })
}

function getChange({ world, caller, input }: Call<{ RequestId: string }>) {
  const change = changesOf(world).get(input.RequestId)
  if (change?.accountId !== caller.accountId) throw noSuch('The requested resource does not exist.')
  return { RequestedQuota: changeView(change) }
}

function listChanges({ world, caller, input }: Call<PageInput & { ServiceCode?: string; Status?: string }>) {
  const fits = [...changesOf(world).values()].filter(
    (c) =>
      c.accountId === caller.accountId &&
      (input.ServiceCode === undefined || c.serviceCode === input.ServiceCode) &&
      (input.Status === undefined || c.status === input.Status),
  )
  const { items, next } = page(fits, input)
  return { RequestedQuotas: items.map(changeView), NextToken: next }
}

export const servicequotas: ServiceDefinition = {
  signingName: 'servicequotas',
  model: 'service-quotas',
  iamPrefix: 'servicequotas',
  throttleCode: 'TooManyRequestsException',
  invalidCode: 'IllegalArgumentException',
  settings: {
    durations: {
      'servicequotas.decision': {
        ms: 2 * 86_400_000,
        jitter: 0.5,
        source: 'assumed; a person at AWS decides',
        asOf: '2026-11-21',
      },
    },
  },
  timers: { decide },
  operations: {
    GetAWSDefaultServiceQuota: getServiceQuota,
    GetRequestedServiceQuotaChange: getChange,
    GetServiceQuota: getServiceQuota,
    ListAWSDefaultServiceQuotas: listServiceQuotas,
    ListRequestedServiceQuotaChangeHistory: listChanges,
    ListServiceQuotas: listServiceQuotas,
    ListServices: listServices,
    RequestServiceQuotaIncrease: requestServiceQuotaIncrease,
  },
}
