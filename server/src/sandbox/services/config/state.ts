/** Rows of AWS Config. Everything is kept for one account in one Region, except what an organisation has. */
import { AwsError, type Call, type Table, type World } from '../../core/contract.ts'
import { type Page, pageOf } from '../shared/paging.ts'

/** A rule as PutConfigRule takes it, and as a template of a conformance pack describes it. */
export interface ConfigRule {
  readonly ConfigRuleName?: string
  readonly ConfigRuleArn?: string
  readonly ConfigRuleId?: string
  readonly Description?: string
  readonly Scope?: {
    readonly ComplianceResourceTypes?: readonly string[]
    readonly ComplianceResourceId?: string
    readonly TagKey?: string
    readonly TagValue?: string
  }
  readonly Source: {
    readonly Owner: 'AWS' | 'CUSTOM_LAMBDA' | 'CUSTOM_POLICY'
    readonly SourceIdentifier?: string
    readonly CustomPolicyDetails?: { readonly PolicyRuntime: string; readonly PolicyText: string }
    readonly SourceDetails?: readonly unknown[]
  }
  readonly InputParameters?: string
  readonly MaximumExecutionFrequency?: string
}

/** A rule that is there in an account, wherever it comes from. */
export interface StandingRule {
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly id: string
  readonly rule: ConfigRule
  /** The service that made it; its rules cannot be changed by hand. */
  readonly createdBy: string | null
  readonly updatedAt: number
}

export interface Pack {
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly id: string
  readonly suffix: string
  readonly template: string
  readonly parameters: Readonly<Record<string, string>>
  readonly state: 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'CREATE_FAILED' | 'DELETE_IN_PROGRESS'
  readonly reason: string | null
  readonly requestedAt: number
  readonly completedAt: number | null
  readonly delivery: Readonly<Record<string, string | undefined>>
}

type Verb = 'CREATE' | 'UPDATE' | 'DELETE'
export type OrganizationStatus = `${Verb}_${'IN_PROGRESS' | 'SUCCESSFUL' | 'FAILED'}`

/** A conformance pack or a rule of a whole organisation, in one Region. */
export interface OrganizationResource {
  readonly kind: 'pack' | 'rule'
  readonly organizationId: string
  readonly ownerId: string
  readonly region: string
  readonly name: string
  readonly suffix: string
  readonly excluded: readonly string[]
  readonly status: OrganizationStatus
  readonly error: { readonly code: string; readonly message: string } | null
  /** Accounts that have it as of the last operation that ended. */
  readonly deployedTo: readonly string[]
  readonly failures: Readonly<Record<string, { readonly code: string; readonly message: string }>>
  readonly updatedAt: number
  /** Of a pack. */
  readonly template: string
  readonly parameters: Readonly<Record<string, string>>
  readonly delivery: Readonly<Record<string, string | undefined>>
  /** Of a rule; null for a pack. */
  readonly rule: ConfigRule | null
  readonly metadata: Readonly<Record<string, unknown>>
}

export const place = (accountId: string, region: string, ...more: readonly string[]) =>
  [accountId, region, ...more].join('/')

/** Key: account/Region/name. */
export const rulesTable = (world: World): Table<StandingRule> => world.table('config.rules')
export const packsTable = (world: World): Table<Pack> => world.table('config.packs')
/** Key: kind/organisation/Region/name. */
export const organizationTable = (world: World): Table<OrganizationResource> =>
  world.table('config.organization')
export const organizationKey = (
  one: Pick<OrganizationResource, 'kind' | 'organizationId' | 'region' | 'name'>,
) => [one.kind, one.organizationId, one.region, one.name].join('/')

export const wrong = (message: string) => new AwsError('InvalidParameterValueException', message)
export const invalid = (message: string) => new AwsError('ValidationException', message)
export const inUse = (message: string) => new AwsError('ResourceInUseException', message)

/** One page; Config names a wrong token with an error of its own. */
export const page = <T>(
  items: readonly T[],
  input: { readonly NextToken?: string; readonly Limit?: number },
  usual: number,
): Page<T> =>
  // A limit of 0 asks for the usual one.
  pageOf(items, { token: input.NextToken, size: input.Limit || usual, badToken: 'InvalidNextTokenException' })

export const parametersFrom = (
  list: readonly { readonly ParameterName: string; readonly ParameterValue: string }[] | undefined,
) => Object.fromEntries((list ?? []).map((one) => [one.ParameterName, one.ParameterValue]))

export const parametersList = (map: Readonly<Record<string, string>>) =>
  Object.entries(map).map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }))

export const at = ({ caller, region }: Call<unknown>, name = '') => place(caller.accountId, region, name)
