import type { Call, ServiceDefinition } from '../../core/contract.ts'
import * as buses from './buses.ts'
import { route } from './deliver.ts'
import * as permissions from './permissions.ts'
import * as rules from './rules.ts'
import { settings } from './settings.ts'
import { busArn, busName, busOwner, envelopeOf, ruleArn } from './state.ts'

export const events: ServiceDefinition = {
  signingName: 'events',
  model: 'events',
  iamPrefix: 'events',
  settings,
  operations: {
    PutRule: rules.putRule,
    DescribeRule: rules.describeRule,
    ListRules: rules.listRules,
    ListRuleNamesByTarget: rules.listRuleNamesByTarget,
    DeleteRule: rules.deleteRule,
    EnableRule: rules.enableRule,
    DisableRule: rules.disableRule,
    PutTargets: rules.putTargets,
    RemoveTargets: rules.removeTargets,
    ListTargetsByRule: rules.listTargetsByRule,
    TestEventPattern: rules.testEventPattern,
    ListTagsForResource: rules.listTagsForResource,
    TagResource: rules.tagResource,
    UntagResource: rules.untagResource,
    PutEvents: buses.putEvents,
    CreateEventBus: buses.createEventBus,
    DeleteEventBus: buses.deleteEventBus,
    DescribeEventBus: buses.describeEventBus,
    ListEventBuses: buses.listEventBuses,
    PutPermission: permissions.putPermission,
    RemovePermission: permissions.removePermission,
  },
  onEvent: (world, event) => route(world, { owner: event.accountId, name: 'default' }, envelopeOf(event)),
  resources: resourcesOf,
  resourcePolicy: (world, arn) => {
    const document = permissions.policyOfBus(world, arn)
    return document === undefined ? null : { kind: 'resource', document }
  },
}

interface Named {
  readonly Name?: string
  readonly Rule?: string
  readonly EventBusName?: string
  readonly Entries?: readonly { readonly EventBusName?: string }[]
}

function resourcesOf({ operation, input, caller, region }: Call<Named>): readonly string[] {
  const bus = (nameOrArn: string | undefined) =>
    busArn(region, busOwner(nameOrArn, caller.accountId), busName(nameOrArn))
  if (operation === 'PutEvents')
    return [...new Set((input.Entries ?? []).map(({ EventBusName }) => bus(EventBusName)))]
  if (/Permission$/.test(operation)) return [bus(input.EventBusName)]
  if (operation === 'ListEventBuses') return ['*']
  if (/EventBus$/.test(operation)) return [bus(input.Name)]
  return [ruleArn(caller.accountId, region, busName(input.EventBusName), input.Name ?? input.Rule ?? '*')]
}
