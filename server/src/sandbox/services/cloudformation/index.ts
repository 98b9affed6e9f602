import type { ServiceDefinition } from '../../core/contract.ts'
import * as hooks from './hooks.ts'

/** Hooks of CloudFormation's registry; there are no stacks that they would check. */
export const cloudformation: ServiceDefinition = {
  signingName: 'cloudformation',
  model: 'cloudformation',
  iamPrefix: 'cloudformation',
  throttleCode: 'Throttling',
  deniedCode: 'AccessDenied',
  invalidCode: 'ValidationError',
  operations: {
    ActivateType: hooks.activateType,
    BatchDescribeTypeConfigurations: hooks.batchDescribeTypeConfigurations,
    DeactivateType: hooks.deactivateType,
    DescribeType: hooks.describeType,
    ListTypes: hooks.listTypes,
    SetTypeConfiguration: hooks.setTypeConfiguration,
  },
}
