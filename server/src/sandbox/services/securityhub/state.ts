import { AwsError, type Call, type Table, type World } from '../../core/contract.ts'
import { type Organization, organizationOfAccount } from '../organizations/state.ts'
import { pageOf } from '../shared/paging.ts'

/** Security Hub CSPM, switched on in one account and Region. */
export interface Hub {
  readonly accountId: string
  readonly region: string
  readonly subscribedAt: number
  readonly standards: Readonly<Record<string, number>>
}

/** What an organisation decided, kept by its delegated administrator. */
export interface Central {
  readonly organizationId: string
  readonly adminAccountId: string
  /** Region of the finding aggregator; null: none, and no central configuration. */
  readonly aggregator: {
    readonly region: string
    readonly id: string
    readonly mode: string
    readonly regions: readonly string[]
  } | null
  readonly type: 'LOCAL' | 'CENTRAL'
  readonly autoEnable: boolean
  readonly autoEnableStandards: 'NONE' | 'DEFAULT'
}

export interface SecurityHubPolicy {
  readonly ServiceEnabled?: boolean
  readonly EnabledStandardIdentifiers?: readonly string[]
  readonly SecurityControlsConfiguration?: {
    readonly EnabledSecurityControlIdentifiers?: readonly string[]
    readonly DisabledSecurityControlIdentifiers?: readonly string[]
  }
}

export interface Policy {
  readonly id: string
  readonly organizationId: string
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly description: string
  readonly policy: SecurityHubPolicy
  readonly createdAt: number
  readonly updatedAt: number
}

/** A policy that was put on a target itself. */
export interface Association {
  readonly organizationId: string
  readonly targetId: string
  /** Id of a policy, or `SELF_MANAGED_SECURITY_HUB`. */
  readonly policyId: string
  readonly status: 'PENDING' | 'SUCCESS' | 'FAILED'
  readonly message: string | null
  readonly updatedAt: number
}

/** Key: account/Region. */
export const hubsOf = (world: World): Table<Hub> => world.table('securityhub.hubs')
/** Key: organisation. */
export const centralsOf = (world: World): Table<Central> => world.table('securityhub.central')
/** Key: id. */
export const policiesOf = (world: World): Table<Policy> => world.table('securityhub.policies')
/** Key: organisation/target. */
export const associationsOf = (world: World): Table<Association> => world.table('securityhub.associations')

export const invalid = (message: string) => new AwsError('InvalidInputException', message)
export const denied = (message: string) => new AwsError('AccessDeniedException', message, {}, 403)
export const noAccess = (message: string) => new AwsError('InvalidAccessException', message, {}, 401)
export const missing = (message: string) => new AwsError('ResourceNotFoundException', message, {}, 404)
export const conflicting = (message: string) => new AwsError('ResourceConflictException', message, {}, 409)

export const hubKey = ({ caller, region }: Call<unknown>) => `${caller.accountId}/${region}`

/** Most calls need Security Hub to be on in the caller's account and Region. */
export function subscribed(call: Call<unknown>): Hub {
  const found = hubsOf(call.world).get(hubKey(call))
  if (!found) throw noAccess(`Account ${call.caller.accountId} is not subscribed to AWS Security Hub`)
  return found
}

export function organization(call: Call<unknown>): Organization {
  const found = organizationOfAccount(call.world, call.caller.accountId)
  if (!found) throw noAccess('The account is not a member of an organization.')
  return found
}

/** The central configuration, for its delegated administrator. */
export function administered(call: Call<unknown>): Central {
  const found = centralsOf(call.world).get(organization(call).id)
  if (found?.adminAccountId !== call.caller.accountId)
    throw denied('Only the Security Hub delegated administrator can perform this operation.')
  return found
}

/** Configuration policies exist in the home Region of the central configuration only. */
export function centralHome(call: Call<unknown>): Central {
  const found = administered(call)
  if (found.type !== 'CENTRAL' || found.aggregator?.region !== call.region)
    throw denied(
      'Must be a Security Hub delegated administrator with Central Configuration enabled, in the home Region',
    )
  return found
}

export const paged = <T>(
  items: readonly T[],
  input: { readonly NextToken?: string; readonly MaxResults?: number },
  usual = 100,
) =>
  pageOf(items, {
    token: input.NextToken,
    size: input.MaxResults ?? usual,
    badToken: 'InvalidInputException',
  })
