import type { OrganizationChange, ServiceDefinition, World } from '../../core/contract.ts'
import * as hooks from './hooks.ts'
import * as sets from './stack-sets.ts'

const ARRIVED: readonly OrganizationChange['kind'][] = ['account_created', 'account_moved', 'account_joined']
const LEFT: readonly OrganizationChange['kind'][] = ['account_moved', 'account_closed', 'account_left']

function onOrganizationChange(world: World, { kind, subjectId }: OrganizationChange): void {
  if (LEFT.includes(kind)) sets.accountLeft(world, subjectId)
  if (ARRIVED.includes(kind)) sets.accountArrived(world, subjectId)
}

/** Hooks of CloudFormation's registry, and stack sets as far as they bring hooks and SSM documents into accounts; there are no stacks that hooks would check. */
export const cloudformation: ServiceDefinition = {
  signingName: 'cloudformation',
  model: 'cloudformation',
  iamPrefix: 'cloudformation',
  throttleCode: 'Throttling',
  deniedCode: 'AccessDenied',
  invalidCode: 'ValidationError',
  settings: {
    durations: {
      'cloudformation.stack_set_operation': {
        ms: 180_000,
        jitter: 0.4,
        source: 'assumed; AWS publishes no figure for operations of stack sets',
        asOf: '2026-11-22',
      },
    },
  },
  onOrganizationChange,
  timers: { operation_done: sets.operationDone },
  operations: {
    ActivateOrganizationsAccess: sets.activateOrganizationsAccess,
    ActivateType: hooks.activateType,
    BatchDescribeTypeConfigurations: hooks.batchDescribeTypeConfigurations,
    CreateStackInstances: sets.createStackInstances,
    CreateStackSet: sets.createStackSet,
    DeactivateType: hooks.deactivateType,
    DeleteStackInstances: sets.deleteStackInstances,
    DeleteStackSet: sets.deleteStackSet,
    DescribeOrganizationsAccess: sets.describeOrganizationsAccess,
    DescribeStackSet: sets.describeStackSet,
    DescribeStackSetOperation: sets.describeStackSetOperation,
    DescribeType: hooks.describeType,
    DetectStackSetDrift: sets.detectStackSetDrift,
    ListStackInstances: sets.listStackInstances,
    ListStackSetOperations: sets.listStackSetOperations,
    ListStackSets: sets.listStackSets,
    ListTypes: hooks.listTypes,
    SetTypeConfiguration: hooks.setTypeConfiguration,
    UpdateStackSet: sets.updateStackSet,
  },
}
