import { parsePolicy } from '@rankan/server/src/policy/parse/policy.ts'
import { describe, expect, test } from 'vitest'
import { JAPANESE, problemText } from './problem-words.ts'

const sources = import.meta.glob<string>(
  [
    '../../../../../server/src/policy/{parse,lint,management}/*.ts',
    '../../../../../server/src/policy/exchange/{check,check-management}.ts',
    '!../../../../../server/src/policy/**/*.test.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
)

/** Codes as the engine's sources write them: the argument after the place, or the member `code`. */
const codes = new Set(
  Object.values(sources).flatMap((source) =>
    [
      ...source.matchAll(
        /(?:error|warn|warning|reportAt|problem)\(\s*(?:[\w.]+(?:\([^)]*\))?,\s*)?'([a-z_]+)'/g,
      ),
      ...source.matchAll(/\breport(?:Once)?\(\s*(?:c,\s*\w+(?:\([^)]*\))?,\s*)?'([a-z_]+)'/g),
      ...source.matchAll(/code: '([a-z_]+)'/g),
    ].map((match) => match[1] ?? ''),
  ),
)

describe('Japanese texts of problems', () => {
  test('the search finds codes of the parser, the linter and the scanner', () => {
    expect([...codes]).toEqual(expect.arrayContaining(['bad_action', 'shadowed', 'bare_key', 'too_long']))
  })

  test('every code of the engine has one, and no other', () => {
    expect([...codes].filter((code) => JAPANESE[code] === undefined)).toEqual([])
    expect(Object.keys(JAPANESE).filter((code) => !codes.has(code))).toEqual([])
  })

  test('name the words of the author', () => {
    const [problem] = parsePolicy(
      '{"Version":"2012-10-17","Statement":[{"Efect":"Deny","Effect":"Deny","Action":"s3:*","Resource":"*"}]}',
      'scp',
    ).problems
    if (problem === undefined) throw new Error('no problem')
    expect(problemText(problem, 'ja')).toEqual({
      message: '`Efect` という要素はありません。',
      hint: '`Effect` の間違いではありませんか。',
    })
    expect(problemText(problem, 'en').message).toContain('`Efect`')
  })
})
