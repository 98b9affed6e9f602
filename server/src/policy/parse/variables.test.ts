import { describe, expect, it } from 'vitest'
import { parseTemplate } from './variables.ts'

const blanks = ' '.repeat(100_000)
const braced = (inside: string) => `$`.concat(`{${inside}}`)
const text = (of: string) => ({ kind: 'text', text: of })
const variable = (key: string, fallback: string | null = null) => ({ kind: 'variable', key, fallback })

describe('policy variables', () => {
  it.each([
    ['aws:PrincipalTag/Team', variable('aws:principaltag/team')],
    [" aws:username , 'no one' ", variable('aws:username', 'no one')],
    ["aws:username, ''", variable('aws:username', '')],
    ['*', { kind: 'escaped', text: '*' }],
    ['', text(braced(''))],
    [' ', text(braced(' '))],
    [", 'x'", text(braced(", 'x'"))],
    ['aws:username, none', text(braced('aws:username, none'))],
  ])('with `%s` in their braces are told from text', (inside, part) => {
    expect(parseTemplate(braced(inside))).toEqual([part])
    expect(parseTemplate(`a${braced(inside)}b`)).toEqual([text('a'), part, text('b')])
  })

  it('end with their brace', () => {
    expect(parseTemplate('$'.concat('{aws:username'))).toEqual([text('$'.concat('{aws:username'))])
  })

  it('are read however many blanks stand in one', () => {
    const value = braced(`${blanks}aws:username${blanks},${blanks}'x'${blanks}`)
    expect(parseTemplate(value)).toEqual([variable('aws:username', 'x')])
    const broken = braced(`a${blanks}b${blanks},${blanks}`)
    expect(parseTemplate(broken)).toEqual([text(broken)])
  })
})
