/** IAM: users, groups, roles, policies, as far as the steps of a landing zone need them. */
import type { ServiceDefinition } from '../../core/contract.ts'
import * as boundariesApi from './boundaries.ts'
import * as groupsApi from './groups.ts'
import * as policiesApi from './policies.ts'
import { keysOf, resourcesOf } from './resources.ts'
import * as rolesApi from './roles.ts'
import * as usersApi from './users.ts'

export const iam: ServiceDefinition = {
  signingName: 'iam',
  model: 'iam',
  iamPrefix: 'iam',
  throttleCode: 'Throttling',
  deniedCode: 'AccessDenied',
  invalidCode: 'ValidationError',
  operations: {
    ...rolesApi.operations,
    ...policiesApi.operations,
    ...usersApi.operations,
    ...groupsApi.operations,
    ...boundariesApi.operations,
  },
  resources: resourcesOf,
  keys: keysOf,
}
