/** Prefix of the IAM actions of each client. */
const PREFIX: Readonly<Record<string, string>> = {
  AccountClient: 'account',
  BudgetsClient: 'budgets',
  CloudFormationClient: 'cloudformation',
  ConfigServiceClient: 'config',
  ControlCatalogClient: 'controlcatalog',
  ControlTowerClient: 'controltower',
  EventBridgeClient: 'events',
  IdentitystoreClient: 'identitystore',
  OrganizationsClient: 'organizations',
  S3Client: 's3',
  SQSClient: 'sqs',
  SSOAdminClient: 'sso',
  SSMClient: 'ssm',
  STSClient: 'sts',
  SecurityHubClient: 'securityhub',
  ServiceCatalogClient: 'servicecatalog',
  ServiceQuotasClient: 'servicequotas',
  SupportClient: 'support',
}

/**
 * Operations whose IAM action has another name than the operation.
 * Source: AWS Service Authorization Reference (Budgets, Amazon S3, Amazon SQS), read 2026-11.
 */
const RENAMED: Readonly<Record<string, string>> = {
  'budgets:CreateBudget': 'budgets:ModifyBudget',
  'budgets:UpdateBudget': 'budgets:ModifyBudget',
  'budgets:DeleteBudget': 'budgets:ModifyBudget',
  'budgets:CreateNotification': 'budgets:ModifyBudget',
  'budgets:DeleteNotification': 'budgets:ModifyBudget',
  'budgets:DescribeBudget': 'budgets:ViewBudget',
  'budgets:DescribeNotificationsForBudget': 'budgets:ViewBudget',
  'budgets:DescribeSubscribersForNotification': 'budgets:ViewBudget',
  's3:ListObjectsV2': 's3:ListBucket',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
}

/** `('BudgetsClient', 'UpdateBudget')` → `budgets:ModifyBudget` */
export function iamActionOf(client: string, operation: string): string {
  const action = `${PREFIX[client] ?? client}:${operation}`
  return RENAMED[action] ?? action
}
