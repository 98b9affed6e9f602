import { AwsError, type Call, type ServiceDefinition } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { CATALOGUE, type CatalogueControl, controlByArn } from './catalogue.ts'

const requirementOf = ({ required, optional }: CatalogueControl): string =>
  required.length > 0 ? 'REQUIRED' : optional.length > 0 ? 'OPTIONAL' : 'NONE'

const summary = (one: CatalogueControl) => ({
  Arn: one.arn,
  Aliases: [one.alias],
  Name: one.alias,
  Description: one.alias,
  Behavior: one.behavior,
  Implementation: one.implementation,
  ParameterRequirementSummary: requirementOf(one),
  GovernedProviders: ['AWS'],
})

interface ListInput {
  readonly NextToken?: string
  readonly MaxResults?: number
  readonly Filter?: {
    readonly Implementations?: {
      readonly Types?: readonly string[]
      readonly Identifiers?: readonly string[]
    }
  }
}

function listControls({ input }: Call<ListInput>) {
  const { Types, Identifiers } = input.Filter?.Implementations ?? {}
  const fits = CATALOGUE.filter(
    ({ implementation: { Type, Identifier = '' } }) =>
      (Types?.includes(Type) ?? true) && (Identifiers?.includes(Identifier) ?? true),
  )
  const { items, next } = pageOf(fits, {
    token: input.NextToken,
    size: input.MaxResults ?? 100,
    badToken: 'ValidationException',
  })
  return { Controls: items.map(summary), NextToken: next }
}

function getControl({ input }: Call<{ ControlArn: string }>) {
  const found = controlByArn(input.ControlArn)
  if (!found)
    throw new AwsError('ResourceNotFoundException', `The control ${input.ControlArn} was not found.`, {}, 404)
  return {
    ...summary(found),
    RegionConfiguration: { Scope: found.behavior === 'PREVENTIVE' ? 'GLOBAL' : 'REGIONAL' },
    Parameters: [
      ...found.required.map((Name) => ({ Name, Requirement: 'REQUIRED' })),
      ...found.optional.map((Name) => ({ Name, Requirement: 'OPTIONAL' })),
    ],
  }
}

/** AWS Control Catalog: which controls there are. */
export const controlcatalog: ServiceDefinition = {
  signingName: 'controlcatalog',
  model: 'controlcatalog',
  iamPrefix: 'controlcatalog',
  operations: { GetControl: getControl, ListControls: listControls },
}
