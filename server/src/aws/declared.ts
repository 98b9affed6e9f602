import { AccountClient, type AccountClientConfig } from '@aws-sdk/client-account'
import { OrganizationsClient, type OrganizationsClientConfig } from '@aws-sdk/client-organizations'
import { type Client, makeBuilder, type SmithyResolvedConfiguration } from '@smithy/core/client'
import { getEndpointPlugin } from '@smithy/core/endpoints'
import { TypeRegistry } from '@smithy/core/schema'
import type { HttpHandlerOptions, MetadataBearer, StaticOperationSchema, StaticSchema } from '@smithy/types'

/**
 * Operations that the clients of the registry lack, declared with the SDK's own schemas, as its newer clients declare
 * theirs: the registry's `client-controltower` (3.332) has 4 operations and no schemas, and `client-service-quotas`
 * would be a package for one call. They run on the middleware of a current client of the same protocol.
 * Shapes: the AWS API models controltower/2018-05-10 and service-quotas/2019-06-24 of botocore 1.43.
 */
export type Shape = readonly [name: string, members: Readonly<Record<string, Member>>, required?: number]
export type Member = StaticSchema | 0 | 1 | 2 | 15 | (() => StaticSchema) | [0 | 1, { httpQuery: string }]

export const STRING = 0
export const INTEGER = 1
export const BOOLEAN = 2
export const DOCUMENT = 15

export const CT = 'com.amazonaws.controltower'
export const CATALOG = 'com.amazonaws.controlcatalog'
const SQ = 'com.amazonaws.servicequotas'

export const structure = (namespace: string, [name, members, required = 0]: Shape): StaticSchema => [
  3,
  namespace,
  name,
  0,
  Object.keys(members),
  Object.values(members),
  required,
]
export const list = (namespace: string, name: string, member: Member): StaticSchema => [
  1,
  namespace,
  name,
  0,
  member,
]

export const strings = list(CT, 'Strings', STRING)
export const page = { nextToken: STRING, maxResults: INTEGER } as const
const baselineSummary = structure(CT, [
  'BaselineSummary',
  { arn: STRING, name: STRING, description: STRING },
  2,
])
export const statusSummary = structure(CT, [
  'EnablementStatusSummary',
  { status: STRING, lastOperationIdentifier: STRING },
])
const enabledBaseline = structure(CT, [
  'EnabledBaselineSummary',
  {
    arn: STRING,
    baselineIdentifier: STRING,
    baselineVersion: STRING,
    targetIdentifier: STRING,
    parentIdentifier: STRING,
    statusSummary: () => statusSummary,
  },
  1,
])
const enabledFilter = structure(CT, [
  'EnabledBaselineFilter',
  { targetIdentifiers: strings, baselineIdentifiers: strings, parentIdentifiers: strings },
])
const parameter = structure(CT, ['EnabledBaselineParameter', { key: STRING, value: DOCUMENT }, 2])
const landingZone = structure(CT, ['LandingZoneSummary', { arn: STRING }])
const operation = structure(CT, ['BaselineOperation', { status: STRING, statusMessage: STRING }])

export function controlTowerOperation(
  name: string,
  uri: string,
  input: Readonly<Record<string, Member>>,
  output: Readonly<Record<string, Member>>,
): StaticOperationSchema {
  return [
    9,
    CT,
    name,
    { http: ['POST', uri, 200] },
    structure(CT, [`${name}Input`, input]),
    structure(CT, [`${name}Output`, output]),
  ]
}

export const build = makeBuilder<AccountClient['config'], object, MetadataBearer>(
  {
    UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
    Endpoint: { type: 'builtInParams', name: 'endpoint' },
    Region: { type: 'builtInParams', name: 'region' },
  },
  'ControlTower',
  'ControlTowerClient',
  getEndpointPlugin,
)
export const buildCatalog = makeBuilder<AccountClient['config'], object, MetadataBearer>(
  {
    UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
    Endpoint: { type: 'builtInParams', name: 'endpoint' },
    Region: { type: 'builtInParams', name: 'region' },
  },
  'ControlCatalog',
  'ControlCatalogClient',
  getEndpointPlugin,
)
const buildQuotas = makeBuilder<OrganizationsClient['config'], object, MetadataBearer>(
  {
    UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
    Endpoint: { type: 'builtInParams', name: 'endpoint' },
    Region: { type: 'builtInParams', name: 'region' },
  },
  'ServiceQuotas',
  'ServiceQuotasClient',
  getEndpointPlugin,
)
export const none = (): never[] => []

export interface Paged {
  readonly nextToken?: string
  readonly maxResults?: number
}

export interface EnabledBaseline {
  readonly arn?: string
  readonly baselineIdentifier?: string
  readonly baselineVersion?: string
  /** ARN of the OU or, for a child, of the account. */
  readonly targetIdentifier?: string
  readonly parentIdentifier?: string
  readonly statusSummary?: {
    readonly status?: 'SUCCEEDED' | 'FAILED' | 'UNDER_CHANGE'
    readonly lastOperationIdentifier?: string
  }
}

export interface ListEnabledBaselinesInput extends Paged {
  readonly filter?: {
    readonly targetIdentifiers?: readonly string[]
    readonly baselineIdentifiers?: readonly string[]
    readonly parentIdentifiers?: readonly string[]
  }
  readonly includeChildren?: boolean
}

export interface EnableBaselineInput {
  readonly baselineIdentifier: string
  readonly baselineVersion: string
  readonly targetIdentifier: string
  readonly parameters?: readonly { readonly key: string; readonly value: string }[]
}

