import { describe, expect, test } from 'vitest'
import { type Denial, denialIn, denialsIn } from './message.ts'

const WHO = 'arn:aws:sts::111122223333:assumed-role/Worker/run'
const denial = (more: Partial<Denial>): Denial => ({
  principal: WHO,
  action: 'iam:ListUsers',
  resource: null,
  why: 'implicit',
  kind: 'identity',
  policyArn: null,
  ...more,
})

describe('the box of the AWS console', () => {
  test.each([
    [
      'with labels on lines of their own',
      `Access denied to iam:ListUsers\nYou don’t have permission to iam:ListUsers. To request access, copy the following text and send it to your AWS administrator.\nUser: ${WHO}\nAction: iam:ListUsers\nOn resource(s): arn:aws:iam::111122223333:user/\nContext: no identity-based policy allows the action`,
      denial({ resource: 'arn:aws:iam::111122223333:user/' }),
    ],
    [
      'with the service apart, as it was until 2023',
      `User: ${WHO}\nService: iam\nAction: ListUsers\nOn resource(s): *\nContext: no permissions boundary allows the iam:ListUsers action`,
      denial({ resource: '*', kind: 'boundary' }),
    ],
    [
      'with lines that ran together, and Japanese around it',
      `画面に出ました。User: ${WHO}Action: bedrock:InvokeModelOn resource(s): arn:aws:bedrock:us-east-1::foundation-model/xContext: a service control policy explicitly denies the action 困っています`,
      denial({
        action: 'bedrock:InvokeModel',
        resource: 'arn:aws:bedrock:us-east-1::foundation-model/x',
        why: 'explicit',
        kind: 'scp',
      }),
    ],
    [
      'with its headline alone',
      "You don't have permission to iam:ListUsers.",
      denial({ principal: null, why: 'unsaid', kind: null }),
    ],
  ])('%s', (_, text, expected) => {
    expect(denialIn(text)).toEqual(expected)
  })
})

describe('a message is the same, whatever it was copied from', () => {
  const expected = denial({
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::b/k',
    why: 'explicit',
    kind: 'rcp',
  })
  const message = (quote: string) =>
    `User: ${WHO} is not authorized to perform: s3:GetObject on resource: ${quote}arn:aws:s3:::b/k${quote} with an explicit deny in a resource control policy`
  test.each([
    ['XML', `<Error><Code>AccessDenied</Code><Message>${message('&quot;')}</Message></Error>`],
    ['a log of JSON', `{"msg":"${message('\\"')}\\nTraceback`],
    ['JSON within JSON', message('\\\\\\"')],
    ['an office document', message('"').replace('"', '“').replace('"', '”')],
    ['a page with spaces of no width', message('"').replace('not', 'n\u200Bot')],
    ['a mail with full-width spaces', message('"').replaceAll(' ', '\u3000')],
  ])('%s', (_, text) => {
    expect(denialIn(text)).toEqual(expected)
  })

  test.each([
    ['、読めません', 'arn:aws:sns:ap-northeast-1:111122223333:topic'],
    ['」と出ました', 'arn:aws:sns:ap-northeast-1:111122223333:topic'],
    ['</Message>', 'arn:aws:sns:ap-northeast-1:111122223333:topic'],
  ])('%s behind an ARN is no part of it', (behind, resource) => {
    const text = `「User: ${WHO} is not authorized to perform: sns:Publish on resource: ${resource}${behind}`
    expect(denialIn(text).resource).toBe(resource)
  })
})

test('two denials are not mixed, and the second is counted once', () => {
  const first = `User: ${WHO} is not authorized to perform: iam:ListUsers because no identity-based policy allows the iam:ListUsers action`
  const second = `User: ${WHO} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a service control policy`
  expect(denialsIn(`${first}\n${second}\n${second}`)).toEqual({ denial: denial({}), more: 1 })
  expect(denialsIn(`${first}\n${first}`).more).toBe(0)
})

test.each([['because no '], ['\\'], ['...,'], ['User: ']])(
  'a megabyte of `%s` is read like any other text',
  (word) => {
    const text = `${word.repeat(1_000_000 / word.length)}x User: ${WHO} is not authorized to perform: iam:ListUsers`
    expect(denialIn(text)).toMatchObject({ principal: WHO, action: 'iam:ListUsers' })
  },
)
