import { describe, expect, it } from 'vitest'
import { checkText } from './check.ts'

const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
const deny = { Effect: 'Deny', Action: 's3:*', Resource: '*' }
const allow = { Effect: 'Allow', Action: 's3:*', Resource: '*' }
const kindOf = (value: object) => checkText(JSON.stringify(value)).documents.map(({ kind }) => kind)
const codesOf = (value: object) => {
  const { documents, problems } = checkText(JSON.stringify(value))
  return [...problems, ...documents.flatMap((one) => one.problems)].map(({ code, path }) => `${code} ${path}`)
}

describe('what a document is, where nobody says', () => {
  it.each<[string, object, string]>([
    ['only denies', deny, 'scp'],
    ['allows', allow, 'identity'],
    ['denies everybody everywhere', { ...deny, Principal: '*' }, 'rcp'],
    ['denies everybody on a bucket', { ...deny, Principal: '*', Resource: 'arn:aws:s3:::b/*' }, 'resource'],
    ['has a principal', { ...allow, Principal: { AWS: '111122223333' } }, 'resource'],
    ['lets take a role', { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }, 'trust'],
    ['lets take a role, with a resource', { ...allow, Principal: '*', Action: 'sts:AssumeRole' }, 'trust'],
    ['lets take a role, without a principal', { Effect: 'Allow', Action: 'sts:AssumeRole' }, 'trust'],
  ])('one that %s', (_, statement, kind) => {
    expect(kindOf(document(statement))).toEqual([kind])
  })

  it('an SCP with an Allow beside the Deny looks like an identity policy; what an API says counts', () => {
    expect(kindOf(document(allow, deny))).toEqual(['identity'])
    const Content = JSON.stringify(document(allow, deny))
    expect(kindOf({ Policy: { PolicySummary: { Type: 'SERVICE_CONTROL_POLICY' }, Content } })).toEqual([
      'scp',
    ])
  })
})

describe('a file that is nearly a policy', () => {
  it('has its misspelt key named', () => {
    expect(codesOf({ Version: '2012-10-17', Statment: [deny] })).toEqual(['unknown_element $.Statment'])
    expect(codesOf({ statement: [deny] })).toEqual(['unknown_element $.statement'])
    expect(codesOf({ Version: '2012-10-17' })).toEqual(['no_statement $'])
    expect(codesOf([deny, deny])).toEqual(['bare_statement $'])
    expect(codesOf({ version: 2, statements: ['x'] })).toEqual(['no_policy $'])
  })

  it('is a management policy whose operators were forgotten, or that has a key too many', () => {
    expect(codesOf({ tags: { Team: { tag_key: 'Team', tag_value: ['a'] } } })).toEqual([
      'no_operator $.tags.Team.tag_key',
      'no_operator $.tags.Team.tag_value',
    ])
    const tags = { Team: { tag_key: { '@@assign': 'Team' } } }
    expect(codesOf({ Version: '2012-10-17', tags })).toEqual(['second_root $.Version'])
    expect(codesOf({ services: { web: { image: 'x' } } })).toEqual(['no_policy $'])
  })
})

describe('where a warning stands', () => {
  it('is the entry of the list, and not the list', () => {
    const { documents } = checkText(JSON.stringify(document({ ...allow, Action: ['s3:*', 's3:Get*'] })))
    expect(documents[0]?.problems).toMatchObject([
      { code: 'redundant_action', path: '$.Statement[0].Action[1]' },
    ])
  })
})
