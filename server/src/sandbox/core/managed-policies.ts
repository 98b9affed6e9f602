/** The AWS managed policies that the sandbox knows; others do not exist here (a known difference). */
const allow = (...actions: string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })

export const AWS_MANAGED: Readonly<Record<string, string>> = {
  'arn:aws:iam::aws:policy/AdministratorAccess': allow('*'),
  'arn:aws:iam::aws:policy/PowerUserAccess': JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: [
          'iam:CreateServiceLinkedRole',
          'iam:DeleteServiceLinkedRole',
          'iam:ListRoles',
          'organizations:DescribeOrganization',
          'account:ListRegions',
          'account:GetAccountInformation',
        ],
        Resource: '*',
      },
    ],
  }),
  'arn:aws:iam::aws:policy/ReadOnlyAccess': allow('*:Get*', '*:List*', '*:Describe*', '*:Search*', '*:View*'),
  'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess': allow('*:List*', '*:Describe*'),
  'arn:aws:iam::aws:policy/SecurityAudit': allow('*:Get*', '*:List*', '*:Describe*'),
  'arn:aws:iam::aws:policy/job-function/Billing': allow(
    'account:*',
    'aws-portal:*',
    'billing:*',
    'budgets:*',
    'ce:*',
    'cur:*',
  ),
  'arn:aws:iam::aws:policy/AWSOrganizationsReadOnlyAccess': allow(
    'organizations:Describe*',
    'organizations:List*',
  ),
  'arn:aws:iam::aws:policy/AWSServiceCatalogAdminFullAccess': allow('servicecatalog:*', 'cloudformation:*'),
  'arn:aws:iam::aws:policy/AWSServiceCatalogEndUserFullAccess': allow('servicecatalog:*'),
  'arn:aws:iam::aws:policy/AWSOrganizationsFullAccess': allow('organizations:*', 'account:*'),
  'arn:aws:iam::aws:policy/service-role/AWSControlTowerServiceRolePolicy': allow(
    'organizations:*',
    'cloudformation:*',
    'sso:*',
    'iam:*',
    'config:*',
  ),
}
