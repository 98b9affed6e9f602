import type { ServiceDefinition } from '../../core/contract.ts'
import * as buses from './buses.ts'
import { route } from './deliver.ts'
import * as rules from './rules.ts'
import { settings } from './settings.ts'
import { busName, envelopeOf, ruleArn } from './state.ts'

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
  },
  onEvent: (world, event) => route(world, 'default', envelopeOf(event)),
  resources: ({ operation, input, caller, region }) => {
    const { Name, Rule, EventBusName } = input as { Name?: string; Rule?: string; EventBusName?: string }
    if (operation === 'PutEvents' || /EventBus/.test(operation))
      return [`arn:aws:events:${region}:${caller.accountId}:event-bus/*`]
    return [ruleArn(caller.accountId, region, busName(EventBusName), Name ?? Rule ?? '*')]
  },
}
