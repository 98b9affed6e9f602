import { parsePolicy } from '@rankan/server/src/policy/parse/policy.ts'
import type { PolicyKind } from '@rankan/server/src/policy/policies.ts'
import { describe, expect, test } from 'vitest'
import { checkManagementDraft } from './check.ts'
import { EXAMPLES } from './examples.ts'
import { statementWords } from './statement-words.ts'

function wordsOf(statement: object, kind: PolicyKind = 'scp') {
  const { policy, problems } = parsePolicy({ Version: '2012-10-17', Statement: [statement] }, kind)
  const [first] = policy?.statements ?? []
  if (first === undefined) throw new Error(JSON.stringify(problems))
  return statementWords(first)
}

describe('statements in words', () => {
  test('say what is left out of a deny, and that a missing value counts', () => {
    const { sentence, conditions } = wordsOf({
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['ap-northeast-1', 'ap-northeast-3'] } },
    })
    expect(sentence).toEqual({
      ja: 'すべての対象(リソース)に対する`iam:*`、`sts:*` 以外のすべての操作を、下の条件をすべて満たすときに禁止します。',
      en: 'Denies every action except `iam:*`, `sts:*` on every resource when all of this holds:',
    })
    expect(conditions).toEqual([
      {
        ja: '操作するリージョン(`aws:RequestedRegion`)が `ap-northeast-1`、`ap-northeast-3` のいずれでもない(値が無い要求も当てはまる)',
        en: 'The region that is called (`aws:RequestedRegion`) is none of `ap-northeast-1`, `ap-northeast-3` (also where the request has no such value)',
      },
    ])
  })

  test('a positive condition says nothing of missing values, unless it has IfExists', () => {
    const clause = (operator: string) =>
      wordsOf({
        Effect: 'Deny',
        Action: 's3:*',
        Resource: '*',
        Condition: { [operator]: { 'aws:PrincipalTag/team': 'a' } },
      }).conditions[0]?.en
    expect(clause('StringEquals')).toBe('The tag “team” of the caller (`aws:PrincipalTag/team`) is `a`')
    expect(clause('StringEqualsIfExists')).toContain('also where the request has no such value')
    expect(clause('ForAllValues:StringEquals')).toContain('each of its values')
    expect(clause('ForAnyValue:StringNotEquals')).not.toContain('no such value')
  })

  test('Null asks whether there is a value at all', () => {
    const clause = (value: string) =>
      wordsOf({
        Effect: 'Deny',
        Action: 's3:*',
        Resource: '*',
        Condition: { Null: { 'aws:SourceVpce': value } },
      }).conditions[0]?.en
    expect(clause('true')).toContain('is not in the request')
    expect(clause('false')).toContain('is in the request')
  })

  test('name everybody, and an unconditional statement', () => {
    const { sentence } = wordsOf(
      { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::docs/*' },
      'rcp',
    )
    expect(sentence.en).toBe(
      'Denies everybody the action `s3:GetObject` on the resource `arn:aws:s3:::docs/*`, always.',
    )
  })
})

test.each(Object.entries(EXAMPLES))('the example %s is a policy without a warning', (_, example) => {
  const { kind } = example
  if (kind !== 'scp' && kind !== 'rcp') {
    expect(checkManagementDraft(JSON.stringify(example.document), kind, 'x')).toMatchObject({
      problems: [],
      policy: { type: kind },
    })
    return
  }
  const { policy, problems } = parsePolicy(example.document, kind)
  expect(problems).toEqual([])
  for (const statement of policy?.statements ?? [])
    for (const text of Object.values(statementWords(statement).sentence))
      expect(text).not.toContain('undefined')
})
