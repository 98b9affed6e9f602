import type { ServiceDefinition } from '../../core/contract.ts'
import * as associations from './associations.ts'
import * as findings from './findings.ts'
import * as hubs from './hubs.ts'
import * as policies from './policies.ts'
import { settings } from './settings.ts'

export const securityhub: ServiceDefinition = {
  signingName: 'securityhub',
  model: 'securityhub',
  iamPrefix: 'securityhub',
  invalidCode: 'InvalidInputException',
  settings,
  timers: { association_done: associations.associationDone },
  operations: {
    BatchDisableStandards: hubs.batchDisableStandards,
    BatchEnableStandards: hubs.batchEnableStandards,
    CreateFindingAggregator: hubs.createFindingAggregator,
    DeleteFindingAggregator: hubs.deleteFindingAggregator,
    DescribeHub: hubs.describeHub,
    DescribeOrganizationConfiguration: hubs.describeOrganizationConfiguration,
    DescribeStandards: hubs.describeStandards,
    DisableOrganizationAdminAccount: hubs.disableOrganizationAdminAccount,
    DisableSecurityHub: hubs.disableSecurityHub,
    EnableOrganizationAdminAccount: hubs.enableOrganizationAdminAccount,
    EnableSecurityHub: hubs.enableSecurityHub,
    GetEnabledStandards: hubs.getEnabledStandards,
    GetFindingAggregator: hubs.getFindingAggregator,
    ListFindingAggregators: hubs.listFindingAggregators,
    ListOrganizationAdminAccounts: hubs.listOrganizationAdminAccounts,
    UpdateOrganizationConfiguration: hubs.updateOrganizationConfiguration,
    CreateConfigurationPolicy: policies.createConfigurationPolicy,
    DeleteConfigurationPolicy: policies.deleteConfigurationPolicy,
    GetConfigurationPolicy: policies.getConfigurationPolicy,
    ListConfigurationPolicies: policies.listConfigurationPolicies,
    UpdateConfigurationPolicy: policies.updateConfigurationPolicy,
    BatchGetConfigurationPolicyAssociations: associations.batchGetConfigurationPolicyAssociations,
    GetConfigurationPolicyAssociation: associations.getConfigurationPolicyAssociation,
    ListConfigurationPolicyAssociations: associations.listConfigurationPolicyAssociations,
    StartConfigurationPolicyAssociation: associations.startConfigurationPolicyAssociation,
    StartConfigurationPolicyDisassociation: associations.startConfigurationPolicyDisassociation,
    BatchImportFindings: findings.batchImportFindings,
    BatchUpdateFindings: findings.batchUpdateFindings,
    GetFindings: findings.getFindings,
  },
}
