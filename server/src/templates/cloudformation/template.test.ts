// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` writes its variables so
import { describe, expect, it } from 'vitest'
import { documentOf, readDocument } from '../../guard/document/document.ts'
import { type GuardValue, Unknown } from '../../guard/document/value.ts'
import { compileRules, overall } from '../../guard/guard.ts'
import type { GivenValues } from './parameters.ts'
import { cloudFormationDocument } from './template.ts'

const yaml = (text: string, given: GivenValues = {}) => cloudFormationDocument(readDocument(text), given)

/** The value that a property `V` has in a template with the usual surroundings. */
function valueOfV(value: GuardValue, given: GivenValues = {}): unknown {
  const template: GuardValue = {
    Parameters: {
      Env: { Type: 'String', Default: 'prod' },
      Open: { Type: 'String' },
      Size: { Type: 'Number', Default: '8' },
      List: { Type: 'CommaDelimitedList', Default: 'a, b' },
      Two: { Type: 'String', AllowedValues: ['x', 'y'] },
      Secret: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name/in/store' },
    },
    Mappings: { M: { prod: { a: 1, b: ['p', 'q'] }, test: { a: 2 } } },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
      IsOpen: { 'Fn::Equals': [{ Ref: 'Open' }, 'yes'] },
      Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsOpen' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsOpen' }] },
      Never: { 'Fn::Not': [{ Condition: 'Either' }] },
      Self: { 'Fn::Not': [{ Condition: 'Self' }] },
    },
    Resources: { R: { Type: 'T', Properties: { V: value } }, Other: { Type: 'T' } },
  }
  const made = cloudFormationDocument(documentOf(template), given).value as {
    Resources: { R: { Properties: { V?: unknown } } }
  }
  return made.Resources.R.Properties.V
}

