/** What conformance packs and rules of an organisation have in common: who may, how they spread, how they end. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { accounts, delegations, type Organization, organizationOfAccount } from '../organizations/state.ts'
import { serviceCaller } from '../shared/world.ts'
import { records } from './recorder.ts'
import { memberPackName, memberRuleName } from './standing.ts'
import {
  inUse,
  type OrganizationResource,
  type OrganizationStatus,
  organizationKey,
  organizationTable,
} from './state.ts'

const PRINCIPAL = 'config-multiaccountsetup.amazonaws.com'

/** The organisation of a caller who may speak for it. */
export function speaking({ world, caller }: Call<unknown>): Organization {
  const organization = organizationOfAccount(world, caller.accountId)
  if (!organization)
    throw new AwsError('NoAvailableOrganizationException', 'Your account is not a member of an organization.')
  if (organization.featureSet !== 'ALL')
    throw new AwsError(
      'OrganizationAllFeaturesNotEnabledException',
      'All features are not enabled in your organization.',
    )
  const delegated = [...delegations(world).values()].some(
    (one) => one.accountId === caller.accountId && one.servicePrincipal === PRINCIPAL,
  )
  if (caller.accountId !== organization.managementAccountId && !delegated)
    throw new AwsError(
      'OrganizationAccessDeniedException',
      'This action can be only made by AWS Organization master or delegated administrator account.',
    )
  return organization
}

/** Config switches its access to the organisation on by itself, with the first pack or rule. */
function trust(world: World, organization: Organization): void {
  if (PRINCIPAL in organization.serviceAccess) return
  const as = serviceCaller(organization.managementAccountId, 'AWSServiceRoleForConfigMultiAccountSetup')
  world.invoke('organizations', 'EnableAWSServiceAccess', { ServicePrincipal: PRINCIPAL }, as)
}

export const find = (call: Call<unknown>, kind: OrganizationResource['kind'], name: string) => {
  const { id } = speaking(call)
  return organizationTable(call.world).get(
    organizationKey({ kind, organizationId: id, region: call.region, name }),
  )
}

export const all = (call: Call<unknown>, kind: OrganizationResource['kind']) => {
  const { id } = speaking(call)
  return [...organizationTable(call.world).values()].filter(
    (one) => one.kind === kind && one.organizationId === id && one.region === call.region,
  )
}

function refuseBusy(known: OrganizationResource | undefined): void {
  if (known?.status.endsWith('IN_PROGRESS'))
    throw inUse(`The resource ${known.name} is being changed: ${known.status}.`)
}

/** Writes the row and lets the change spread. */
function begin(world: World, row: OrganizationResource): void {
  organizationTable(world).put(organizationKey(row), row)
  world.later(world.duration('config.organization'), 'config', 'organization_done', {
    key: organizationKey(row),
  })
}

/** What only a pack, or only a rule, has. */
type Own = Pick<OrganizationResource, 'kind' | 'name'> &
  Partial<Pick<OrganizationResource, 'template' | 'parameters' | 'delivery' | 'rule' | 'metadata'>>

/** Makes or replaces a pack or rule of the organisation; `tooMany` is what AWS says when there is no room for another. */
export function put(
  call: Call<{ readonly ExcludedAccounts?: readonly string[] }>,
  own: Own,
  limit: number,
  tooMany: () => AwsError,
): OrganizationResource {
  const { world, input, caller, region } = call
  const organization = speaking(call)
  const known = find(call, own.kind, own.name)
  refuseBusy(known)
  if (!known && all(call, own.kind).length >= limit) throw tooMany()
  trust(world, organization)
  const row: OrganizationResource = {
    template: '',
    parameters: {},
    delivery: {},
    rule: null,
    metadata: {},
    ...own,
    organizationId: organization.id,
    ownerId: caller.accountId,
    region,
    suffix: known?.suffix ?? world.id(8),
    excluded: input.ExcludedAccounts ?? [],
    status: known ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS',
    error: null,
    deployedTo: known?.deployedTo ?? [],
    failures: {},
    updatedAt: world.now(),
  }
  begin(world, row)
  return row
}

export function remove(world: World, row: OrganizationResource): void {
  refuseBusy(row)
  begin(world, { ...row, status: 'DELETE_IN_PROGRESS', error: null, updatedAt: world.now() })
}

const verbOf = (status: OrganizationStatus) => status.split('_')[0] as 'CREATE' | 'UPDATE' | 'DELETE'

/** Timer: the change has reached every account, or could not. */
export function organizationDone(world: World, { key }: { key: string }): void {
  const row = organizationTable(world).get(key)
  if (!row?.status.endsWith('IN_PROGRESS')) return
  const verb = verbOf(row.status)
  const members = membersOf(world, row)
  const failures = Object.fromEntries(
    members.flatMap((id) => {
      const failure = failureIn(world, row, id)
      return failure ? [[id, failure]] : []
    }),
  )
  const failed = Object.keys(failures).length
  if (verb === 'DELETE' && failed === 0) {
    organizationTable(world).delete(key)
    return
  }
  organizationTable(world).put(key, {
    ...row,
    status: `${verb}_${failed === 0 ? 'SUCCESSFUL' : 'FAILED'}`,
    error:
      failed === 0
        ? null
        : { code: 'CFN_ERROR', message: `It failed in ${failed} of ${members.length} accounts.` },
    deployedTo: verb === 'DELETE' ? Object.keys(failures) : members.filter((id) => !(id in failures)),
    failures,
    updatedAt: world.now(),
  })
}

/** Open accounts of the organisation, the management account among them, without those that are left out. */
function membersOf(world: World, row: OrganizationResource): readonly string[] {
  return [...accounts(world).values()].flatMap(({ id, organizationId, state }) =>
    organizationId === row.organizationId && state === 'ACTIVE' && !row.excluded.includes(id) ? [id] : [],
  )
}

function failureIn(world: World, row: OrganizationResource, accountId: string) {
  const operation = row.kind === 'pack' ? 'PutOrganizationConformancePack' : 'PutOrganizationConfigRule'
  const fault = world.fault({
    at: 'outcome',
    service: 'config',
    operation,
    subject: `${accountId} ${row.name}`,
  })
  if (fault?.do === 'fail') return { code: fault.code, message: fault.message }
  if (verbOf(row.status) === 'DELETE' || records(world, accountId, row.region)) return null
  return {
    code: 'NoAvailableConfigurationRecorder',
    message: 'Configuration recorder is not available to process the request.',
  }
}

interface DetailFilters {
  readonly AccountId?: string
  readonly Status?: string
  readonly MemberAccountRuleStatus?: string
}

/** The status in each account: while a change runs, of all that it is for. */
export function details(world: World, row: OrganizationResource, filters: DetailFilters = {}) {
  const running = row.status.endsWith('IN_PROGRESS')
  const verb = verbOf(row.status)
  const ids = running ? membersOf(world, row) : [...row.deployedTo, ...Object.keys(row.failures)]
  const rows = [...new Set(ids)].sort().map((accountId) => {
    const failure = running ? undefined : row.failures[accountId]
    const status: OrganizationStatus = running ? row.status : `${verb}_${failure ? 'FAILED' : 'SUCCESSFUL'}`
    return {
      accountId,
      name: row.kind === 'pack' ? memberPackName(row) : memberRuleName(row),
      status,
      code: failure?.code,
      message: failure?.message,
      at: row.updatedAt,
    }
  })
  const { AccountId, Status = filters.MemberAccountRuleStatus } = filters
  return rows.filter(
    (one) =>
      (AccountId === undefined || one.accountId === AccountId) &&
      (Status === undefined || one.status === Status),
  )
}
