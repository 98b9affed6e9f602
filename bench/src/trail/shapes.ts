import type { Random } from '../../../server/src/kernel/random.ts'
import { findingOf, instanceOf } from './answers.ts'
import { hex, pick, uuid } from './people.ts'

/** What an event asked and answered; the rest of the record is who, where and when. */
export interface Shape {
  readonly source: string
  readonly name: string
  readonly readOnly: boolean
  readonly request: object | null
  readonly response: object | null
  readonly resources?: readonly object[]
  readonly data?: boolean
}

/** What exists in an account; requests name it again and again. */
export interface Inventory {
  readonly account: string
  readonly region: string
  readonly buckets: readonly string[]
  readonly instances: readonly string[]
  readonly functions: readonly string[]
  readonly tables: readonly string[]
  readonly keys: readonly string[]
  readonly roles: readonly string[]
  readonly groups: readonly string[]
}

export function inventoryOf(random: Random, account: string, region: string): Inventory {
  const some = (n: number, make: (index: number) => string) =>
    Array.from({ length: n }, (_, index) => make(index))
  return {
    account,
    region,
    buckets: some(
      12,
      (i) => `gov-${account.slice(-4)}-${pick(random, ['log', 'data', 'backup', 'web'])}-${i}`,
    ),
    instances: some(20, () => `i-0${hex(random, 16)}`),
    functions: some(15, (i) => `fn-${pick(random, ['notify', 'ingest', 'report'])}-${i}`),
    tables: some(8, (i) => `table-${i}`),
    keys: some(6, () => uuid(random)),
    roles: some(15, (i) => `app-role-${i}`),
    groups: some(10, (i) => `/aws/lambda/fn-${i}`),
  }
}

export type Make = (random: Random, have: Inventory) => Shape

const read = (source: string, name: string, request: object | null): Shape => ({
  source,
  name,
  readOnly: true,
  request,
  response: null,
})
const write = (source: string, name: string, request: object | null, response: object | null): Shape => ({
  source,
  name,
  readOnly: false,
  request,
  response,
})
const token = (random: Random) => (random.next() < 0.5 ? { nextToken: hex(random, 64) } : {})

