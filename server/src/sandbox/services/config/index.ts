import type { Call, ServiceDefinition } from '../../core/contract.ts'
import * as aggregator from './aggregator.ts'
import * as compliance from './compliance.ts'
import * as items from './items.ts'
import { organizationDone } from './organization.ts'
import * as organizationPacks from './organization-packs.ts'
import * as organizationRules from './organization-rules.ts'
import * as packs from './packs.ts'
import * as recorder from './recorder.ts'
import * as remediation from './remediation.ts'
import * as rules from './rules.ts'
import { settings } from './settings.ts'

export const config: ServiceDefinition = {
  signingName: 'config',
  model: 'config',
  iamPrefix: 'config',
  settings,
  timers: { pack_done: packs.packDone, organization_done: organizationDone },
  operations: {
    DeleteConfigurationRecorder: recorder.deleteConfigurationRecorder,
    DeleteDeliveryChannel: recorder.deleteDeliveryChannel,
    DescribeConfigurationRecorderStatus: recorder.describeConfigurationRecorderStatus,
    DescribeConfigurationRecorders: recorder.describeConfigurationRecorders,
    DescribeDeliveryChannels: recorder.describeDeliveryChannels,
    PutConfigurationRecorder: recorder.putConfigurationRecorder,
    PutDeliveryChannel: recorder.putDeliveryChannel,
    StartConfigurationRecorder: recorder.startConfigurationRecorder,
    StopConfigurationRecorder: recorder.stopConfigurationRecorder,
    DeleteConfigRule: rules.deleteConfigRule,
    DescribeConfigRules: rules.describeConfigRules,
    GetCustomRulePolicy: rules.getCustomRulePolicy,
    PutConfigRule: rules.putConfigRule,
    StartConfigRulesEvaluation: rules.startConfigRulesEvaluation,
    DeleteConformancePack: packs.deleteConformancePack,
    DescribeConformancePackCompliance: packs.describeConformancePackCompliance,
    DescribeConformancePackStatus: packs.describeConformancePackStatus,
    DescribeConformancePacks: packs.describeConformancePacks,
    PutConformancePack: packs.putConformancePack,
    DeleteOrganizationConformancePack: organizationPacks.deleteOrganizationConformancePack,
    DescribeOrganizationConformancePackStatuses:
      organizationPacks.describeOrganizationConformancePackStatuses,
    DescribeOrganizationConformancePacks: organizationPacks.describeOrganizationConformancePacks,
    GetOrganizationConformancePackDetailedStatus:
      organizationPacks.getOrganizationConformancePackDetailedStatus,
    PutOrganizationConformancePack: organizationPacks.putOrganizationConformancePack,
    DeleteOrganizationConfigRule: organizationRules.deleteOrganizationConfigRule,
    DescribeOrganizationConfigRuleStatuses: organizationRules.describeOrganizationConfigRuleStatuses,
    DescribeOrganizationConfigRules: organizationRules.describeOrganizationConfigRules,
    GetOrganizationConfigRuleDetailedStatus: organizationRules.getOrganizationConfigRuleDetailedStatus,
    GetOrganizationCustomRulePolicy: organizationRules.getOrganizationCustomRulePolicy,
    PutOrganizationConfigRule: organizationRules.putOrganizationConfigRule,
    DeleteConfigurationAggregator: aggregator.deleteConfigurationAggregator,
    DescribeAggregateComplianceByConfigRules: aggregator.describeAggregateComplianceByConfigRules,
    DescribeConfigurationAggregators: aggregator.describeConfigurationAggregators,
    GetAggregateComplianceDetailsByConfigRule: aggregator.getAggregateComplianceDetailsByConfigRule,
    GetAggregateConfigRuleComplianceSummary: aggregator.getAggregateConfigRuleComplianceSummary,
    PutConfigurationAggregator: aggregator.putConfigurationAggregator,
    DeleteResourceConfig: items.deleteResourceConfig,
    GetResourceConfigHistory: items.getResourceConfigHistory,
    ListDiscoveredResources: items.listDiscoveredResources,
    PutResourceConfig: items.putResourceConfig,
    DescribeComplianceByConfigRule: compliance.describeComplianceByConfigRule,
    DescribeComplianceByResource: compliance.describeComplianceByResource,
    GetComplianceDetailsByConfigRule: compliance.getComplianceDetailsByConfigRule,
    GetComplianceDetailsByResource: compliance.getComplianceDetailsByResource,
    PutEvaluations: compliance.putEvaluations,
    DeleteRemediationConfiguration: remediation.deleteRemediationConfiguration,
    DescribeRemediationConfigurations: remediation.describeRemediationConfigurations,
    DescribeRemediationExecutionStatus: remediation.describeRemediationExecutionStatus,
    PutRemediationConfigurations: remediation.putRemediationConfigurations,
    StartRemediationExecution: remediation.startRemediationExecution,
  },
  resources: ({ input, caller, region }: Call<{ OrganizationConformancePackName?: string }>) => [
    input.OrganizationConformancePackName === undefined
      ? '*'
      : `arn:aws:config:${region}:${caller.accountId}:organization-conformance-pack/${input.OrganizationConformancePackName}`,
  ],
}
