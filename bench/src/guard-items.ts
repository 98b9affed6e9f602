import type { Random } from '../../server/src/kernel/random.ts'

/** Ten rules as they are written for AWS Config's custom policy rules: each looks at one type of configuration item. */
export const ITEM_RULES: readonly string[] = [
  `rule s3_versioning when resourceType == "AWS::S3::Bucket" {
    supplementaryConfiguration.BucketVersioningConfiguration.status == "Enabled" <<Turn versioning on>> }`,
  `rule s3_public_access when resourceType == "AWS::S3::Bucket" {
    supplementaryConfiguration.PublicAccessBlockConfiguration {
      blockPublicAcls == true
      restrictPublicBuckets == true } }`,
  `rule ec2_imdsv2 when resourceType == "AWS::EC2::Instance" { configuration.metadataOptions.httpTokens == "required" }`,
  `rule ec2_no_public_ip when resourceType == "AWS::EC2::Instance" { configuration.publicIpAddress not exists }`,
  `rule sg_no_open_ssh when resourceType == "AWS::EC2::SecurityGroup" {
    let ssh = configuration.ipPermissions[ fromPort == 22 ]
    %ssh.ipRanges[*] != "0.0.0.0/0" }`,
  `rule ebs_encrypted when resourceType == "AWS::EC2::Volume" { configuration.encrypted == true }`,
  `rule rds_private when resourceType == "AWS::RDS::DBInstance" {
    configuration.publiclyAccessible == false
    configuration.storageEncrypted == true }`,
  `rule lambda_runtime when resourceType == "AWS::Lambda::Function" { configuration.runtime in ["nodejs22.x", "python3.13", /^java2/] }`,
  `rule kms_rotation when resourceType == "AWS::KMS::Key" configuration.keyManager == "CUSTOMER" {
    supplementaryConfiguration.KeyRotationStatus == true }`,
  `rule tags_owner when resourceType in ["AWS::S3::Bucket", "AWS::EC2::Instance", "AWS::RDS::DBInstance"] {
    tags.Owner exists
    tags.Owner == /^[a-z0-9.-]+@[a-z0-9.-]+$/ }`,
]

type Make = (random: Random) => { configuration: object; supplementaryConfiguration?: object }

const coin = (random: Random, share: number): boolean => random.next() < share
const hex = (random: Random, n: number): string =>
  [...random.bytes(n)].map((b) => b.toString(16).padStart(2, '0')).join('')

