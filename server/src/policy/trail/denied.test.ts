import { describe, expect, it } from 'vitest'
import { iam, tables } from '../../../test/support/trail-tables.ts'
import type { Json } from '../../kernel/json.ts'
import { deniedReader } from './denied.ts'
import { trailReader } from './requests.ts'

const { read } = trailReader(tables, iam)
const readDenied = deniedReader(tables, iam)

const WHO = 'arn:aws:sts::111122223333:assumed-role/Worker/run'
const says = (action: string, resource: string) =>
  `User: ${WHO} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`

const record = (
  source: string,
  eventName: string,
  errorMessage: string,
  more: Record<string, Json> = {},
) => ({
  eventType: 'AwsApiCall',
  eventSource: `${source}.amazonaws.com`,
  eventName,
  awsRegion: 'ap-northeast-1',
  recipientAccountId: '111122223333',
  userIdentity: { type: 'AssumedRole', arn: WHO, accountId: '111122223333' },
  errorCode: 'AccessDenied',
  requestParameters: null,
  ...more,
  errorMessage,
})

const checks = (given: Json) => {
  const outcome = readDenied(given)
  return outcome.kind === 'skipped'
    ? []
    : outcome.requests.map(
        ({ check }) => `${check.action} ${check.resource} ${check.account} ${check.assumed}`,
      )
}

describe('the message of a denial', () => {
  const role = 'arn:aws:iam::111122223333:role/team/Build'

  it('names the resource that the record left out', () => {
    const given = record('iam', 'GetRole', says('iam:GetRole', role))
    expect(read(given)).toMatchObject({ requests: [{ check: { resource: null } }] })
    expect(checks(given)).toEqual([`iam:GetRole ${role} 111122223333 null`])
  })

  it('reads the example of Step Functions (developer guide, log file entries)', () => {
    const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:testUser.2016-10-27-18-16-38.ec6e'
    const message = `User: arn:aws:iam::123456789012:user/test-user is not authorized to perform: states:DeleteStateMachine on resource: ${machine}`
    expect(checks(record('states', 'DeleteStateMachine', message))).toEqual([
      `states:DeleteStateMachine ${machine} 123456789012 null`,
    ])
  })

  it('names the owner, whose RCPs are asked', () => {
    const key = 'arn:aws:kms:ap-northeast-1:444455556666:key/1111-2222'
    expect(checks(record('kms', 'Decrypt', says('kms:Decrypt', key)))).toEqual([
      `kms:Decrypt ${key} 444455556666 null`,
    ])
  })

  it('tells the path of a role that the record names without it, and the role of an instance profile', () => {
    const named = { requestParameters: { roleName: 'Build' } }
    expect(checks(record('iam', 'GetRole', says('iam:GetRole', role), named))).toEqual([
      `iam:GetRole ${role} 111122223333 null`,
    ])
    const profile = { requestParameters: { iamInstanceProfile: { name: 'P' }, instanceId: 'i-1' } }
    const associated = record('ec2', 'AssociateIamInstanceProfile', says('iam:PassRole', role), profile)
    expect(checks(associated)).toContain(`iam:PassRole ${role} 111122223333 null`)
  })

  it.each([
    ['another action', says('iam:ListRoles', role), {}],
    ['another role than the one that the record names', says('iam:GetRole', role), { roleName: 'Deploy' }],
    ['everything', says('iam:GetRole', '*'), {}],
    ['several resources', says('iam:GetRole', 'arn:aws:iam::111122223333:role/*'), {}],
    ['no resource', 'Access Denied', {}],
    ['more than CloudTrail keeps', `${says('iam:GetRole', role)}${'.'.repeat(1_000)}`, {}],
  ])('that names %s changes nothing', (_, message, parameters) => {
    const given = record('iam', 'GetRole', message, {
      requestParameters: Object.keys(parameters).length === 0 ? null : parameters,
    })
    expect(readDenied(given)).toEqual(read(given))
  })

  it('changes nothing where several checks are of the action, or where the call was not denied', () => {
    const image = 'arn:aws:ec2:ap-northeast-1::image/ami-1'
    const several = record('ec2', 'RunInstances', says('ec2:RunInstances', image))
    expect(checks(several).length).toBeGreaterThan(1)
    expect(readDenied(several)).toEqual(read(several))
    const failed = record('iam', 'GetRole', says('iam:GetRole', role), { errorCode: 'NoSuchEntityException' })
    expect(readDenied(failed)).toEqual(read(failed))
  })
})
