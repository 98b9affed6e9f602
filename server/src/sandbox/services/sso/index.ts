import type { ServiceDefinition } from '../../core/contract.ts'
import * as assignments from './assignments.ts'
import * as instances from './instances.ts'
import * as sets from './permission-sets.ts'
import * as provisioning from './provisioning.ts'
import { settings } from './settings.ts'

export const sso: ServiceDefinition = {
  signingName: 'sso',
  model: 'sso-admin',
  iamPrefix: 'sso',
  settings,
  timers: { done: assignments.done },
  operations: {
    DescribeInstance: instances.describeInstance,
    ListInstances: instances.listInstances,
    AttachCustomerManagedPolicyReferenceToPermissionSet: sets.attachCustomerPolicy,
    AttachManagedPolicyToPermissionSet: sets.attachManagedPolicy,
    CreatePermissionSet: sets.createPermissionSet,
    DeleteInlinePolicyFromPermissionSet: sets.deleteInlinePolicy,
    DeletePermissionsBoundaryFromPermissionSet: sets.deleteBoundary,
    DescribePermissionSet: sets.describePermissionSet,
    DetachCustomerManagedPolicyReferenceFromPermissionSet: sets.detachCustomerPolicy,
    DetachManagedPolicyFromPermissionSet: sets.detachManagedPolicy,
    GetInlinePolicyForPermissionSet: sets.getInlinePolicy,
    GetPermissionsBoundaryForPermissionSet: sets.getBoundary,
    ListCustomerManagedPolicyReferencesInPermissionSet: sets.listCustomerPolicies,
    ListManagedPoliciesInPermissionSet: sets.listManagedPolicies,
    ListPermissionSets: sets.listPermissionSets,
    ListTagsForResource: sets.listTags,
    PutInlinePolicyToPermissionSet: sets.putInlinePolicy,
    PutPermissionsBoundaryToPermissionSet: sets.putBoundary,
    TagResource: sets.tagResource,
    UntagResource: sets.untagResource,
    UpdatePermissionSet: sets.updatePermissionSet,
    CreateAccountAssignment: assignments.createAccountAssignment,
    DeleteAccountAssignment: assignments.deleteAccountAssignment,
    DeletePermissionSet: assignments.deletePermissionSet,
    DescribeAccountAssignmentCreationStatus: assignments.describeCreation,
    DescribeAccountAssignmentDeletionStatus: assignments.describeDeletion,
    ListAccountAssignmentCreationStatus: assignments.listCreations,
    ListAccountAssignmentDeletionStatus: assignments.listDeletions,
    ListAccountAssignments: assignments.listAccountAssignments,
    ListAccountAssignmentsForPrincipal: assignments.listAccountAssignmentsForPrincipal,
    DescribePermissionSetProvisioningStatus: provisioning.describeProvisioning,
    ListAccountsForProvisionedPermissionSet: provisioning.listAccountsOfPermissionSet,
    ListPermissionSetProvisioningStatus: provisioning.listProvisionings,
    ListPermissionSetsProvisionedToAccount: provisioning.listPermissionSetsOfAccount,
    ProvisionPermissionSet: provisioning.provisionPermissionSet,
  },
}
