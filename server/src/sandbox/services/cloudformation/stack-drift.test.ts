import { expect, test } from 'vitest'
import { REGION, testEstate } from '../shared/test-estate.ts'
import { documentsOf, keyOf } from '../ssm/state.ts'
import { instancesOf } from './stack-set-state.ts'

const DOCUMENT = { schemaVersion: '0.3', mainSteps: [] }
const template = JSON.stringify({
  Resources: {
    A: {
      Type: 'AWS::SSM::Document',
      Properties: { Name: 'Repair', DocumentType: 'Automation', Content: DOCUMENT },
    },
  },
})
const HOURS = 3_600_000

test('drift of a stack set is what was changed in the accounts, as the last detection saw it', () => {
  const { runtime, world, ask, organization } = testEstate(7, 'cloudformation')
  const named = { StackSetName: 'repairs' }
  const settle = () => runtime.advance(HOURS)
  const drift = () => {
    const answer = ask('DescribeStackSet', named) as { StackSet: { StackSetDriftDetectionDetails: object } }
    return answer.StackSet.StackSetDriftDetectionDetails
  }
  ask('ActivateOrganizationsAccess', {})
  ask('CreateStackSet', {
    ...named,
    TemplateBody: template,
    PermissionModel: 'SERVICE_MANAGED',
    AutoDeployment: { Enabled: true },
  })
  ask('CreateStackInstances', {
    ...named,
    DeploymentTargets: { OrganizationalUnitIds: [organization.rootId] },
    Regions: [REGION],
  })
  settle()
  expect(drift()).toEqual({ DriftStatus: 'NOT_CHECKED' })
  ask('DetectStackSetDrift', named)
  settle()
  const stacks = [...instancesOf(world).values()].map(({ accountId }) => accountId)
  expect(stacks.length).toBeGreaterThan(1)
  expect(drift()).toMatchObject({ DriftStatus: 'IN_SYNC', TotalStackInstancesCount: stacks.length })
  const [one = '', other = ''] = stacks
  runtime.run(() => {
    documentsOf(world).delete(keyOf(one, REGION, 'Repair'))
    const key = keyOf(other, REGION, 'Repair')
    const found = documentsOf(world).get(key)
    if (!found) throw new Error('no document')
    const versions = found.versions.map((version) => ({ ...version, content: '{}' }))
    documentsOf(world).put(key, { ...found, versions })
  })
  expect(drift()).toMatchObject({ DriftStatus: 'IN_SYNC' })
  ask('DetectStackSetDrift', named)
  expect(() => ask('DetectStackSetDrift', named)).toThrow(/in progress/)
  settle()
  expect(drift()).toMatchObject({ DriftStatus: 'DRIFTED', DriftedStackInstancesCount: 2 })
  const { Summaries } = ask('ListStackInstances', named) as {
    Summaries: { Account: string; DriftStatus: string }[]
  }
  const drifted = Summaries.filter(({ DriftStatus }) => DriftStatus === 'DRIFTED')
  expect(drifted.map(({ Account }) => Account).sort()).toEqual([one, other].sort())
})