export type Answer<T> = MetadataBearer & Partial<T>

export const ListLandingZonesCommand = build<Paged, Answer<{ landingZones: readonly { arn?: string }[] }>>(
  {},
  none,
  'ListLandingZones',
  controlTowerOperation('ListLandingZones', '/list-landingzones', page, {
    landingZones: list(CT, 'LandingZones', () => landingZone),
    nextToken: STRING,
  }),
)
export const ListBaselinesCommand = build<
  Paged,
  Answer<{ baselines: readonly { arn: string; name: string }[]; nextToken: string }>
>(
  {},
  none,
  'ListBaselines',
  controlTowerOperation('ListBaselines', '/list-baselines', page, {
    baselines: list(CT, 'Baselines', () => baselineSummary),
    nextToken: STRING,
  }),
)
export const ListEnabledBaselinesCommand = build<
  ListEnabledBaselinesInput,
  Answer<{ enabledBaselines: readonly EnabledBaseline[]; nextToken: string }>
>(
  {},
  none,
  'ListEnabledBaselines',
  controlTowerOperation(
    'ListEnabledBaselines',
    '/list-enabled-baselines',
    { filter: () => enabledFilter, ...page, includeChildren: BOOLEAN },
    { enabledBaselines: list(CT, 'EnabledBaselines', () => enabledBaseline), nextToken: STRING },
  ),
)
export const EnableBaselineCommand = build<
  EnableBaselineInput,
  Answer<{ operationIdentifier: string; arn: string }>
>(
  {},
  none,
  'EnableBaseline',
  controlTowerOperation(
    'EnableBaseline',
    '/enable-baseline',
    {
      baselineIdentifier: STRING,
      baselineVersion: STRING,
      targetIdentifier: STRING,
      parameters: list(CT, 'EnabledBaselineParameters', () => parameter),
    },
    { operationIdentifier: STRING, arn: STRING },
  ),
)
export const ResetEnabledBaselineCommand = build<
  { enabledBaselineIdentifier: string },
  Answer<{ operationIdentifier: string }>
>(
  {},
  none,
  'ResetEnabledBaseline',
  controlTowerOperation(
    'ResetEnabledBaseline',
    '/reset-enabled-baseline',
    { enabledBaselineIdentifier: STRING },
    { operationIdentifier: STRING },
  ),
)
export const GetBaselineOperationCommand = build<
  { operationIdentifier: string },
  Answer<{ baselineOperation: { status?: string; statusMessage?: string } }>
>(
  {},
  none,
  'GetBaselineOperation',
  controlTowerOperation(
    'GetBaselineOperation',
    '/get-baseline-operation',
    { operationIdentifier: STRING },
    { baselineOperation: () => operation },
  ),
)
export const GetServiceQuotaCommand = buildQuotas<
  { ServiceCode: string; QuotaCode: string },
  Answer<{ Quota: { Value?: number } }>
>({}, none, 'GetServiceQuota', [
  9,
  SQ,
  'GetServiceQuota',
  0,
  structure(SQ, ['GetServiceQuotaRequest', { ServiceCode: STRING, QuotaCode: STRING }, 2]),
  structure(SQ, ['GetServiceQuotaResponse', { Quota: structure(SQ, ['ServiceQuota', { Value: 1 }]) }]),
])

/** A client for the operations above: sends nothing else. */
export type DeclaredClient<C extends SmithyResolvedConfiguration<HttpHandlerOptions>> = Client<
  HttpHandlerOptions,
  object,
  MetadataBearer,
  C
>

/** Read by the SDK's signer before the name that the client was generated with. */
const signedAs = (signingName: string) => ({ signingName })

/** Control Tower on the middleware of a current client with the same protocol (AWS REST JSON). */
export function controlTowerClient(config: AccountClientConfig & { region: string }) {
  return new AccountClient({
    ...config,
    endpoint: config.endpoint ?? `https://controltower.${config.region}.amazonaws.com`,
    ...signedAs('controltower'),
    protocolSettings: {
      defaultNamespace: CT,
      errorTypeRegistries: [new TypeRegistry(CT)],
      version: '2018-05-10',
      serviceTarget: 'AWSControlTowerApis',
    },
  }) as unknown as DeclaredClient<AccountClient['config']>
}

/** Control Catalog on the middleware of a current client with the same protocol (AWS REST JSON). */
export function controlCatalogClient(config: AccountClientConfig & { region: string }) {
  return new AccountClient({
    ...config,
    endpoint: config.endpoint ?? `https://controlcatalog.${config.region}.api.aws`,
    ...signedAs('controlcatalog'),
    protocolSettings: {
      defaultNamespace: CATALOG,
      errorTypeRegistries: [new TypeRegistry(CATALOG)],
      version: '2018-05-10',
      serviceTarget: 'ControlCatalog',
    },
  }) as unknown as DeclaredClient<AccountClient['config']>
}

/** Service Quotas on the middleware of a current client with the same protocol (AWS JSON 1.1). */
export function serviceQuotasClient(config: OrganizationsClientConfig & { region: string }) {
  return new OrganizationsClient({
    ...config,
    endpoint: config.endpoint ?? `https://servicequotas.${config.region}.amazonaws.com`,
    ...signedAs('servicequotas'),
    protocolSettings: {
      defaultNamespace: SQ,
      errorTypeRegistries: [new TypeRegistry(SQ)],
      version: '2019-06-24',
      serviceTarget: 'ServiceQuotasV20190624',
    },
  }) as unknown as DeclaredClient<OrganizationsClient['config']>
}
