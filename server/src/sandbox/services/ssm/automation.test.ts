import { expect, test } from 'vitest'
import { users } from '../../core/principals.ts'
import { takeStack } from '../cloudformation/stacks.ts'
import { MINUTE, REGION, testEstate } from '../shared/test-estate.ts'

const document = (action: object) =>
  JSON.stringify({
    schemaVersion: '0.3',
    description: 'Waits, then acts.',
    assumeRole: 'arn:aws:iam::123456789012:role/automation',
    parameters: { UserName: { type: 'String' } },
    mainSteps: [
      { name: 'Wait', action: 'aws:sleep', inputs: { Duration: 'PT10M' } },
      { name: 'Act', action: 'aws:executeAwsApi', inputs: action },
    ],
  })

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const ATTACH = {
  Service: 'iam',
  Api: 'AttachUserPolicy',
  UserName: '{{ UserName }}',
  PolicyArn: READ_ONLY,
}

function started(action: object) {
  const one = testEstate(3, 'ssm')
  one.ask('CreateDocument', { Name: 'Repair', Content: document(action), DocumentType: 'Automation' })
  const input = { DocumentName: 'Repair', Parameters: { UserName: ['Administrator'] } }
  const { AutomationExecutionId } = one.ask('StartAutomationExecution', input) as {
    AutomationExecutionId: string
  }
  const look = () =>
    (one.ask('GetAutomationExecution', { AutomationExecutionId }) as { AutomationExecution: unknown })
      .AutomationExecution
  return { ...one, look }
}

test('an automation sleeps in virtual time, then changes what it says', () => {
  const { look, runtime, world, organization } = started(ATTACH)
  runtime.advance(5 * MINUTE)
  expect(look()).toMatchObject({ AutomationExecutionStatus: 'InProgress' })
  runtime.advance(6 * MINUTE)
  expect(look()).toMatchObject({
    AutomationExecutionStatus: 'Success',
    StepExecutions: [
      { StepName: 'Wait', StepStatus: 'Success' },
      { StepName: 'Act', StepStatus: 'Success' },
    ],
  })
  const administrator = [...users(world).values()].find(
    ({ accountId, name }) => accountId === organization.managementAccountId && name === 'Administrator',
  )
  expect(administrator?.attached).toContain(READ_ONLY)
})

test('a step for a service that the sandbox has not fails and says so', () => {
  const { look, runtime } = started({ Service: 'ec2', Api: 'StopInstances' })
  runtime.advance(15 * MINUTE)
  expect(look()).toMatchObject({
    AutomationExecutionStatus: 'Failed',
    FailureMessage: expect.stringContaining('ServiceNotInSandbox'),
  })
})

test('a remediation of Config runs the document for the resource', () => {
  const { runtime, world, organization, ask } = testEstate(4, 'ssm')
  ask('CreateDocument', { Name: 'Repair', Content: document(ATTACH), DocumentType: 'Automation' })
  const accountId = organization.managementAccountId
  const caller = { accountId, arn: organization.roleArn, roleArn: organization.roleArn, userId: 'test' }
  const config = (operation: string, input: object) =>
    runtime.run(() => world.invoke('config', operation, input, caller, REGION))
  config('PutConfigRule', {
    ConfigRule: { ConfigRuleName: 'r', Source: { Owner: 'AWS', SourceIdentifier: 'IAM_USER_MFA_ENABLED' } },
  })
  config('PutRemediationConfigurations', {
    RemediationConfigurations: [
      {
        ConfigRuleName: 'r',
        TargetType: 'SSM_DOCUMENT',
        TargetId: 'Repair',
        Parameters: { UserName: { ResourceValue: { Value: 'RESOURCE_ID' } } },
      },
    ],
  })
  const key = { resourceType: 'AWS::IAM::User', resourceId: 'Administrator' }
  expect(config('StartRemediationExecution', { ConfigRuleName: 'r', ResourceKeys: [key] })).toEqual({})
  runtime.advance(15 * MINUTE)
  expect(config('DescribeRemediationExecutionStatus', { ConfigRuleName: 'r' })).toMatchObject({
    RemediationExecutionStatuses: [{ ResourceKey: key, State: 'SUCCEEDED' }],
  })
})

test('a document is deleted only when nobody shares it any more', () => {
  const { ask } = testEstate(5, 'ssm')
  ask('CreateDocument', { Name: 'Repair', Content: document(ATTACH), DocumentType: 'Automation' })
  const share = (change: object) =>
    ask('ModifyDocumentPermission', { Name: 'Repair', PermissionType: 'Share', ...change })
  share({ AccountIdsToAdd: ['123456789012'] })
  expect(() => ask('DeleteDocument', { Name: 'Repair' })).toThrow(/still shared/)
  share({ AccountIdsToRemove: ['123456789012'] })
  ask('DeleteDocument', { Name: 'Repair' })
  expect(() => ask('GetDocument', { Name: 'Repair' })).toThrow(/does not exist/)
})

test('a stack brings documents into an account, gives them versions, and takes them away', () => {
  const { ask, runtime, organization } = testEstate(4, 'ssm')
  const place = { accountId: organization.managementAccountId, region: REGION }
  const template = (...steps: string[]) =>
    JSON.stringify({
      Resources: Object.fromEntries(
        steps.map((step, i) => [
          `D${i}`,
          {
            Type: 'AWS::SSM::Document',
            Properties: { Name: `Repair-${i}`, DocumentType: 'Automation', Content: { step } },
          },
        ]),
      ),
    })
  const bring = (text: string | null) => runtime.run((world) => takeStack(world, place, 'set', text))
  const seen = (Name: string) => ask('GetDocument', { Name }) as { Content: string; DocumentVersion: string }
  bring(template('one', 'two'))
  bring(template('one', 'other'))
  expect(seen('Repair-0')).toMatchObject({ Content: '{"step":"one"}', DocumentVersion: '1' })
  expect(seen('Repair-1')).toMatchObject({ Content: '{"step":"other"}', DocumentVersion: '2' })
  bring(template('one'))
  expect(() => seen('Repair-1')).toThrow('does not exist')
  bring(null)
  expect(() => seen('Repair-0')).toThrow('does not exist')
})