describe('functions of a template', () => {
  it.each<[GuardValue, unknown]>([
    [{ Ref: 'Env' }, 'prod'],
    [{ Ref: 'Size' }, 8],
    [{ Ref: 'List' }, ['a', 'b']],
    [{ Ref: 'AWS::NoValue' }, undefined],
    [{ 'Fn::Sub': 'log-${Env}-${!Env}' }, 'log-prod-${Env}'],
    [{ 'Fn::Sub': ['${a}/${Env}', { a: { Ref: 'Size' } }] }, '8/prod'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Env' }]] }, 'a-prod'],
    [{ 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
    [{ 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    [{ 'Fn::Select': [0, ['known', { Ref: 'Open' }]] }, 'known'],
    [{ 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'a'] }, 1],
    [{ 'Fn::FindInMap': ['M', 'none', 'a', { DefaultValue: 'd' }] }, 'd'],
    [{ 'Fn::If': ['IsProd', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['Never', 'yes', { Ref: 'AWS::NoValue' }] }, undefined],
    [{ 'Fn::If': ['IsOpen', 'same', 'same'] }, 'same'],
    [{ 'Fn::Base64': '日本' }, '5pel5pys'],
    [{ 'Fn::Cidr': ['10.0.0.0/22', 3, '8'] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    [{ 'Fn::Length': [1, 2, 3] }, 3],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Size' } } }, '{"a":8}'],
    [
      ['a', { Ref: 'AWS::NoValue' }, '{{resolve:other:b}}'],
      ['a', '{{resolve:other:b}}'],
    ],
  ])('%j gives %j', (written, value) => expect(valueOfV(written)).toEqual(value))

  it.each<[GuardValue, Partial<Unknown>]>([
    [{ Ref: 'Open' }, { exists: true, text: false }],
    [{ Ref: 'Secret' }, { text: true }],
    [{ Ref: 'Other' }, { text: true, written: { Ref: 'Other' } }],
    [{ 'Fn::GetAtt': ['Other', 'Arn'] }, { text: true }],
    [{ 'Fn::GetAtt': 'Other.Tags' }, { exists: true, text: false }],
    [
      { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::b' },
      { options: ['arn:aws:s3:::b', 'arn:aws-cn:s3:::b', 'arn:aws-us-gov:s3:::b'] },
    ],
    [{ 'Fn::Sub': '${Other.Arn}/*' }, { text: true }],
    [{ 'Fn::If': ['IsOpen', 1, 2] }, { options: [1, 2], exists: true }],
    [{ 'Fn::If': ['Both', 1, { Ref: 'AWS::NoValue' }] }, { exists: false }],
    [{ 'Fn::If': ['Self', 1, 2] }, { options: [1, 2] }],
    [{ 'Fn::FindInMap': ['M', { Ref: 'Open' }, 'a'] }, { options: [1, 2] }],
    [{ 'Fn::ImportValue': 'x' }, { text: true }],
    ['{{resolve:ssm:/net/cidr:3}}', { text: true }],
    [{ 'Fn::Sub': 'a-{{resolve:secretsmanager:s:SecretString:password}}' }, { text: true }],
    [{ 'Fn::Transform': { Name: 'M' } }, { exists: false }],
    [{ 'Fn::Sub': '${Two}!' }, { options: ['x!', 'y!'] }],
  ])('%j is not known', (written, facts) => {
    const value = valueOfV(written)
    expect(value).toBeInstanceOf(Unknown)
    expect(value).toMatchObject(facts)
  })

  it('a given value counts before the default', () =>
    expect(valueOfV({ 'Fn::If': ['IsProd', { Ref: 'Open' }, 'no'] }, { Open: 'o' })).toBe('o'))
  it('a list from which an item may be missing is one of two lists', () =>
    expect(valueOfV(['a', { 'Fn::If': ['IsOpen', 'b', { Ref: 'AWS::NoValue' }] }])).toMatchObject({
      options: [['a', 'b'], ['a']],
    }))
})

const RULES = `let buckets = Resources.*[ Type == 'AWS::S3::Bucket' ]
rule versioned when %buckets !empty { %buckets.Properties.VersioningConfiguration.Status == 'Enabled' <<Turn it on>> }`

const verdictOf = (text: string, given: GivenValues = {}) =>
  overall(
    compileRules(RULES)
      ?.evaluate(yaml(text, given))
      .map(({ verdict }) => verdict) ?? [],
  )

const HEAD = 'Parameters: {On: {Type: String}}\nConditions: {Yes: !Equals [!Ref On, "1"]}\n'
const bucket = (status: string, more = ''): string =>
  `Resources:\n  B:\n    Type: AWS::S3::Bucket\n${more}    Properties:\n      VersioningConfiguration:\n        Status: ${status}\n`

describe('verdicts', () => {
  it.each([
    ['Enabled', '', 'PASS'],
    ['Suspended', '', 'FAIL'],
    ['!Ref On', '', 'UNKNOWN'],
    ['!If [Yes, Enabled, Suspended]', '', 'UNKNOWN'],
    ['Suspended', '    Condition: Yes\n', 'UNKNOWN'],
    ['Enabled', '    Condition: Yes\n', 'PASS'],
  ])('status %s %s gives %s', (status, more, verdict) =>
    expect(verdictOf(HEAD + bucket(status, more))).toBe(verdict),
  )
  it('a resource whose condition is false is not there', () =>
    expect(verdictOf(HEAD + bucket('Suspended', '    Condition: Yes\n'), { On: '0' })).toBe('SKIP'))
  it('a macro may add what fails', () =>
    expect(verdictOf(`Transform: My::Macro\n${HEAD}${bucket('Enabled')}`)).toBe('UNKNOWN'))
  it('tells which values decide', () => {
    const [rule] = compileRules(RULES)?.evaluate(yaml(HEAD + bucket('!Ref On'))) ?? []
    expect(rule?.open?.doubts.map(({ unknown }) => unknown.reason)).toEqual([
      'the parameter `On` has no value yet',
    ])
  })
})

describe('loops', () => {
  const loop = (collection: string): string =>
    `Parameters: {Names: {Type: CommaDelimitedList}}\nResources:\n  Fn::ForEach::Buckets:\n    - Name\n    - ${collection}\n    - Bucket\${Name}:\n        Type: AWS::S3::Bucket\n        Properties:\n          BucketName: !Sub "x-\${Name}"\n`
  it('write out what they go over', () => {
    const { value } = yaml(loop('[a, b]')) as unknown as {
      value: { Resources: Record<string, { Properties: object }> }
    }
    expect(Object.entries(value.Resources).map(([name, { Properties }]) => [name, Properties])).toEqual([
      ['Bucketa', { BucketName: 'x-a' }],
      ['Bucketb', { BucketName: 'x-b' }],
    ])
  })
  it('keep their places', () => {
    expect(yaml(loop('[a, b]')).locate(['Resources', 'Bucketb', 'Properties', 'BucketName'])).toMatchObject({
      line: 8,
    })
  })
  it('over what is not known leave every rule open', () =>
    expect(verdictOf(loop('!Ref Names'))).toBe('UNKNOWN'))
})

it('places are those of the source, through conditions and lists', () => {
  const text = `Parameters: {On: {Type: String}}
Conditions: {Yes: !Equals [!Ref On, "1"]}
Resources:
  B:
    Type: T
    Properties:
      A: !If
        - Yes
        - Name: one
        - Name: two
`
  expect(yaml(text, { On: '0' }).locate(['Resources', 'B', 'Properties', 'A', 'Name'])).toMatchObject({
    line: 9,
  })
  expect(yaml(text).locate(['Resources', 'B', 'Properties', 'A', 'Name']).line).toBeGreaterThanOrEqual(8)
})

it('values of parameters with NoEcho are not to be shown', () => {
  const made = yaml(
    'Parameters: {P: {Type: String, NoEcho: true, Default: s}}\nResources: {R: {Type: T, Properties: {A: !Sub "x${P}", B: 1}}}',
  )
  expect(made.sensitive(['Resources', 'R', 'Properties', 'A'])).toBe(true)
  expect(made.sensitive(['Resources', 'R', 'Properties', 'B'])).toBe(false)
})
