import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { iam, tables } from '../../../test/support/trail-tables.ts'
import type { Json } from '../../kernel/json.ts'
import cases from './events.cases.json' with { type: 'json' }
import type { KeyFacts, TrailCheck } from './facts.ts'
import { engineRequest, entryOf, errorOf, trailReader } from './requests.ts'

const { read } = trailReader(tables, iam)
const BASE = {
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
  userIdentity: {
    type: 'IAMUser',
    arn: 'arn:aws:iam::111122223333:user/u',
    accountId: '111122223333',
    userName: 'u',
    principalId: 'AIDA1',
  },
}

interface Case {
  readonly name: string
  readonly event: Record<string, Json>
  readonly skipped?: string
  readonly checks?: readonly (Partial<Omit<TrailCheck, 'keys'>> & { readonly keys?: KeyFacts })[]
}

describe('events', () => {
  it.each(cases as unknown as readonly Case[])('$name', ({ event, skipped, checks }) => {
    const outcome = read({ ...BASE, ...event })
    if (outcome.kind === 'skipped') return expect(outcome.reason).toBe(skipped)
    const found = outcome.requests.map((request) => request.check)
    const line = (check: Partial<TrailCheck>) => `${check.kind ?? 'direct'} ${check.action} ${check.resource}`
    expect(found.map(line).sort()).toEqual((checks ?? []).map(line).sort())
    for (const wanted of checks ?? []) {
      const { keys, ...rest } = wanted
      const check = found.find((one) => line(one) === line(wanted))
      expect(check).toMatchObject(rest)
      expect(check?.keys).toMatchObject(keys ?? {})
    }
  })

  it('knows_nothing_of_keys_that_a_resource_type_of_the_action_has', () => {
    const outcome = read({
      ...BASE,
      eventSource: 'rds.amazonaws.com',
      eventName: 'CreateDBInstance',
      awsRegion: 'ap-northeast-1',
      requestParameters: { dBInstanceIdentifier: 'db-1', engine: 'mysql' },
    })
    const [request] = outcome.kind === 'requests' ? outcome.requests : []
    const state = (key: string) => request && entryOf(request, key, iam).state
    expect(state('rds:databaseengine')).not.toBe('absent')
    expect(state('rds:storageencrypted')).not.toBe('absent')
    // No type of the action has it.
    expect(state('rds:endpointtype')).toBe('absent')
  })

  it('never_throws_on_any_json', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'userIdentity',
        'requestParameters',
        'resources',
        'eventSource',
        'eventName',
        's3.amazonaws.com',
        'CopyObject',
        'tagSet',
        'items',
        '__proto__',
        'constructor',
        'RunInstances',
        'ec2.amazonaws.com',
      ),
      fc.string(),
    )
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        word,
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 5 }),
      ),
    })).value as fc.Arbitrary<Json>
    const known = (cases as unknown as readonly Case[]).map((one) => one.event)
    fc.assert(
      fc.property(fc.constantFrom(...known), json, json, json, (event, parameters, resources, identity) => {
        const outcome = read({
          ...BASE,
          ...event,
          requestParameters: parameters,
          resources,
          userIdentity: identity,
        })
        expect(['skipped', 'requests']).toContain(outcome.kind)
        expect(['skipped', 'requests']).toContain(read(parameters).kind)
      }),
      { numRuns: 1500 },
    )
  })
})

describe('parameters that a record leaves out', () => {
  const stateOf = (source: string, eventName: string, more: Record<string, Json>, key: string) => {
    const outcome = read({ ...BASE, eventSource: `${source}.amazonaws.com`, eventName, ...more })
    const [request] = outcome.kind === 'requests' ? outcome.requests : []
    return request && entryOf(request, key, iam).state
  }

  // IAM, KMS, Systems Manager and others leave them out of records of calls that they denied.
  it('tell nothing of keys where the call must have named a resource', () => {
    const denied = { requestParameters: null, errorCode: 'AccessDenied' }
    expect(stateOf('iam', 'AttachRolePolicy', denied, 'iam:policyarn')).toBe('unknown')
    expect(stateOf('secretsmanager', 'TagResource', denied, 'aws:tagkeys')).toBe('unknown')
    expect(stateOf('kms', 'Decrypt', denied, 'kms:encryptioncontext:app')).toBe('unknown')
    const resources = [{ ARN: 'arn:aws:kms:us-east-1:111122223333:key/1', type: 'AWS::KMS::Key' }]
    expect(stateOf('kms', 'Decrypt', { ...denied, resources }, 'kms:encryptioncontext:app')).toBe('unknown')
  })

  it('were none where the call makes something new, or where the record shows that there are none', () => {
    expect(stateOf('ec2', 'CreateInternetGateway', { requestParameters: null }, 'aws:requesttag/a')).toBe(
      'absent',
    )
    expect(stateOf('kms', 'Decrypt', { requestParameters: {} }, 'kms:encryptioncontext:app')).toBe('absent')
  })
})

