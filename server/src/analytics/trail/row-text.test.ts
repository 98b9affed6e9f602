import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rowText } from './row-text.ts'

const NAMES = new Map(
  ['type', 'arn', 'userName', 'sessionContext', 'accountId'].map((one) => [one.toLowerCase(), one]),
)

it("reads Athena's text of a row, of rows in it, and of a list of rows", () => {
  const text =
    '{type=AssumedRole, arn=arn:aws:sts::111122223333:assumed-role/A/me, username=null, sessioncontext={type=Role, arn=arn:aws:iam::111122223333:role/A}}'
  expect(rowText(text, NAMES)).toEqual({
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/A/me',
    sessionContext: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/A' },
  })
  expect(rowText('[{arn=a, accountid=1}, {arn=b, accountid=null}]', NAMES)).toEqual([
    { arn: 'a', accountId: '1' },
    { arn: 'b' },
  ])
  expect(rowText('[]', NAMES)).toEqual([])
})

it('keeps commas and equals signs of a value, and refuses what has no ends', () => {
  expect(rowText('{username=a, b=c, type=x}', NAMES)).toEqual({ userName: 'a, b=c', type: 'x' })
  for (const text of [
    '',
    'null',
    '{',
    '{type=x',
    '{other=x}',
    '{type=x} ',
    '{type=a{b, arn=c}',
    '[a, b]',
    '{type=x]',
  ])
    expect([text, rowText(text, NAMES)]).toEqual([text, undefined])
})

it('reads back any row whose values have no brackets', () => {
  const value = fc.stringMatching(/^[A-Za-z0-9 :/._@+-]{0,20}$/).filter((text) => text !== 'null')
  fc.assert(
    fc.property(value, value, fc.option(value), (type, arn, userName) => {
      const text = `{type=${type}, arn=${arn}, username=${userName}}`
      expect(rowText(text, NAMES)).toEqual({ type, arn, ...(userName === null ? {} : { userName }) })
    }),
  )
})
