import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'
import { plainOf } from './json-node.ts'

const codes = (text: string) =>
  parseJson(text).problems.map(({ code, line, column }) => `${code}@${line}:${column}`)

describe('JSON with places', () => {
  it('reads what JSON.parse reads, and finds nothing wrong with it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 3 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const { root, problems } = parseJson(text)
        expect(problems).toEqual([])
        expect(root && JSON.stringify(plainOf(root))).toEqual(JSON.stringify(JSON.parse(text)))
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  it('finds fault with every text that JSON.parse refuses, and ends', () => {
    const valid = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["s3:*"],"Resource":"*"}]}'
    fc.assert(
      fc.property(
        fc.nat(valid.length),
        fc.constantFrom('', '"', '{', ']', ',', ':', 'x', '\\', '\n'),
        (at, c) => {
          const text = valid.slice(0, at) + c + valid.slice(at + 1)
          const good = (() => {
            try {
              JSON.parse(text)
              return true
            } catch {
              return false
            }
          })()
          expect(parseJson(text).problems.length > 0).toBe(!good)
        },
      ),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('tells several faults of one text, each with its place', () => {
    const text = `{
  // why
  'Version': "2012-10-17",
  "Statement": [
    {"Effect": "Deny" "Action": "s3:*",}
  ]
`
    expect(codes(text)).toEqual([
      'comment@2:3',
      'wrong_quote@3:3',
      'missing_comma@5:23',
      'trailing_comma@5:40',
      'unclosed@7:1',
    ])
  })

  it('says one thing of one fault: no cascade after a bracket, a quotation mark or a line break', () => {
    const policy = (statement: string) => `{"Version": "2012-10-17",\n"Statement": [\n{${statement}}\n]}`
    const rest = '"Resource": "*"'
    expect(codes(policy(`"Action": "a:b", ${rest}`).replace('}\n]', '\n]'))).toEqual(['unclosed@4:1'])
    expect(codes('{"a": [1, 2}')).toEqual(['unclosed@1:12'])
    expect(codes('{"a": 1], "b": 2}')).toEqual(['extra_bracket@1:8'])
    expect(codes(policy(`"Action": "a:b,\n${rest}`))).toEqual(['unclosed_string@3:12'])
    expect(codes(policy(`"Action": "a:\n  b", ${rest}`))).toEqual(['line_break@3:15'])
    expect(codes("{'a': 'b',\n 'c': ['d']}")).toEqual(['wrong_quote@1:2'])
    expect(codes('{\u00a0"a":\u00a01}')).toEqual(['odd_space@1:2'])
  })

  it.each([
    ['YAML', 'Version: "2012-10-17"\nStatement:\n  - Effect: Deny\n'],
    ['YAML with a comment', '# mine\n---\nVersion: x'],
    ['Terraform', 'data "aws_iam_policy_document" "x" {\n}'],
    ['a web page', '<!DOCTYPE html><html></html>'],
    ['UTF-16', '\uFFFD\uFFFD{\0"\0'],
    ['JSON out of a program', '{\\"Version\\": \\"2012-10-17\\"}'],
  ])('knows %s, which is no broken JSON', (_, text) => {
    expect(codes(text)).toEqual(['other_format@1:1'])
  })

  it('reads on behind any number of empty lines and comments', () => {
    const lines = 1_900
    expect(codes(`${'\n'.repeat(lines)}{"a": 1, "a": 2}`)).toEqual([`duplicate_key@${lines + 1}:10`])
    expect(codes(`${' \n'.repeat(lines / 2)}# mine\n  # too\nVersion: x`)).toEqual(['other_format@1:1'])
  })

  it('names path, line and column of a duplicate key', () => {
    const { problems } = parseJson('{"a": {"b": 1,\n "b": 2}}')
    expect(problems).toMatchObject([{ code: 'duplicate_key', path: '$.a.b', line: 2, column: 2 }])
  })

  it('never tells control characters of a file that is no text', () => {
    for (const text of ['\u001b[2Jx', '{"a": \u0000\u0007}', '{} \u001b]0;title\u0007', '\u009b31m'])
      for (const { message, hint } of parseJson(text).problems)
        expect(`${message}${hint}`).not.toMatch(/\p{Cc}/u)
  })

  it('gives back what stands behind a megabyte of commas in a text that is not closed', () => {
    const text = `{"a": "${','.repeat(1_000_000)}x`
    expect(codes(text)).toEqual(['unclosed_string@1:7', 'unclosed@1:1000009'])
  })

  it('does not fall over a deep nest, an empty text, or text after the end', () => {
    expect(codes('['.repeat(100_000))[0]).toMatch(/^too_deep/)
    expect(codes(' ')).toEqual(['empty@1:2'])
    expect(codes('{} }')).toEqual(['text_after_document@1:4'])
  })
})
