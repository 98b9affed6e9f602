import type { AssignmentRequest } from '../../ports/estate.ts'

export interface PermissionSetOrder {
  readonly name: string
  readonly description: string
  /** ISO 8601 duration, PT1H to PT12H. */
  readonly sessionDuration: string
  readonly managedPolicyArns: readonly string[]
  readonly inlinePolicy: object | null
}

/**
 * The two permission sets of Government Cloud (C3): the administrator makes the local roles of the account, everyone
 * else may only switch into those. Two sets also keep Identity Center far from its quotas.
 */
export const PERMISSION_SETS: Readonly<Record<AssignmentRequest['permissionSet'], PermissionSetOrder>> = {
  Admin: {
    name: 'Admin',
    description: 'Administrator of one account. Makes its local Developer and Operator roles.',
    sessionDuration: 'PT4H',
    managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    inlinePolicy: null,
  },
  NonAdmin: {
    name: 'NonAdmin',
    description: 'May only switch into the local roles of the account.',
    sessionDuration: 'PT4H',
    managedPolicyArns: [],
    inlinePolicy: {
      Version: '2012-10-17',
      Statement: [{ Sid: 'SwitchRoleOnly', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
    },
  },
}
