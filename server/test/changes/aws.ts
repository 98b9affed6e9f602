import { AccountClient, GetAlternateContactCommand } from '@aws-sdk/client-account'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import {
  DescribeUserCommand,
  GetGroupIdCommand,
  IdentitystoreClient,
  ListGroupMembershipsCommand,
} from '@aws-sdk/client-identitystore'
import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { SearchProvisionedProductsCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog'
import { ListInstancesCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { SandboxCredentials } from '../../src/sandbox/seed/seed.ts'

type Organization = SandboxCredentials['organizations'][number]
interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The estate as an administrator of the AWS organisation sees it, with AWS's own client and nothing of Rankan's. */
export function administrator(endpoint: string, aws: Organization) {
  const config = (credentials: Key, region: string) => ({ endpoint, credentials, region, maxAttempts: 3 })
  const home = config(aws.admin, aws.homeRegion)
  const global = config(aws.admin, 'us-east-1')
  const organizations = new OrganizationsClient(global)
  const account = new AccountClient(global)

  const ouIdOf = async (accountId: string) =>
    (await organizations.send(new ListParentsCommand({ ChildId: accountId }))).Parents?.[0]?.Id ?? ''
  const stateOf = async (accountId: string) => {
    const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId: accountId }))
    return { name: Account?.Name, email: Account?.Email, state: Account?.State }
  }
  return {
    organizations,
    account,
    ouIdOf,
    stateOf,
    async ouNameOf(accountId: string) {
      const id = await ouIdOf(accountId)
      if (id.startsWith('r-')) return 'Root'
      const found = await organizations.send(
        new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id }),
      )
      return found.OrganizationalUnit?.Name
    },
    async ouId(name: string) {
      const found = await organizations.send(
        new ListOrganizationalUnitsForParentCommand({ ParentId: aws.rootId }),
      )
      return found.OrganizationalUnits?.find((ou) => ou.Name === name)?.Id ?? ''
    },
    async contact(accountId: string, type: 'SECURITY' | 'OPERATIONS' | 'BILLING') {
      const asked = new GetAlternateContactCommand({ AccountId: accountId, AlternateContactType: type })
      return (await account.send(asked)).AlternateContact?.EmailAddress
    },
    /** User names of the members of a group of Identity Center. */
    async members(group: string): Promise<readonly string[]> {
      const { Instances } = await new SSOAdminClient(home).send(new ListInstancesCommand({}))
      const IdentityStoreId = Instances?.[0]?.IdentityStoreId
      const store = new IdentitystoreClient(home)
      const AlternateIdentifier = {
        UniqueAttribute: { AttributePath: 'displayName', AttributeValue: group },
      }
      const { GroupId } = await store.send(new GetGroupIdCommand({ IdentityStoreId, AlternateIdentifier }))
      const { GroupMemberships } = await store.send(
        new ListGroupMembershipsCommand({ IdentityStoreId, GroupId }),
      )
      const names = []
      for (const { MemberId } of GroupMemberships ?? []) {
        const user = await store.send(
          new DescribeUserCommand({ IdentityStoreId, UserId: MemberId?.UserId ?? '' }),
        )
        names.push(user.UserName ?? '')
      }
      return names.sort()
    },
    /** The products of Account Factory that stand for the account. */
    async products(accountId: string): Promise<readonly string[]> {
      const asked = new SearchProvisionedProductsCommand({
        AccessLevelFilter: { Key: 'Account', Value: 'self' },
      })
      const { ProvisionedProducts } = await new ServiceCatalogClient(home).send(asked)
      return (ProvisionedProducts ?? [])
        .filter((one) => one.PhysicalId === accountId)
        .map((one) => one.Status ?? '')
    },
    /** Works in the account with a key of its own, as the system of a tenant does. */
    async tenant(accountId: string): Promise<{ work(): Promise<string> }> {
      const role = aws.hasLandingZone ? 'AWSControlTowerExecution' : 'OrganizationAccountAccessRole'
      const { Credentials } = await new STSClient(home).send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${accountId}:role/${role}`,
          RoleSessionName: 'set-up',
        }),
      )
      const session = {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      }
      const iam = new IAMClient(config(session, 'us-east-1'))
      await iam.send(new CreateUserCommand({ UserName: 'system' }))
      const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
      await iam.send(new AttachUserPolicyCommand({ UserName: 'system', PolicyArn }))
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'system' }))
      const key = {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      }
      const own = new IAMClient(config(key, 'us-east-1'))
      return {
        work: async () => {
          try {
            const { Users } = await own.send(new ListUsersCommand({}))
            return (Users ?? []).map((user) => user.UserName).join(' ')
          } catch (error) {
            return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
          }
        },
      }
    },
  }
}

export type Administrator = ReturnType<typeof administrator>
