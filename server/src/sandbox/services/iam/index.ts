/** IAM: users, roles, policies, as far as the steps of a landing zone need them. */
import type { ServiceDefinition } from '../../core/contract.ts'
import * as policiesApi from './policies.ts'
import * as rolesApi from './roles.ts'
import * as usersApi from './users.ts'

export const iam: ServiceDefinition = {
  signingName: 'iam',
  model: 'iam',
  iamPrefix: 'iam',
  throttleCode: 'Throttling',
  deniedCode: 'AccessDenied',
  invalidCode: 'ValidationError',
  operations: { ...rolesApi.operations, ...policiesApi.operations, ...usersApi.operations },
  resources: ({ input, caller }) => {
    const { RoleName, UserName, PolicyArn } = input as {
      RoleName?: string
      UserName?: string
      PolicyArn?: string
    }
    if (RoleName !== undefined) return [`arn:aws:iam::${caller.accountId}:role/${RoleName}`]
    if (UserName !== undefined) return [`arn:aws:iam::${caller.accountId}:user/${UserName}`]
    return [PolicyArn ?? '*']
  },
}
