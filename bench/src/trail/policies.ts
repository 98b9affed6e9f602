/**
 * Fifty statements as organisations attach them: region and service limits, protection of the security baseline, network
 * and identity perimeters. Kinds and frequencies follow public collections (facts/policy.md, section 6): exception roles
 * by `aws:PrincipalArn` in over half, then tags, regions, networks. The words are our own.
 */
type Values = string | readonly string[]
export type Condition = Readonly<Record<string, Readonly<Record<string, Values>>>>

export interface GuardStatement {
  readonly Sid: string
  readonly Effect: 'Deny'
  readonly Principal?: '*'
  readonly Action?: Values
  readonly NotAction?: Values
  readonly Resource: Values
  readonly Condition?: Condition
}

export interface Guard {
  readonly name: string
  readonly kind: 'scp' | 'rcp'
  /** Where the bench attaches it: the root, or one of two OUs. */
  readonly at: 'root' | 'municipalities' | 'ministries'
  readonly statements: readonly GuardStatement[]
}

const BREAK_GLASS = {
  ArnNotLike: {
    'aws:PrincipalArn': ['arn:aws:iam::*:role/break-glass', 'arn:aws:iam::*:role/aws-service-role/*'],
  },
}
const DEPLOYERS = {
  ArnNotLike: {
    'aws:PrincipalArn': ['arn:aws:iam::*:role/deploy-*', 'arn:aws:iam::*:role/AWSControlTowerExecution'],
  },
}
const ADMINS = {
  ArnNotLike: {
    'aws:PrincipalArn': [
      'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_AdministratorAccess_*',
      'arn:aws:iam::*:role/break-glass',
    ],
  },
}

const deny = (
  Sid: string,
  Action: Values,
  Condition?: Condition,
  Resource: Values = '*',
): GuardStatement => ({
  Sid,
  Effect: 'Deny',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
})
const denyOthers = (Sid: string, NotAction: Values, Condition: Condition): GuardStatement => ({
  Sid,
  Effect: 'Deny',
  NotAction,
  Resource: '*',
  Condition,
})
const perimeter = (Sid: string, Action: Values, Condition: Condition): GuardStatement => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource: '*',
  Condition,
})

const GLOBAL_SERVICES = [
  'iam:*',
  'sts:*',
  'organizations:*',
  'route53:*',
  'cloudfront:*',
  'support:*',
  'health:*',
  'budgets:*',
  'waf:*',
  'kms:*',
  's3:ListAllMyBuckets',
]

