/** Operations on controls that the registry's clients lack; see `../declared.ts`. */
import type { Json } from '../../kernel/json.ts'
import {
  type Answer,
  build,
  buildCatalog,
  CATALOG,
  CT,
  controlTowerOperation,
  DOCUMENT,
  INTEGER,
  list,
  none,
  type Paged,
  page,
  STRING,
  statusSummary,
  strings,
  structure,
} from '../declared.ts'

export interface EnabledControl {
  readonly arn?: string
  readonly controlIdentifier?: string
  /** ARN of the OU. */
  readonly targetIdentifier?: string
  readonly statusSummary?: {
    readonly status?: 'SUCCEEDED' | 'FAILED' | 'UNDER_CHANGE'
    readonly lastOperationIdentifier?: string
  }
  readonly driftStatusSummary?: { readonly driftStatus?: 'DRIFTED' | 'IN_SYNC' | 'NOT_CHECKING' | 'UNKNOWN' }
}

export interface ControlParameter {
  readonly key: string
  readonly value: Json
}

const parameter = structure(CT, ['EnabledControlParameter', { key: STRING, value: DOCUMENT }, 2])
const parameters = list(CT, 'EnabledControlParameters', () => parameter)
const drift = structure(CT, ['DriftStatusSummary', { driftStatus: STRING }])
const enabledControl = {
  arn: STRING,
  controlIdentifier: STRING,
  targetIdentifier: STRING,
  statusSummary: () => statusSummary,
  driftStatusSummary: () => drift,
} as const
const summary = structure(CT, ['EnabledControlSummary', enabledControl])
const details = structure(CT, ['EnabledControlDetails', { ...enabledControl, parameters }])
const filter = structure(CT, ['EnabledControlFilter', { controlIdentifiers: strings }])
const operation = structure(CT, [
  'ControlOperation',
  { operationType: STRING, status: STRING, statusMessage: STRING, enabledControlIdentifier: STRING },
])
const started = { operationIdentifier: STRING } as const

export const ListEnabledControlsCommand = build<
  Paged & {
    readonly targetIdentifier?: string
    readonly filter?: { readonly controlIdentifiers?: readonly string[] }
  },
  Answer<{ enabledControls: readonly EnabledControl[]; nextToken: string }>
>(
  {},
  none,
  'ListEnabledControls',
  controlTowerOperation(
    'ListEnabledControls',
    '/list-enabled-controls',
    { targetIdentifier: STRING, filter: () => filter, ...page },
    { enabledControls: list(CT, 'EnabledControls', () => summary), nextToken: STRING },
  ),
)
export const GetEnabledControlCommand = build<
  { enabledControlIdentifier: string },
  Answer<{ enabledControlDetails: EnabledControl & { parameters?: readonly ControlParameter[] } }>
>(
  {},
  none,
  'GetEnabledControl',
  controlTowerOperation(
    'GetEnabledControl',
    '/get-enabled-control',
    { enabledControlIdentifier: STRING },
    { enabledControlDetails: () => details },
  ),
)
export const EnableControlCommand = build<
  { controlIdentifier: string; targetIdentifier: string; parameters?: readonly ControlParameter[] },
  Answer<{ operationIdentifier: string; arn: string }>
>(
  {},
  none,
  'EnableControl',
  controlTowerOperation(
    'EnableControl',
    '/enable-control',
    { controlIdentifier: STRING, targetIdentifier: STRING, parameters },
    { ...started, arn: STRING },
  ),
)
export const UpdateEnabledControlCommand = build<
  { enabledControlIdentifier: string; parameters: readonly ControlParameter[] },
  Answer<{ operationIdentifier: string }>
>(
  {},
  none,
  'UpdateEnabledControl',
  controlTowerOperation(
    'UpdateEnabledControl',
    '/update-enabled-control',
    { enabledControlIdentifier: STRING, parameters },
    started,
  ),
)
export const ResetEnabledControlCommand = build<
  { enabledControlIdentifier: string },
  Answer<{ operationIdentifier: string }>
>(
  {},
  none,
  'ResetEnabledControl',
  controlTowerOperation(
    'ResetEnabledControl',
    '/reset-enabled-control',
    { enabledControlIdentifier: STRING },
    started,
  ),
)
export const DisableControlCommand = build<
  { controlIdentifier: string; targetIdentifier: string },
  Answer<{ operationIdentifier: string }>
>(
  {},
  none,
  'DisableControl',
  controlTowerOperation(
    'DisableControl',
    '/disable-control',
    { controlIdentifier: STRING, targetIdentifier: STRING },
    started,
  ),
)
export const GetControlOperationCommand = build<
  { operationIdentifier: string },
  Answer<{
    controlOperation: {
      operationType?: string
      status?: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'
      statusMessage?: string
      enabledControlIdentifier?: string
    }
  }>
>(
  {},
  none,
  'GetControlOperation',
  controlTowerOperation('GetControlOperation', '/get-control-operation', started, {
    controlOperation: () => operation,
  }),
)

const catalogueControl = structure(CATALOG, [
  'ControlSummary',
  {
    Arn: STRING,
    Aliases: list(CATALOG, 'ControlAliases', STRING),
    ParameterRequirementSummary: STRING,
  },
])

export interface CatalogueControl {
  readonly Arn?: string
  readonly Aliases?: readonly string[]
  readonly ParameterRequirementSummary?: 'REQUIRED' | 'OPTIONAL' | 'NONE'
}

export const ListControlsCommand = buildCatalog<
  { NextToken?: string; MaxResults?: number },
  Answer<{ Controls: readonly CatalogueControl[]; NextToken: string }>
>({}, none, 'ListControls', [
  9,
  CATALOG,
  'ListControls',
  { http: ['POST', '/list-controls', 200] },
  structure(CATALOG, [
    'ListControlsRequest',
    { NextToken: [STRING, { httpQuery: 'nextToken' }], MaxResults: [INTEGER, { httpQuery: 'maxResults' }] },
  ]),
  structure(CATALOG, [
    'ListControlsResponse',
    { Controls: list(CATALOG, 'Controls', () => catalogueControl), NextToken: STRING },
  ]),
])