it('a launch template may set tags that the request does not show: those that it shows are known, others are not', () => {
  const tagsOf = (more: Record<string, Json>) => {
    const outcome = read({
      ...BASE,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      awsRegion: 'ap-northeast-1',
      requestParameters: {
        tagSpecificationSet: {
          items: [{ resourceType: 'instance', tags: [{ key: 'team', value: 'tax' }] }],
        },
        ...more,
      },
    })
    const requests = outcome.kind === 'requests' ? outcome.requests : []
    return requests
      .filter(({ check }) => check.resource?.endsWith(':instance/*'))
      .map((one) =>
        ['aws:requesttag/team', 'aws:requesttag/cost', 'aws:tagkeys'].map(
          (key) => entryOf(one, key, iam).state,
        ),
      )
  }
  const [whole, open] = [
    ['known', 'absent', 'known'],
    ['known', 'unknown', 'unknown'],
  ]
  expect(tagsOf({})).toEqual([whole, whole])
  expect(tagsOf({ launchTemplate: { launchTemplateName: 'web' } })).toEqual([open, open])
})

describe('states of keys', () => {
  const requestOf = (event: Record<string, Json>) => {
    const outcome = read({
      ...BASE,
      eventSource: 's3.amazonaws.com',
      eventName: 'GetBucketAcl',
      awsRegion: 'ap-northeast-1',
      requestParameters: { bucketName: 'b' },
      ...event,
    })
    if (outcome.kind === 'skipped') throw new Error(outcome.reason)
    const [first] = outcome.requests
    if (first === undefined) throw new Error('no check')
    return first
  }
  const state = (event: Record<string, Json>, key: string) => {
    const entry = entryOf(requestOf(event), key, iam)
    return entry.state === 'known' ? entry.values : entry.state
  }
  const role = (more: Record<string, Json> = {}, path = '/') => ({
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROA1:s',
      arn: 'arn:aws:sts::111122223333:assumed-role/r/s',
      accountId: '111122223333',
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111122223333:role${path}r` },
        attributes: { mfaAuthenticated: 'true', creationDate: '2026-10-01T00:00:00Z' },
      },
      ...more,
    },
  })

  const nobody = { userIdentity: { type: 'AWSAccount', principalId: '', accountId: 'anonymous' } }

  it.each<[string, Record<string, Json>, string, unknown]>([
    ['role behind a session', role(), 'aws:principalarn', ['arn:aws:iam::111122223333:role/r']],
    ['session without issuer', role({ sessionContext: {} }), 'aws:principalarn', 'unknown'],
    ['no user name in a role', role(), 'aws:username', 'absent'],
    ['user name', {}, 'aws:username', ['u']],
    ['tags of the principal are not recorded', {}, 'aws:principaltag/team', 'unknown'],
    [
      'a service has no tags',
      { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } },
      'aws:principaltag/team',
      'absent',
    ],
    [
      'a service',
      { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } },
      'aws:principalservicename',
      ['ec2.amazonaws.com'],
    ],
    ['nobody has an account by name', nobody, 'aws:principalaccount', ['anonymous']],
    ['nobody signs', nobody, 'aws:principalisawsservice', 'absent'],
    ['a user is no service', {}, 'aws:principalisawsservice', ['false']],
    [
      'a token of an identity provider is no signature',
      { userIdentity: { type: 'WebIdentityUser', identityProvider: 'accounts.example.com', userName: 'u' } },
      'aws:principalisawsservice',
      'absent',
    ],
    ['MFA', role(), 'aws:multifactorauthpresent', ['true']],
    ['long-term keys have no MFA', {}, 'aws:multifactorauthpresent', 'absent'],
    ['time of issue', role(), 'aws:tokenissuetime', ['2026-10-01T00:00:00Z']],
    ['address', { sourceIPAddress: '203.0.113.9' }, 'aws:sourceip', ['203.0.113.9']],
    ['IPv6', { sourceIPAddress: '2001:db8::1' }, 'aws:sourceip', ['2001:db8::1']],
    ['a name is no address', { sourceIPAddress: 'cloudformation.amazonaws.com' }, 'aws:sourceip', 'unknown'],
    ['AWS Internal', { sourceIPAddress: 'AWS Internal' }, 'aws:sourceip', 'unknown'],
    [
      'an endpoint hides the address',
      { sourceIPAddress: '10.0.0.1', vpcEndpointId: 'vpce-1' },
      'aws:sourceip',
      'absent',
    ],
    [
      'address in the VPC',
      { sourceIPAddress: '10.0.0.1', vpcEndpointId: 'vpce-1' },
      'aws:vpcsourceip',
      ['10.0.0.1'],
    ],
    ['endpoint', { vpcEndpointId: 'vpce-1' }, 'aws:sourcevpce', ['vpce-1']],
    ['the VPC of an endpoint is not recorded', { vpcEndpointId: 'vpce-1' }, 'aws:sourcevpc', 'unknown'],
    ['no endpoint, no VPC', { sourceIPAddress: '203.0.113.9' }, 'aws:sourcevpc', 'absent'],
    ['called by the user', role(), 'aws:viaawsservice', ['false']],
    [
      'called in the name of the user',
      role({ invokedBy: 'cloudformation.amazonaws.com' }),
      'aws:viaawsservice',
      ['true'],
    ],
    [
      'last of the chain',
      role({ invokedBy: 'cloudformation.amazonaws.com' }),
      'aws:calledvialast',
      ['cloudformation.amazonaws.com'],
    ],
    [
      'first of the chain',
      role({ invokedBy: 'cloudformation.amazonaws.com' }),
      'aws:calledviafirst',
      'unknown',
    ],
    [
      'a service-linked role acts for itself',
      role({ invokedBy: 'config.amazonaws.com' }, '/aws-service-role/config.amazonaws.com/'),
      'aws:viaawsservice',
      ['false'],
    ],
    [
      'a service role may act for itself',
      role({ invokedBy: 'x.amazonaws.com' }, '/service-role/'),
      'aws:viaawsservice',
      'unknown',
    ],
    [
      'the console names its sign-in, which is no proof that a service called',
      role({ invokedBy: 'signin.amazonaws.com' }),
      'aws:viaawsservice',
      'unknown',
    ],
    [
      'a session of root that was assumed, told as a truth value',
      { userIdentity: { type: 'Root', accountId: '111122223333', sessionContext: { assumedRoot: true } } },
      'aws:assumedroot',
      ['true'],
    ],
    ['region', {}, 'aws:requestedregion', ['ap-northeast-1']],
    ['TLS', { tlsDetails: { tlsVersion: 'TLSv1.2' } }, 's3:tlsversion', ['1.2']],
    ['TLS not told', {}, 'aws:securetransport', 'unknown'],
    ['user agent', { userAgent: 'cli' }, 'aws:useragent', ['cli']],
    ['source ARN of a direct call', {}, 'aws:sourcearn', 'absent'],
    [
      'source ARN of a service',
      { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } },
      'aws:sourcearn',
      'unknown',
    ],
    ['tags of the resource', {}, 'aws:resourcetag/team', 'unknown'],
    ['tags in a request that takes none', {}, 'aws:requesttag/team', 'absent'],
    ["another service's key", {}, 'ec2:instancetype', 'absent'],
    ['a key that the action takes and the record lacks', {}, 's3:authtype', 'unknown'],
    ['referer', {}, 'aws:referer', 'unknown'],
  ])('%s', (_, event, key, wanted) => {
    expect(state(event, key)).toEqual(wanted)
  })

  it('gives the engine its request', () => {
    const request = engineRequest(requestOf(role()), ['aws:principalarn', 'aws:referer'], iam)
    expect(request).toMatchObject({
      action: 's3:GetBucketAcl',
      resource: { arn: 'arn:aws:s3:::b', account: null },
      unlisted: 'unknown',
    })
    expect([...request.context.keys()]).toEqual(['aws:principalarn', 'aws:referer'])
  })
})

it.each([
  [
    'AccessDenied',
    'with an explicit deny in a service control policy: arn:aws:organizations::1:p',
    'service control',
  ],
  ['Client.UnauthorizedOperation', 'You are not authorized to perform this operation.', null],
  ['AuthorizationError', 'is not authorized to perform: SNS:Publish', null],
  ['VpceAccessDenied', 'The request was denied due to a VPC endpoint policy', 'VPC endpoint'],
])('AWS denied with %s', (code, message, by) => {
  expect(errorOf(code, message)).toEqual({ code, denied: true, by })
})

describe('copies of a call', () => {
  it.each([
    ['111122223333', undefined, 'both'],
    ['111122223333', 'shared', 'principal'],
    ['444455556666', 'shared', 'owner'],
  ])('in the trail of %s with sharedEventID %s: %s', (recipientAccountId, sharedEventID, view) => {
    const outcome = read({
      ...BASE,
      eventSource: 's3.amazonaws.com',
      eventName: 'ListBuckets',
      recipientAccountId,
      sharedEventID: sharedEventID ?? null,
    })
    expect(outcome).toMatchObject({ kind: 'requests', view })
  })
})
