import { denialIn } from '@rankan/server/src/policy/trail/message.ts'
import { describe, expect, test } from 'vitest'
import { accountIn, readInput } from './read-input.ts'

const WHO = 'arn:aws:sts::111122223333:assumed-role/Worker/run'

// Shapes from the IAM User Guide, "Troubleshoot access denied error messages".
const MESSAGES = [
  [
    `An error occurred (AccessDenied) when calling the CreateBucket operation: User: ${WHO} is not authorized to perform: s3:CreateBucket on resource: "arn:aws:s3:::docs" with an explicit deny in a service control policy: arn:aws:organizations::999988887777:policy/o-abcdefghij/service_control_policy/p-abc12345`,
    {
      action: 's3:CreateBucket',
      resource: 'arn:aws:s3:::docs',
      why: 'explicit',
      kind: 'scp',
      policyArn: 'arn:aws:organizations::999988887777:policy/o-abcdefghij/service_control_policy/p-abc12345',
    },
  ],
  [
    `User: ${WHO} is not authorized to perform: codecommit:ListRepositories because no identity-based policy allows the codecommit:ListRepositories action`,
    {
      action: 'codecommit:ListRepositories',
      resource: null,
      why: 'implicit',
      kind: 'identity',
      policyArn: null,
    },
  ],
  [
    `User: ${WHO} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222233334444:role/Admin because no role trust policy allows the sts:AssumeRole action`,
    {
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::222233334444:role/Admin',
      why: 'implicit',
      kind: 'trust',
      policyArn: null,
    },
  ],
  [
    `User: ${WHO} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:ap-northeast-1:111122223333:key/1 with an explicit deny in a resource-based policy.`,
    {
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:ap-northeast-1:111122223333:key/1',
      why: 'explicit',
      kind: 'resource',
      policyArn: null,
    },
  ],
  [
    `User: ${WHO} is not authorized to perform: s3:GetObject with an explicit deny in a resource control policy`,
    { action: 's3:GetObject', resource: null, why: 'explicit', kind: 'rcp', policyArn: null },
  ],
  [
    `User: ${WHO} is not authorized to perform: ec2:DescribeInstances because no permissions boundary allows the ec2:DescribeInstances action`,
    { action: 'ec2:DescribeInstances', resource: null, why: 'implicit', kind: 'boundary', policyArn: null },
  ],
  [
    `User: ${WHO} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a VPC endpoint policy`,
    {
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::b/k',
      why: 'explicit',
      kind: 'vpc_endpoint',
      policyArn: null,
    },
  ],
  [
    `User: ${WHO} is not authorized to perform:\ns3:GetObject on resource: "arn:aws:s3:::b/with space, and comma" with\nan explicit deny in a session policy: arn:aws:iam::111122223333:policy/limit`,
    {
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::b/with space, and comma',
      why: 'explicit',
      kind: 'session',
      policyArn: 'arn:aws:iam::111122223333:policy/limit',
    },
  ],
  [
    `User: ${WHO} is not authorized to perform: s3:GetObject because no service control policy allows the s3:GetObject action`,
    { action: 's3:GetObject', resource: null, why: 'implicit', kind: 'scp', policyArn: null },
  ],
  [
    `User: ${WHO} is not authorized to perform: s3:GetObject because no resource-based policy allows the s3:GetObject action`,
    { action: 's3:GetObject', resource: null, why: 'implicit', kind: 'resource', policyArn: null },
  ],
  [
    `User: ${WHO} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222233334444:role/Admin with an explicit deny in the role trust policy`,
    {
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::222233334444:role/Admin',
      why: 'explicit',
      kind: 'trust',
      policyArn: null,
    },
  ],
  [
    `User: ${WHO} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:********3333:a1/p/GET/ with an explicit deny`,
    {
      action: 'execute-api:Invoke',
      resource: 'arn:aws:execute-api:eu-west-1:********3333:a1/p/GET/',
      why: 'explicit',
      kind: null,
      policyArn: null,
    },
  ],
  // S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors".
  [
    `User: ${WHO} is not authorized to\nperform: s3:PutBucketPolicy on resource: "arn:aws:s3:::b"\nbecause public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    {
      action: 's3:PutBucketPolicy',
      resource: 'arn:aws:s3:::b',
      why: 'explicit',
      kind: 's3_setting',
      policyArn: null,
    },
  ],
  [
    `User: ${WHO}  is not\nauthorized to perform: s3:PutObject on resource:\n"arn:aws:s3:::b/k" because this\nbucket has blocked upload requests that specify\nServer Side Encryption with Customer provided keys (SSE-C).\nPlease specify a different server-side encryption type`,
    {
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::b/k',
      why: 'explicit',
      kind: 's3_setting',
      policyArn: null,
    },
  ],
  [
    `User: ${WHO} is not authorized to perform: iam:GetRole on resource: *`,
    { action: 'iam:GetRole', resource: '*', why: 'unsaid', kind: null, policyArn: null },
  ],
] as const

describe('messages of AWS', () => {
  test.each(MESSAGES)('%s', (text, expected) => {
    expect(denialIn(text)).toEqual({ principal: WHO, ...expected })
    expect(readInput(text).what).toBe('message')
  })

  test('a message that does not name the user is read', () => {
    expect(
      denialIn('User is not authorized to perform: dynamodb:Query because no VPC endpoint policy allows it'),
    ).toMatchObject({ principal: null, action: 'dynamodb:Query', kind: 'vpc_endpoint' })
  })

  test('what is encoded is told from what is none, and the code is handed back', () => {
    const encoded = 'Xy-_+/='.repeat(20)
    const text = `You are not authorized to perform this operation. Encoded authorization failure message: ${encoded}`
    expect(readInput(text)).toEqual({ what: 'fault', fault: 'encoded', encoded })
    expect(readInput(encoded)).toEqual({ what: 'fault', fault: 'encoded', encoded })
  })

  test('a message that names the action beside the encoded part is read', () => {
    const text = `You are not authorized to perform this operation. User: ${WHO} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/* with an explicit deny in a service control policy. Encoded authorization failure message: ${'A'.repeat(90)}`
    expect(readInput(text)).toMatchObject({
      what: 'message',
      denial: { action: 'ec2:RunInstances', kind: 'scp' },
    })
  })

  test.each([
    ['', 'empty'],
    ['Access Denied', 'bare_denial'],
    ['<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>', 'bare_denial'],
    ['{"__type": "AccessDeniedException", "message": "Access Denied"}', 'bare_denial'],
    ['{"message": "User is not authorized to access this resource"}', 'bare_denial'],
    ['このページへのアクセスが拒否されました', 'bare_denial'],
    ['An error occurred (ExpiredToken) when calling the ListBuckets operation', 'credentials'],
    ['{"__type": "UnrecognizedClientException"}', 'credentials'],
    ['"eventSource": "ec2.amazonaws.com", "errorCode": "AccessDenied",', 'not_json'],
    ['ＡＢＣ'.repeat(70_000), 'no_denial'],
    ['サーバーが応答しません', 'no_denial'],
    ['{"eventName": "RunInst', 'not_json'],
    ['{"hello": 1}', 'no_event'],
    ['[]', 'no_event'],
  ])('%j is %s', (text, fault) => {
    expect(readInput(text)).toEqual({ what: 'fault', fault, encoded: null })
  })
})

const event = {
  eventSource: 'ec2.amazonaws.com',
  eventName: 'RunInstances',
  userIdentity: { type: 'AssumedRole', arn: WHO, accountId: '111122223333' },
  errorCode: 'Client.UnauthorizedOperation',
}

describe('events', () => {
  test.each([
    ['a record', event],
    ['a file of CloudTrail', { Records: [{ ...event, errorCode: undefined }, event] }],
    ['an envelope of EventBridge', { 'detail-type': 'AWS API Call via CloudTrail', detail: event }],
    ['lookup-events', { Events: [{ EventName: 'RunInstances', CloudTrailEvent: JSON.stringify(event) }] }],
  ])('%s is found, the denied one first', (_, value) => {
    expect(readInput(JSON.stringify(value))).toMatchObject({
      what: 'event',
      denied: true,
      account: '111122223333',
      errorCode: 'Client.UnauthorizedOperation',
      denial: { principal: WHO },
    })
  })

  test.each([
    [
      'a sentence around it',
      `次のイベントです:\n\`\`\`json\n${JSON.stringify(event, null, 2)}\n\`\`\`\nなぜですか`,
    ],
    ['one on each line', `${JSON.stringify({ ...event, errorCode: undefined })}\n${JSON.stringify(event)}`],
  ])('is found with %s', (_, text) => {
    expect(readInput(text)).toMatchObject({ what: 'event', denied: true, denial: { principal: WHO } })
  })

  test('a denial by a VPC endpoint, which CloudTrail tells by its code', () => {
    const network = { ...event, eventType: 'AwsVpceEvent', errorCode: 'VpceAccessDenied' }
    expect(readInput(JSON.stringify(network))).toMatchObject({
      denied: true,
      denial: { kind: 'vpc_endpoint' },
    })
  })

  test('what went through, and what failed for another reason, is not denied', () => {
    const { errorCode: _, ...fine } = event
    expect(readInput(JSON.stringify(fine))).toMatchObject({ denied: false, errorCode: null })
    const other = { ...event, errorCode: 'Client.InvalidParameterValue' }
    expect(readInput(JSON.stringify(other))).toMatchObject({ denied: false })
  })

  test('what decode-authorization-message prints is read', () => {
    const inner = {
      allowed: false,
      explicitDeny: true,
      context: {
        principal: { arn: WHO },
        action: 'ec2:RunInstances',
        resource: 'arn:aws:ec2:us-east-1:111122223333:instance/*',
      },
    }
    const text = JSON.stringify({ DecodedMessage: JSON.stringify(inner) })
    expect(readInput(text)).toMatchObject({
      what: 'message',
      denial: { principal: WHO, action: 'ec2:RunInstances', why: 'explicit', kind: null },
    })
  })
})

test('accounts of ARNs', () => {
  expect(accountIn(WHO)).toBe('111122223333')
  expect(accountIn('arn:aws:s3:::bucket')).toBeNull()
  expect(accountIn(null)).toBeNull()
})

test.each([
  [
    'a line of a log',
    (message: string) =>
      `[ERROR] ClientError: An error occurred: ${message}\nTraceback (most recent call last):`,
  ],
  [
    'an error of an API',
    (message: string) => JSON.stringify({ __type: 'AccessDeniedException', Message: message }),
  ],
  ['an error within an answer', (message: string) => JSON.stringify({ error: { code: 403, message } })],
])('a message is found in %s', (_, around) => {
  const message = `User: ${WHO} is not authorized to perform: kms:Decrypt on resource: "arn:aws:kms:ap-northeast-1:111122223333:key/1" with an explicit deny in a service control policy`
  expect(readInput(around(message))).toMatchObject({
    what: 'message',
    denial: {
      principal: WHO,
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:ap-northeast-1:111122223333:key/1',
      kind: 'scp',
    },
  })
})