/** [weight, maker]: reads of the services that watch and of consoles are most of a real trail. */
export const SHAPES: readonly (readonly [number, Make])[] = [
  [
    90,
    (r) =>
      read('ec2.amazonaws.com', 'DescribeInstances', {
        instancesSet: {},
        filterSet: {},
        maxResults: 1000,
        ...token(r),
      }),
  ],
  [
    40,
    () =>
      read('ec2.amazonaws.com', 'DescribeSecurityGroups', {
        securityGroupSet: {},
        securityGroupIdSet: {},
        filterSet: {},
      }),
  ],
  [
    30,
    (r, a) =>
      read('ec2.amazonaws.com', 'DescribeVolumes', {
        volumeSet: {},
        filterSet: {
          items: [{ name: 'attachment.instance-id', valueSet: { items: [{ value: pick(r, a.instances) }] } }],
        },
      }),
  ],
  [
    25,
    (r) =>
      read('ec2.amazonaws.com', 'DescribeNetworkInterfaces', {
        networkInterfaceIdSet: {},
        filterSet: {},
        ...token(r),
      }),
  ],
  [70, assumeRole],
  [
    50,
    (r, a) => ({
      ...read('kms.amazonaws.com', 'Decrypt', {
        encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${pick(r, a.buckets)}` },
        encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      }),
      resources: [
        {
          accountId: a.account,
          type: 'AWS::KMS::Key',
          ARN: `arn:aws:kms:${a.region}:${a.account}:key/${pick(r, a.keys)}`,
        },
      ],
    }),
  ],
  [45, kmsGenerate],
  [60, (r, a) => s3Bucket(r, a, 'GetBucketAcl')],
  [35, (r, a) => s3Bucket(r, a, 'GetBucketLocation')],
  [30, (r, a) => s3Bucket(r, a, 'GetBucketPolicy')],
  [25, (r, a) => s3Bucket(r, a, 'ListObjects')],
  [25, s3Get],
  [25, s3Put],
  [10, () => read('s3.amazonaws.com', 'ListBuckets', { Host: 's3.ap-northeast-1.amazonaws.com' })],
  [
    60,
    (r, a) =>
      write(
        'logs.amazonaws.com',
        'CreateLogStream',
        { logGroupName: pick(r, a.groups), logStreamName: `2026/11/22/[$LATEST]${hex(r, 32)}` },
        null,
      ),
  ],
  [20, (r) => read('logs.amazonaws.com', 'DescribeLogGroups', { limit: 50, ...token(r) })],
  [
    40,
    (r, a) => read('lambda.amazonaws.com', 'GetFunction20150331v2', { functionName: pick(r, a.functions) }),
  ],
  [20, () => read('lambda.amazonaws.com', 'ListFunctions20150331', {})],
  [8, lambdaUpdate],
  [40, (r, a) => read('dynamodb.amazonaws.com', 'DescribeTable', { tableName: pick(r, a.tables) })],
  [30, (r, a) => read('iam.amazonaws.com', 'GetRole', { roleName: pick(r, a.roles) })],
  [20, () => read('iam.amazonaws.com', 'ListRoles', { maxItems: 1000 })],
  [4, iamCreate],
  [
    6,
    (r, a) =>
      write(
        'iam.amazonaws.com',
        'AttachRolePolicy',
        { roleName: pick(r, a.roles), policyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' },
        null,
      ),
  ],
  [30, (r) => read('monitoring.amazonaws.com', 'DescribeAlarms', { maxRecords: 100, ...token(r) })],
  [
    30,
    (r, a) =>
      write(
        'ssm.amazonaws.com',
        'UpdateInstanceInformation',
        {
          instanceId: pick(r, a.instances),
          agentVersion: '3.3.551.0',
          agentStatus: 'Active',
          platformType: 'Linux',
          platformName: 'Amazon Linux',
          platformVersion: '2023',
          iPAddress: '10.0.1.23',
          computerName: `ip-10-0-1-${Math.floor(r.next() * 255)}.ap-northeast-1.compute.internal`,
          agentName: 'amazon-ssm-agent',
        },
        null,
      ),
  ],
  [
    20,
    (r) =>
      read('ssm.amazonaws.com', 'GetParameter', {
        name: `/app/config/${Math.floor(r.next() * 30)}`,
        withDecryption: true,
      }),
  ],
  [
    15,
    (r, a) =>
      read('secretsmanager.amazonaws.com', 'GetSecretValue', {
        secretId: `arn:aws:secretsmanager:${a.region}:${a.account}:secret:db-${Math.floor(r.next() * 8)}-AbCdEf`,
      }),
  ],
  [
    15,
    (r, a) =>
      read('sqs.amazonaws.com', 'GetQueueAttributes', {
        queueUrl: `https://sqs.${a.region}.amazonaws.com/${a.account}/queue-${Math.floor(r.next() * 10)}`,
        attributeNames: ['All'],
      }),
  ],
  [5, runInstances],
  [
    5,
    (r, a) =>
      write(
        'ec2.amazonaws.com',
        'CreateTags',
        {
          resourcesSet: { items: [{ resourceId: pick(r, a.instances) }] },
          tagSet: { items: [{ key: 'System', value: pick(r, ['tax', 'resident']) }] },
        },
        { requestId: uuid(r), _return: true },
      ),
  ],
  [
    4,
    (r, a) =>
      write(
        'ec2.amazonaws.com',
        'StopInstances',
        { instancesSet: { items: [{ instanceId: pick(r, a.instances) }] }, force: false },
        {
          requestId: uuid(r),
          instancesSet: {
            items: [
              {
                instanceId: pick(r, a.instances),
                currentState: { code: 64, name: 'stopping' },
                previousState: { code: 16, name: 'running' },
              },
            ],
          },
        },
      ),
  ],
  [25, (r) => read('config.amazonaws.com', 'DescribeConfigRules', { ...token(r) })],
  [
    25,
    () =>
      read('cloudtrail.amazonaws.com', 'DescribeTrails', { trailNameList: [], includeShadowTrails: false }),
  ],
  [
    20,
    (r) =>
      write(
        'securityhub.amazonaws.com',
        'BatchImportFindings',
        { findings: Array.from({ length: 2 }, () => findingOf(r)) },
        { failedCount: 0, successCount: 2, failedFindings: [] },
      ),
  ],
  [15, () => read('organizations.amazonaws.com', 'DescribeOrganization', null)],
  [10, () => read('sts.amazonaws.com', 'GetCallerIdentity', null)],
  [
    8,
    () =>
      read('health.amazonaws.com', 'DescribeEventAggregates', {
        aggregateField: 'eventTypeCategory',
        filter: { eventStatusCodes: ['open', 'upcoming'] },
      }),
  ],
  [6, (r) => read('tagging.amazonaws.com', 'GetResources', { resourcesPerPage: 100, ...token(r) })],
  [
    5,
    (r, a) =>
      read('rds.amazonaws.com', 'DescribeDBInstances', {
        dBInstanceIdentifier: `db-${Math.floor(r.next() * 4)}-${a.account.slice(-3)}`,
      }),
  ],
  [
    10,
    (r, a) =>
      read('ecr.amazonaws.com', 'BatchGetImage', {
        registryId: a.account,
        repositoryName: `repo-${Math.floor(r.next() * 6)}`,
        imageIds: [{ imageDigest: `sha256:${hex(r, 64)}` }],
        acceptedMediaTypes: ['application/vnd.docker.distribution.manifest.v2+json'],
      }),
  ],
]

function assumeRole(r: Random, a: Inventory): Shape {
  const role = pick(r, a.roles)
  const arn = `arn:aws:iam::${a.account}:role/${role}`
  const session = hex(r, 12)
  return {
    ...write(
      'sts.amazonaws.com',
      'AssumeRole',
      { roleArn: arn, roleSessionName: session, durationSeconds: 3600 },
      {
        credentials: {
          accessKeyId: `ASIA${hex(r, 16).toUpperCase()}`,
          sessionToken: hex(r, 400),
          expiration: 'Nov 22, 2026, 3:00:00 AM',
        },
        assumedRoleUser: {
          assumedRoleId: `AROA${hex(r, 17).toUpperCase()}:${session}`,
          arn: `arn:aws:sts::${a.account}:assumed-role/${role}/${session}`,
        },
      },
    ),
    readOnly: true,
    resources: [{ accountId: a.account, type: 'AWS::IAM::Role', ARN: arn }],
  }
}

function kmsGenerate(r: Random, a: Inventory): Shape {
  const arn = `arn:aws:kms:${a.region}:${a.account}:key/${pick(r, a.keys)}`
  return {
    ...read('kms.amazonaws.com', 'GenerateDataKey', {
      keyId: arn,
      keySpec: 'AES_256',
      encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${pick(r, a.buckets)}/${hex(r, 8)}` },
    }),
    resources: [{ accountId: a.account, type: 'AWS::KMS::Key', ARN: arn }],
  }
}

function s3Bucket(r: Random, a: Inventory, name: string): Shape {
  const bucket = pick(r, a.buckets)
  const parameter =
    name === 'ListObjects'
      ? { prefix: '', 'encoding-type': 'url' }
      : { [name === 'GetBucketAcl' ? 'acl' : 'policy']: '' }
  return {
    ...read('s3.amazonaws.com', name, {
      bucketName: bucket,
      Host: `${bucket}.s3.${a.region}.amazonaws.com`,
      ...parameter,
    }),
    resources: [{ accountId: a.account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` }],
  }
}

function object(r: Random, a: Inventory, name: string, readOnly: boolean, more: object): Shape {
  const bucket = pick(r, a.buckets)
  const key = `${pick(r, ['logs', 'in', 'out'])}/2026/11/${hex(r, 10)}.json`
  return {
    source: 's3.amazonaws.com',
    name,
    readOnly,
    request: { bucketName: bucket, Host: `${bucket}.s3.${a.region}.amazonaws.com`, key, ...more },
    response: readOnly ? null : { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-version-id': hex(r, 32) },
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` },
      { accountId: a.account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` },
    ],
    data: true,
  }
}

function s3Get(r: Random, a: Inventory): Shape {
  return object(r, a, 'GetObject', true, {})
}

function s3Put(r: Random, a: Inventory): Shape {
  return object(r, a, 'PutObject', false, {
    'x-amz-acl': 'private',
    'x-amz-server-side-encryption': 'aws:kms',
  })
}

function lambdaUpdate(r: Random, a: Inventory): Shape {
  const fn = pick(r, a.functions)
  const role = `arn:aws:iam::${a.account}:role/${pick(r, a.roles)}`
  return write(
    'lambda.amazonaws.com',
    'UpdateFunctionConfiguration20150331v2',
    {
      functionName: fn,
      role,
      timeout: 60,
      environment: {},
      vpcConfig: { subnetIds: [`subnet-0${hex(r, 4)}`], securityGroupIds: [] },
    },
    {
      functionName: fn,
      functionArn: `arn:aws:lambda:${a.region}:${a.account}:function:${fn}`,
      runtime: 'python3.12',
      role,
      handler: 'index.handler',
      codeSize: 48_213_233,
      description: '通知を「市民」へ送る — sends "notices"\n',
      lastModified: '2026-11-22T01:00:00.000+0000',
      codeSha256: hex(r, 44),
      version: '$LATEST',
      environment: {},
      tracingConfig: { mode: 'PassThrough' },
      revisionId: uuid(r),
      layers: [],
      state: 'Active',
      packageType: 'Zip',
      architectures: ['x86_64'],
      ephemeralStorage: { size: 512 },
      loggingConfig: { logFormat: 'Text', logGroup: `/aws/lambda/${fn}` },
    },
  )
}

function iamCreate(r: Random, a: Inventory): Shape {
  const roleName = `role-${hex(r, 6)}`
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  })
  return write(
    'iam.amazonaws.com',
    'CreateRole',
    { roleName, path: '/', assumeRolePolicyDocument: policy, tags: [{ key: 'System', value: 'tax' }] },
    {
      role: {
        path: '/',
        roleName,
        roleId: `AROA${hex(r, 17).toUpperCase()}`,
        arn: `arn:aws:iam::${a.account}:role/${roleName}`,
        createDate: 'Nov 22, 2026, 1:00:00 AM',
        assumeRolePolicyDocument: encodeURIComponent(policy),
      },
    },
  )
}

