/** Accounts that are there at once, for benchmarks. */
import { AwsError, type ServiceDefinition, type World } from '../core/contract.ts'
import { addAccount, addMemberRole } from '../services/organizations/accounts.ts'
import { type Organization, organizations, ous } from '../services/organizations/state.ts'

const NOT_FOR_TENANTS = new Set(['Security', 'Infrastructure'])

export function fastLoad(
  world: World,
  services: readonly ServiceDefinition[],
  { organizationId, accounts, ouName }: { organizationId: string; accounts: number; ouName?: string },
): { made: number } {
  const organization = organizations(world).get(organizationId)
  if (!organization)
    throw new AwsError('NotFound', `There is no organisation \`${organizationId}\`.`, {}, 404)
  if (!Number.isInteger(accounts) || accounts < 0 || accounts > 50_000)
    throw new AwsError('invalid', '`accounts` must be a whole number up to 50,000.')
  const targets = [...ous(world).values()].filter(
    (ou) =>
      ou.organizationId === organizationId &&
      (ouName === undefined ? !NOT_FOR_TENANTS.has(ou.name) : ou.name === ouName),
  )
  for (let i = 0; i < accounts; i++)
    oneAccount(world, services, organization, targets[i % targets.length]?.id ?? organization.rootId)
  return { made: accounts }
}

function oneAccount(
  world: World,
  services: readonly ServiceDefinition[],
  organization: Organization,
  ouId: string,
): void {
  const code = world.id(10)
  const accountId = addAccount(world, organization, {
    name: `loaded-${code}`,
    email: `loaded+${code}@example.jp`,
    parentId: ouId,
  })
  addMemberRole(world, organization, accountId, 'OrganizationAccountAccessRole')
  for (const service of services)
    service.onFastAccount?.(world, { accountId, managementAccountId: organization.managementAccountId, ouId })
}