/** `organization` is the id that perimeters compare with. */
export const guardsOf = (organization: string): readonly Guard[] => [
  {
    name: 'regions',
    kind: 'scp',
    at: 'root',
    statements: [
      denyOthers('OnlyJapan', GLOBAL_SERVICES, {
        StringNotEquals: { 'aws:RequestedRegion': ['ap-northeast-1', 'ap-northeast-3'] },
        ...BREAK_GLASS,
      }),
      deny('NoRegionOptIn', ['account:EnableRegion', 'account:DisableRegion']),
      deny('NoLeaving', 'organizations:LeaveOrganization'),
      deny('NoRoot', '*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } }),
      deny('NoAccountClosing', ['account:CloseAccount', 'account:PutAlternateContact'], ADMINS),
    ],
  },
  {
    name: 'baseline',
    kind: 'scp',
    at: 'root',
    statements: [
      deny(
        'KeepTrail',
        [
          'cloudtrail:StopLogging',
          'cloudtrail:DeleteTrail',
          'cloudtrail:UpdateTrail',
          'cloudtrail:PutEventSelectors',
        ],
        BREAK_GLASS,
        'arn:aws:cloudtrail:*:*:trail/org-*',
      ),
      deny(
        'KeepConfig',
        [
          'config:DeleteConfigurationRecorder',
          'config:StopConfigurationRecorder',
          'config:DeleteDeliveryChannel',
          'config:DeleteConfigRule',
        ],
        BREAK_GLASS,
      ),
      deny(
        'KeepGuardDuty',
        [
          'guardduty:Delete*',
          'guardduty:Disassociate*',
          'guardduty:StopMonitoringMembers',
          'guardduty:UpdateDetector',
        ],
        BREAK_GLASS,
      ),
      deny(
        'KeepSecurityHub',
        ['securityhub:Disable*', 'securityhub:Delete*', 'securityhub:DisassociateFromAdministratorAccount'],
        BREAK_GLASS,
      ),
      deny(
        'KeepAnalyzer',
        ['access-analyzer:DeleteAnalyzer', 'access-analyzer:UpdateArchiveRule'],
        BREAK_GLASS,
      ),
      deny(
        'KeepLogGroups',
        ['logs:DeleteLogGroup', 'logs:DeleteLogStream', 'logs:PutRetentionPolicy'],
        DEPLOYERS,
        'arn:aws:logs:*:*:log-group:/audit/*',
      ),
      deny(
        'KeepBaselineRoles',
        [
          'iam:AttachRolePolicy',
          'iam:DetachRolePolicy',
          'iam:DeleteRole',
          'iam:PutRolePolicy',
          'iam:UpdateAssumeRolePolicy',
        ],
        BREAK_GLASS,
        ['arn:aws:iam::*:role/AWSControlTower*', 'arn:aws:iam::*:role/baseline-*'],
      ),
      deny(
        'KeepBaselineStacks',
        ['cloudformation:UpdateStack', 'cloudformation:DeleteStack'],
        DEPLOYERS,
        'arn:aws:cloudformation:*:*:stack/StackSet-baseline-*',
      ),
      deny(
        'KeepEvents',
        ['events:DeleteRule', 'events:DisableRule', 'events:RemoveTargets'],
        DEPLOYERS,
        'arn:aws:events:*:*:rule/baseline-*',
      ),
    ],
  },
  {
    name: 'identity',
    kind: 'scp',
    at: 'root',
    statements: [
      deny('NoUsers', ['iam:CreateUser', 'iam:CreateLoginProfile', 'iam:CreateAccessKey'], ADMINS),
      deny('NoLongTermKeys', '*', {
        StringEquals: { 'aws:PrincipalType': 'User' },
        Bool: { 'aws:MultiFactorAuthPresent': 'false' },
      }),
      deny(
        'NoSamlProviders',
        ['iam:CreateSAMLProvider', 'iam:UpdateSAMLProvider', 'iam:CreateOpenIDConnectProvider'],
        BREAK_GLASS,
      ),
      deny('NoAdminPolicies', ['iam:AttachRolePolicy', 'iam:AttachUserPolicy'], {
        ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' },
        ...ADMINS,
      }),
      deny('BoundaryOnRoles', 'iam:CreateRole', {
        StringNotLike: { 'iam:PermissionsBoundary': 'arn:aws:iam::*:policy/tenant-boundary' },
        ...ADMINS,
      }),
      deny(
        'NoPasswordPolicy',
        ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'],
        ADMINS,
      ),
      deny('PassOnlyAppRoles', 'iam:PassRole', DEPLOYERS, [
        'arn:aws:iam::*:role/admin-*',
        'arn:aws:iam::*:role/break-glass',
      ]),
    ],
  },
  {
    name: 'data',
    kind: 'scp',
    at: 'root',
    statements: [
      deny(
        'KeepPublicBlock',
        ['s3:PutAccountPublicAccessBlock', 's3:PutBucketPublicAccessBlock'],
        BREAK_GLASS,
      ),
      deny('NoPublicObjects', ['s3:PutObject', 's3:PutObjectAcl', 's3:PutBucketAcl'], {
        StringEquals: { 's3:x-amz-acl': ['public-read', 'public-read-write', 'authenticated-read'] },
      }),
      deny(
        'EncryptObjects',
        's3:PutObject',
        { Null: { 's3:x-amz-server-side-encryption': 'true' } },
        'arn:aws:s3:::gov-*-backup-*/*',
      ),
      deny(
        'KeepBackups',
        ['s3:DeleteBucket', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutLifecycleConfiguration'],
        BREAK_GLASS,
        ['arn:aws:s3:::gov-*-backup-*', 'arn:aws:s3:::gov-*-backup-*/*'],
      ),
      deny(
        'KeepKeys',
        ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DeleteImportedKeyMaterial'],
        ADMINS,
      ),
      deny('KmsForServicesOnly', ['kms:CreateGrant'], {
        BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' },
        ...DEPLOYERS,
      }),
      deny(
        'EncryptVolumes',
        ['ec2:RunInstances', 'ec2:CreateVolume'],
        { Bool: { 'ec2:Encrypted': 'false' } },
        'arn:aws:ec2:*:*:volume/*',
      ),
      deny(
        'NoSnapshotSharing',
        ['ec2:ModifySnapshotAttribute', 'rds:ModifyDBSnapshotAttribute', 'ec2:ModifyImageAttribute'],
        DEPLOYERS,
      ),
      deny('EncryptDatabases', ['rds:CreateDBInstance', 'rds:CreateDBCluster'], {
        Bool: { 'rds:StorageEncrypted': 'false' },
      }),
    ],
  },
  {
    name: 'compute',
    kind: 'scp',
    at: 'municipalities',
    statements: [
      deny(
        'InstanceTypes',
        'ec2:RunInstances',
        { StringNotLike: { 'ec2:InstanceType': ['t3.*', 't4g.*', 'm6i.*', 'r6i.*'] } },
        'arn:aws:ec2:*:*:instance/*',
      ),
      deny(
        'Imdsv2',
        'ec2:RunInstances',
        { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } },
        'arn:aws:ec2:*:*:instance/*',
      ),
      deny(
        'TagInstances',
        'ec2:RunInstances',
        { Null: { 'aws:RequestTag/CostCenter': 'true' } },
        'arn:aws:ec2:*:*:instance/*',
      ),
      deny('OwnedVolumes', ['ec2:DeleteVolume', 'ec2:DetachVolume'], {
        StringNotEquals: { 'aws:ResourceTag/System': 'tax' },
        ...DEPLOYERS,
      }),
      deny('FunctionUrls', ['lambda:CreateFunctionUrlConfig', 'lambda:UpdateFunctionUrlConfig'], {
        StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' },
      }),
      deny('FunctionsInVpc', ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'], {
        Null: { 'lambda:VpcIds': 'true' },
        ...DEPLOYERS,
      }),
      deny('NoDefaultVpc', ['ec2:CreateDefaultVpc', 'ec2:CreateDefaultSubnet']),
      deny(
        'NoInternet',
        [
          'ec2:AttachInternetGateway',
          'ec2:CreateInternetGateway',
          'ec2:CreateEgressOnlyInternetGateway',
          'ec2:CreateVpcPeeringConnection',
        ],
        DEPLOYERS,
      ),
    ],
  },
  {
    name: 'network',
    kind: 'scp',
    at: 'ministries',
    statements: [
      denyOthers(
        'FromKnownNetworks',
        ['s3:*', 'sts:*', 'kms:Decrypt', 'logs:*', 'ssm:UpdateInstanceInformation'],
        {
          NotIpAddressIfExists: {
            'aws:SourceIp': ['10.0.0.0/8', '13.112.0.0/14', '54.64.0.0/13', '203.0.0.0/8', '2406:da14::/32'],
          },
          BoolIfExists: { 'aws:ViaAWSService': 'false' },
          ArnNotLikeIfExists: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/aws-service-role/*'] },
        },
      ),
      deny('ConsoleWithMfa', ['ec2:StopInstances', 'ec2:TerminateInstances', 'iam:*'], {
        BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' },
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-reserved/*' },
      }),
      deny('TeamSecrets', ['secretsmanager:GetSecretValue', 'ssm:GetParameter*'], {
        StringNotEqualsIfExists: { 'aws:PrincipalTag/team': ['tax', 'resident', 'portal'] },
        ArnNotLike: {
          'aws:PrincipalArn': ['arn:aws:iam::*:role/*app-*', 'arn:aws:iam::*:role/aws-reserved/*'],
        },
      }),
      deny('OldTls', 's3:*', { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
    ],
  },
  {
    name: 'perimeter',
    kind: 'rcp',
    at: 'root',
    statements: [
      perimeter('OnlyOurs', ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*', 'sts:AssumeRole'], {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organization },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      }),
      perimeter('OnlyOurSources', ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*'], {
        StringNotEqualsIfExists: { 'aws:SourceOrgID': organization },
        Null: { 'aws:SourceAccount': 'false' },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      }),
      perimeter('OnlyTls', ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*'], {
        BoolIfExists: { 'aws:SecureTransport': 'false' },
      }),
      perimeter('KeysStay', ['kms:ScheduleKeyDeletion', 'kms:PutKeyPolicy'], {
        ArnNotLike: {
          'aws:PrincipalArn': ['arn:aws:iam::*:role/break-glass', 'arn:aws:iam::*:role/deploy-*'],
        },
      }),
    ],
  },
  {
    name: 'sources',
    kind: 'rcp',
    at: 'municipalities',
    statements: [
      perimeter('OurNetworks', ['s3:GetObject', 's3:PutObject', 'secretsmanager:GetSecretValue'], {
        NotIpAddressIfExists: {
          'aws:SourceIp': ['10.0.0.0/8', '54.64.0.0/11', '203.0.113.0/24', '2406:da14::/32'],
        },
        BoolIfExists: { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' },
      }),
      perimeter('OurEndpoints', ['s3:GetObject', 's3:PutObject'], {
        StringNotLikeIfExists: { 'aws:SourceVpce': 'vpce-0*' },
        Null: { 'aws:SourceIp': 'true' },
      }),
      perimeter('Uploaders', 's3:PutObject', {
        StringNotEqualsIfExists: { 'aws:PrincipalTag/uploads': 'yes' },
        ArnNotLikeIfExists: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/*'] },
      }),
      perimeter('Sessions', 'sts:AssumeRole', { StringLike: { 'sts:RoleSessionName': ['root*', 'admin*'] } }),
    ],
  },
]

/** The first `count` statements; beyond fifty the same ones again under other names. */
export function guardsWith(count: number, organization: string): readonly Guard[] {
  const guards: Guard[] = []
  let left = count
  for (let round = 1; left > 0; round++)
    for (const guard of guardsOf(organization)) {
      const statements = guard.statements.slice(0, left)
      left -= statements.length
      if (statements.length > 0)
        guards.push({ ...guard, name: round === 1 ? guard.name : `${guard.name}-${round}`, statements })
    }
  return guards
}

export const documentOf = ({ statements }: Guard): object => ({
  Version: '2012-10-17',
  Statement: statements,
})

/** The tree of the benchmark: two OUs, each account in one of them; the management account is not in the trail. */
export const treeOf = (guards: readonly Guard[], organization: string, accounts: readonly string[]) => {
  const at = (place: Guard['at']) => guards.filter((guard) => guard.at === place).map(({ name }) => name)
  return {
    organizationId: organization,
    managementAccount: '999988887777',
    root: { id: 'r-root', policies: at('root') },
    ous: (['municipalities', 'ministries'] as const).map((name) => ({
      id: `ou-${name}`,
      parent: 'r-root',
      policies: at(name),
    })),
    accounts: accounts.map((id, index) => ({
      id,
      parent: index % 2 === 0 ? 'ou-municipalities' : 'ou-ministries',
    })),
  }
}