const KINDS: readonly (readonly [type: string, make: Make])[] = [
  [
    'AWS::S3::Bucket',
    (r) => ({
      configuration: {
        name: `bucket-${hex(r, 6)}`,
        owner: { displayName: null, id: hex(r, 32) },
        creationDate: '2025-04-01T01:02:03.000Z',
      },
      supplementaryConfiguration: {
        BucketVersioningConfiguration: { status: coin(r, 0.8) ? 'Enabled' : 'Off', isMfaDeleteEnabled: null },
        PublicAccessBlockConfiguration: {
          blockPublicAcls: true,
          ignorePublicAcls: true,
          blockPublicPolicy: true,
          restrictPublicBuckets: coin(r, 0.9),
        },
        BucketLoggingConfiguration: { destinationBucketName: null, logFilePrefix: null },
      },
    }),
  ],
  [
    'AWS::EC2::Instance',
    (r) => ({
      configuration: {
        instanceId: `i-${hex(r, 8)}`,
        imageId: `ami-${hex(r, 8)}`,
        instanceType: 't3.medium',
        privateIpAddress: '10.1.2.3',
        ...(coin(r, 0.2) ? { publicIpAddress: '203.0.113.5' } : {}),
        metadataOptions: {
          state: 'applied',
          httpTokens: coin(r, 0.7) ? 'required' : 'optional',
          httpPutResponseHopLimit: 1,
          httpEndpoint: 'enabled',
        },
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            ebs: {
              attachTime: '2025-04-01T01:02:03.000Z',
              deleteOnTermination: true,
              status: 'attached',
              volumeId: `vol-${hex(r, 8)}`,
            },
          },
        ],
        securityGroups: [{ groupName: 'default', groupId: `sg-${hex(r, 8)}` }],
      },
    }),
  ],
  [
    'AWS::EC2::SecurityGroup',
    (r) => ({
      configuration: {
        groupId: `sg-${hex(r, 8)}`,
        groupName: 'web',
        ipPermissions: [443, 22].map((port) => ({
          fromPort: port,
          toPort: port,
          ipProtocol: 'tcp',
          ipRanges: [coin(r, 0.2) ? '0.0.0.0/0' : '10.0.0.0/8'],
          userIdGroupPairs: [],
          prefixListIds: [],
        })),
        ipPermissionsEgress: [
          { ipProtocol: '-1', ipRanges: ['0.0.0.0/0'], userIdGroupPairs: [], prefixListIds: [] },
        ],
      },
    }),
  ],
  [
    'AWS::EC2::Volume',
    (r) => ({
      configuration: {
        volumeId: `vol-${hex(r, 8)}`,
        size: 8,
        encrypted: coin(r, 0.9),
        volumeType: 'gp3',
        iops: 3000,
        attachments: [{ instanceId: `i-${hex(r, 8)}`, device: '/dev/xvda', state: 'attached' }],
      },
    }),
  ],
  [
    'AWS::RDS::DBInstance',
    (r) => ({
      configuration: {
        dBInstanceIdentifier: `db-${hex(r, 4)}`,
        engine: 'postgres',
        engineVersion: '16.3',
        multiAZ: true,
        publiclyAccessible: coin(r, 0.1),
        storageEncrypted: coin(r, 0.9),
        allocatedStorage: 100,
        endpoint: { address: `db.${hex(r, 6)}.ap-northeast-1.rds.amazonaws.com`, port: 5432 },
      },
    }),
  ],
  [
    'AWS::Lambda::Function',
    (r) => ({
      configuration: {
        functionName: `f-${hex(r, 4)}`,
        runtime: coin(r, 0.8) ? 'nodejs22.x' : 'python3.8',
        handler: 'index.handler',
        codeSize: 1024,
        timeout: 30,
        memorySize: 256,
        vpcConfig: { subnetIds: [], securityGroupIds: [] },
      },
    }),
  ],
  [
    'AWS::KMS::Key',
    (r) => ({
      configuration: {
        keyId: hex(r, 16),
        keyManager: coin(r, 0.6) ? 'CUSTOMER' : 'AWS',
        keyState: 'Enabled',
        origin: 'AWS_KMS',
      },
      supplementaryConfiguration: { KeyRotationStatus: coin(r, 0.8) },
    }),
  ],
  [
    'AWS::IAM::Role',
    (r) => ({
      configuration: {
        roleName: `role-${hex(r, 4)}`,
        path: '/',
        attachedManagedPolicies: [
          { policyName: 'ReadOnlyAccess', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
        ],
        assumeRolePolicyDocument: '%7B%22Version%22%3A%222012-10-17%22%7D',
      },
    }),
  ],
]

/** Configuration items as AWS Config writes them into its history files. */
export function itemTexts(count: number, random: Random): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const [resourceType, make] = KINDS[i % KINDS.length] ?? ['AWS::IAM::Role', () => ({ configuration: {} })]
    const id = hex(random, 8)
    return JSON.stringify({
      version: '1.3',
      accountId: '123456789012',
      configurationItemCaptureTime: '2026-11-22T01:02:03.456Z',
      configurationItemStatus: 'OK',
      configurationStateId: String(1_700_000_000_000 + i),
      resourceType,
      resourceId: id,
      resourceName: id,
      ARN: `arn:aws:service:ap-northeast-1:123456789012:thing/${id}`,
      awsRegion: 'ap-northeast-1',
      availabilityZone: 'Not Applicable',
      resourceCreationTime: '2025-04-01T01:02:03.000Z',
      tags: coin(random, 0.8) ? { Owner: 'team@example.lg.jp', System: 'residents' } : {},
      relatedEvents: [],
      relationships: [
        { resourceType: 'AWS::EC2::VPC', resourceId: `vpc-${id}`, relationshipName: 'Is contained in Vpc' },
      ],
      ...make(random),
    })
  })
}