/** Seventeen digits as EC2 gives them; one of 16 or 256 that an account has. */
const ec2Id = (r: Random, varied: number) => `0${'9c1f27ab53d086e4'.slice(varied)}${hex(r, varied)}`

function runInstances(r: Random, a: Inventory): Shape {
  const type = pick(r, ['t3.medium', 'm6i.large', 'c7g.xlarge'])
  const image = `ami-${ec2Id(r, 2)}`
  const subnet = `subnet-${ec2Id(r, 1)}`
  return write(
    'ec2.amazonaws.com',
    'RunInstances',
    {
      instancesSet: { items: [{ imageId: image, minCount: 1, maxCount: 1 }] },
      instanceType: type,
      blockDeviceMapping: {
        items: [
          {
            deviceName: '/dev/xvda',
            ebs: { volumeSize: 100, deleteOnTermination: true, volumeType: 'gp3', encrypted: r.next() < 0.8 },
          },
        ],
      },
      monitoring: { enabled: false },
      disableApiTermination: false,
      networkInterfaceSet: {
        items: [
          {
            deviceIndex: 0,
            subnetId: subnet,
            associatePublicIpAddress: false,
            groupSet: { items: [{ groupId: `sg-${ec2Id(r, 1)}` }] },
          },
        ],
      },
      iamInstanceProfile: { name: 'app-profile' },
      ebsOptimized: true,
      tagSpecificationSet: {
        items: [
          {
            resourceType: 'instance',
            tags: [
              { key: 'System', value: 'tax' },
              { key: 'Name', value: `web-${hex(r, 4)}` },
            ],
          },
        ],
      },
      clientToken: uuid(r),
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2 },
    },
    {
      requestId: uuid(r),
      reservationId: `r-0${hex(r, 16)}`,
      ownerId: a.account,
      groupSet: {},
      instancesSet: {
        items: Array.from({ length: 1 + Math.floor(r.next() * 3) }, () =>
          instanceOf(r, a, type, image, subnet),
        ),
      },
    },
  )
}
