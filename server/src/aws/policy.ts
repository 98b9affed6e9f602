import { DECLARED_ACTIONS, DELEGATED_NEEDS } from './actions.ts'

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly {
    readonly Sid: string
    readonly Effect: 'Allow'
    readonly Action: readonly string[]
    readonly Resource: string
  }[]
}

/**
 * Actions that we never call: AWS checks them on our role when Account Factory works on its behalf, and when AWS Config
 * deploys a conformance pack to an organisation. Sources: Control Tower user guide, "Configuring and provisioning
 * accounts through AWS Service Catalog"; API reference of AWS Config, `PutOrganizationConformancePack`; read 2026-11.
 */
export const FORWARDED_ACTIONS: readonly string[] = [
  'controltower:CreateManagedAccount',
  'controltower:DeregisterManagedAccount',
  'controltower:DescribeManagedAccount',
  'organizations:EnableAWSServiceAccess',
  'organizations:ListDelegatedAdministrators',
  'sso-directory:AddMemberToGroup',
  'sso-directory:CreateUser',
  'sso-directory:DescribeDirectory',
  'sso-directory:DescribeGroups',
  'sso-directory:GetUserPoolInfo',
  'sso-directory:ListMembersInGroup',
  'sso-directory:SearchGroups',
  'sso-directory:SearchGroupsWithGroupName',
  'sso-directory:SearchUsers',
  'sso:AssociateProfile',
  'sso:CreateApplicationInstance',
  'sso:CreateProfile',
  'sso:CreateTrust',
  'sso:GetApplicationInstance',
  'sso:GetPeregrineStatus',
  'sso:GetPermissionSet',
  'sso:GetProfile',
  'sso:GetSSOStatus',
  'sso:GetTrust',
  'sso:ListDirectoryAssociations',
  'sso:ListProfileAssociations',
  'sso:ProvisionApplicationInstanceForAWSAccount',
  'sso:ProvisionApplicationProfileForAWSAccountInstance',
  'sso:ProvisionSAMLProvider',
  'sso:UpdateProfile',
  'sso:UpdateTrust',
]

/**
 * The policy of Rankan's role in the management account: one statement for each service, so that an auditor can read
 * it. AWS offers no resource level for most of these actions (an account that is being created has no ARN yet).
 */
export function rankanRolePolicy(): PolicyDocument {
  const byService = new Map<string, string[]>()
  const elsewhere = new Set(DELEGATED_NEEDS.map(({ action }) => action))
  for (const action of DECLARED_ACTIONS) {
    if (elsewhere.has(action)) continue
    const service = action.split(':')[0] ?? ''
    byService.set(service, [...(byService.get(service) ?? []), action])
  }
  const own = [...byService].map(([service, actions]) => statement(`Rankan${capital(service)}`, actions))
  return {
    Version: '2012-10-17',
    Statement: [...own, statement('RankanThroughServices', FORWARDED_ACTIONS)],
  }
}

/** The policy of the role of the same name in the account of Security Hub's delegated administrator. */
export const delegateRolePolicy = (): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    statement(
      'RankanSecurityhub',
      DELEGATED_NEEDS.map(({ action }) => action),
    ),
  ],
})

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

const statement = (Sid: string, Action: readonly string[]) =>
  ({ Sid, Effect: 'Allow', Action, Resource: '*' }) as const
