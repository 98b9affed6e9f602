import { expect, test } from 'vitest'
import { accounts } from '../organizations/state.ts'
import { MINUTE, REGION, testEstate } from '../shared/test-estate.ts'
import { seeResources } from './see.ts'

const BUCKET = 'AWS::S3::Bucket'
const POLICY = `rule versioned when resourceType == "${BUCKET}" {
  supplementaryConfiguration.BucketVersioningConfiguration.status == "Enabled" <<Turn versioning on.>>
}`

const guardRule = (name: string) => ({
  ConfigRuleName: name,
  Scope: { ComplianceResourceTypes: [BUCKET] },
  Source: {
    Owner: 'CUSTOM_POLICY',
    CustomPolicyDetails: { PolicyRuntime: 'guard-2.x.x', PolicyText: POLICY },
  },
})

const bucket = (name: string, status: string) => ({
  resourceType: BUCKET,
  resourceId: name,
  configuration: { name },
  supplementaryConfiguration: { BucketVersioningConfiguration: { status } },
})

function estate() {
  const one = testEstate(5, 'config')
  const see = (accountId: string, ...items: ReturnType<typeof bucket>[]) =>
    one.runtime.run((world) => seeResources(world, { accountId, region: REGION, items }))
  return { ...one, see, own: one.organization.managementAccountId }
}

const summary = (rules: unknown) =>
  (
    rules as { ComplianceByConfigRules: { ConfigRuleName: string; Compliance: { ComplianceType: string } }[] }
  ).ComplianceByConfigRules.map((one) => [one.ConfigRuleName, one.Compliance.ComplianceType])

test('a policy rule judges what Config saw, and again after it changed', () => {
  const { ask, see, own, runtime } = estate()
  ask('PutConfigRule', { ConfigRule: guardRule('versioned') })
  expect(summary(ask('DescribeComplianceByConfigRule', {}))).toEqual([['versioned', 'INSUFFICIENT_DATA']])
  see(own, bucket('a', 'Enabled'), bucket('b', 'Off'))
  expect(summary(ask('DescribeComplianceByConfigRule', {}))).toEqual([['versioned', 'NON_COMPLIANT']])
  expect(ask('GetComplianceDetailsByConfigRule', { ConfigRuleName: 'versioned' })).toMatchObject({
    EvaluationResults: [
      {
        ComplianceType: 'COMPLIANT',
        EvaluationResultIdentifier: { EvaluationResultQualifier: { ResourceId: 'a' } },
      },
      { ComplianceType: 'NON_COMPLIANT' },
    ],
  })
  runtime.advance(MINUTE)
  see(own, bucket('b', 'Enabled'))
  expect(summary(ask('DescribeComplianceByConfigRule', {}))).toEqual([['versioned', 'COMPLIANT']])
  const history = ask('GetResourceConfigHistory', { resourceType: BUCKET, resourceId: 'b' })
  expect(history).toMatchObject({ configurationItems: [{ resourceId: 'b' }, { resourceId: 'b' }] })
})

test('rules that Config does not take, and why', () => {
  const { ask } = estate()
  const put = (rule: object) => () => ask('PutConfigRule', { ConfigRule: { ...guardRule('x'), ...rule } })
  const details = { PolicyRuntime: 'guard-2.x.x', PolicyText: 'rule {' }
  expect(put({ Source: { Owner: 'CUSTOM_POLICY', CustomPolicyDetails: details } })).toThrow(/not valid/)
  expect(put({ Source: { Owner: 'AWS', SourceIdentifier: 'no such' } })).toThrow(/sourceIdentifier no such/)
  expect(put({ InputParameters: '[]' })).toThrow(/Invalid json/)
  ask('PutConfigurationRecorder', {
    ConfigurationRecorder: { name: 'default', roleARN: 'arn:aws:iam::123456789012:role/config' },
  })
  expect(put({})).toThrow(/recorder is not available/)
})

const template = (names: readonly string[]) =>
  JSON.stringify({
    Parameters: { Kind: { Default: BUCKET } },
    Resources: Object.fromEntries(
      names.map((name) => [
        name,
        {
          Type: 'AWS::Config::ConfigRule',
          Properties: { ...guardRule(name), Scope: { ComplianceResourceTypes: [{ Ref: 'Kind' }] } },
        },
      ]),
    ),
  })

test('a pack of the organisation brings its rules to every account that is not left out, and the aggregator sees them', () => {
  const { ask, see, runtime, world, organization, own } = estate()
  const members = [...accounts(world).values()].filter(
    (one) => one.organizationId === organization.organizationId,
  )
  const [inside, outside] = members.filter(({ id }) => id !== own).map(({ id }) => id)
  if (inside === undefined || outside === undefined) throw new Error('The demo has too few accounts.')
  ask('PutOrganizationConformancePack', {
    OrganizationConformancePackName: 'base',
    TemplateBody: template(['versioned']),
    ExcludedAccounts: [outside],
  })
  const again = () =>
    ask('PutOrganizationConformancePack', {
      OrganizationConformancePackName: 'base',
      TemplateBody: template(['versioned']),
    })
  expect(again).toThrow(/being changed/)
  runtime.advance(30 * MINUTE)
  expect(
    ask('GetOrganizationConformancePackDetailedStatus', { OrganizationConformancePackName: 'base' }),
  ).toMatchObject({
    OrganizationConformancePackDetailedStatuses: members
      .filter(({ id }) => id !== outside)
      .map(({ id }) => ({ AccountId: id, Status: 'CREATE_SUCCESSFUL' }))
      .sort((a, b) => (a.AccountId < b.AccountId ? -1 : 1)),
  })
  see(inside, bucket('bad', 'Off'))
  see(outside, bucket('unseen', 'Off'))
  ask('PutConfigurationAggregator', {
    ConfigurationAggregatorName: 'all',
    OrganizationAggregationSource: { RoleArn: `arn:aws:iam::${own}:role/a`, AwsRegions: [REGION] },
  })
  const failing = ask('DescribeAggregateComplianceByConfigRules', {
    ConfigurationAggregatorName: 'all',
    Filters: { ComplianceType: 'NON_COMPLIANT' },
  })
  expect(failing).toMatchObject({
    AggregateComplianceByConfigRules: [
      {
        AccountId: inside,
        ConfigRuleName: expect.stringMatching(/^versioned-conformance-pack-[a-z0-9]{8}$/),
      },
    ],
  })
})

test('templates of packs: 130 rules, 51,200 bytes, known resource types and parameters only', () => {
  const { ask } = estate()
  const put =
    (TemplateBody: string, more = {}) =>
    () =>
      ask('PutOrganizationConformancePack', {
        OrganizationConformancePackName: 'p',
        TemplateBody,
        ...more,
      })
  const many = (count: number) =>
    JSON.stringify({
      Resources: Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `R${i}`,
          {
            Type: 'AWS::Config::ConfigRule',
            Properties: {
              ConfigRuleName: `r${i}`,
              Source: { Owner: 'AWS', SourceIdentifier: 'ENCRYPTED_VOLUMES' },
            },
          },
        ]),
      ),
    })
  expect(put(many(131))).toThrow(/at most 130/)
  expect(put(`${template(['a'])}${' '.repeat(51_200)}`)).toThrow(/51200 bytes/)
  expect(put('Resources: {B: {Type: "AWS::S3::Bucket", Properties: {}}}')).toThrow(/not supported/)
  expect(
    put(template(['a']), { ConformancePackInputParameters: [{ ParameterName: 'No', ParameterValue: 'x' }] }),
  ).toThrow(/do not exist in the template/)
  put(many(130))()
})
