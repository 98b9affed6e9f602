import { describe, expect, it } from 'vitest'
import { slownessOf, slowRegexes } from './regexes.ts'
import { readSources } from './sources.ts'

// Not seen: `new RegExp` of text that comes from data or from another file, and what is slow by a repeated word
// where each regular expression alone is not (`/in (?:\w+ )+x/g` over many `in`).
describe('regular expressions', () => {
  it.each([
    [/^(\s*#[^\n]*\n|\s*\n)*(---|x)/, 'exponential'],
    [/^\s*([^,'{}]*?)\s*(?:,\s*'([^']*)'\s*)?$/, 'polynomial'],
    [/-+$/, 'quadratic from each start'],
  ])('as slow as %s are found', (regex, slowness) => expect(slownessOf(regex)).toContain(slowness))

  it.each([/^(?:[^\S\n]*(?:#[^\n]*)?\n)*(---|x)/, /(?<!-)-+$/])('as fast as %s are let pass', (regex) =>
    expect(slownessOf(regex)).toBeNull(),
  )

  it('are found wherever they are written', () => {
    const of = (name: string) => '$'.concat('{', name, '}')
    const text = [
      'const A = "\\\\s*x?"',
      'const re = [/a+a+$/,',
      `  new RegExp(\`^(${of('A')}\\\\s*)+y\`), new RegExp(String.raw\`\\d*\\d*$\`, "u"),`,
      `  new RegExp(given), new RegExp(\`${of('given')}a+a+$\`), /a+$/y]`,
    ].join('\n')
    const found = slowRegexes({ file: 'a.ts', text, imports: [], functions: [] })
    expect(found.map((one) => one.split(' is ')[0])).toEqual([
      'a.ts:2 /a+a+$/',
      'a.ts:3 /^(\\s*x?\\s*)+y/',
      'a.ts:3 /\\d*\\d*$/u',
    ])
  })

  // Some seconds of work; the machine may have other work, too.
  it('take no longer than their text is long: nothing that a person pastes or sends may hang a page or a process', {
    timeout: 120_000,
  }, () => {
    const sources = [...readSources('server/src'), ...readSources('portal/src')]
    const slow = sources.filter(({ file }) => !/\.test\.tsx?$/.test(file)).flatMap(slowRegexes)
    expect(slow).toEqual([])
  })
})
