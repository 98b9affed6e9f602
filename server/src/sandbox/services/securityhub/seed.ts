import type { World } from '../../core/contract.ts'
import { serviceCaller } from '../shared/world.ts'

/** Central configuration as it stands after set-up: a delegated administrator with a home Region, and no policies yet. */
export function seedSecurityHub(
  world: World,
  {
    managementAccountId,
    adminAccountId,
    region,
  }: { managementAccountId: string; adminAccountId: string; region: string },
): void {
  const ask = (accountId: string, operation: string, input: object) =>
    world.invoke('securityhub', operation, input, serviceCaller(accountId, 'Administrator'), region)
  ask(managementAccountId, 'EnableOrganizationAdminAccount', { AdminAccountId: adminAccountId })
  ask(adminAccountId, 'CreateFindingAggregator', { RegionLinkingMode: 'ALL_REGIONS' })
  ask(adminAccountId, 'UpdateOrganizationConfiguration', {
    AutoEnable: false,
    AutoEnableStandards: 'NONE',
    OrganizationConfiguration: { ConfigurationType: 'CENTRAL' },
  })
}
