import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../kernel/json.ts'
import { RESTART } from '../trail/texts.ts'
import { PARTS } from './check.ts'
import { SORTS } from './sorts.ts'
import * as shared from './structures.ts'

const FOLDER = new URL('../../../wasm/replay/', import.meta.url)
const SOURCE = readdirSync(FOLDER)
  .map((file) => readFileSync(new URL(file, FOLDER), 'utf8'))
  .join('\n')

/** Fields of a class with their types. */
function fieldsOf(name: string): readonly (readonly [string, string])[] {
  const body = new RegExp(`class ${name} \\{\\n([^}]*)\\}`).exec(SOURCE)?.[1] ?? ''
  return [...body.matchAll(/^ {2}(\w+): (\w+)$/gm)].map(([, field = '', type = '']) => [field, type] as const)
}

/** Value of a constant of the loops that is written as a number. */
const constant = (name: string): number =>
  Number(new RegExp(`const ${name}: \\w+ = (\\w+)$`, 'm').exec(SOURCE)?.[1])

const STRUCTURES = {
  Automaton: shared.AUTOMATON,
  Walk: shared.WALK,
  Objects: shared.OBJECTS,
  Checks: shared.CHECKS,
  Kept: shared.KEPT,
  Counting: shared.COUNTING,
  Sums: shared.SUMS,
  Resources: shared.RESOURCES,
}

describe('what TypeScript and the loops must have in common', () => {
  it.each(Object.entries(STRUCTURES))('fields of %s stand in the same order', (name, { at }) => {
    const names = Object.keys(at)
    const fields = fieldsOf(name).slice(0, names.length)
    expect(names).toEqual(fields.map(([field]) => field))
    for (const [field, type] of fields)
      expect(type, `${name}.${field} has four bytes`).toMatch(/^(i32|u32|usize|[A-Z]\w*)$/)
  })

  it('numbers have the same values', () => {
    const { DONE, AGAIN, STEP, ASCII, SUM_WIDTH, LINE_WIDTH } = shared
    expect({
      DONE: constant('DONE'),
      AGAIN: constant('AGAIN'),
      STEP: constant('STEP'),
      ASCII: 2 ** constant('STATE_SHIFT') / 4,
      SUM_WIDTH: constant('SUM') / 8,
      LINE_WIDTH: constant('LINE') / 8,
    }).toEqual({ DONE, AGAIN, STEP, ASCII, SUM_WIDTH, LINE_WIDTH })
    expect(constant('SORTS')).toBe(SORTS.length)
    expect(constant('RESTART')).toBe(RESTART)
    // Classes, view and outcome of a check.
    expect(constant('TUPLE')).toBe(4 * (PARTS.length + 2))
    expect(2 ** constant('MATCH_BITS')).toBeGreaterThan(shared.MAX_STATES)
  })

  it('places in the text of a resource are those of its canonical JSON', () => {
    const textOf = (account: string | null) => canonicalJson({ account, arn: 'X', assumed: null })
    const [account, nobody] = [textOf('111122223333'), textOf(null)]
    expect({
      ACCOUNT_AT: constant('ACCOUNT_AT'),
      NULL_AT: constant('NULL_AT'),
      ARN_OF_ACCOUNT: constant('ARN_OF_ACCOUNT'),
      ARN_OF_NOBODY: constant('ARN_OF_NOBODY'),
      AFTER_ARN: constant('AFTER_ARN'),
    }).toEqual({
      ACCOUNT_AT: account.indexOf('1'),
      NULL_AT: nobody.indexOf('null'),
      ARN_OF_ACCOUNT: account.indexOf('X'),
      ARN_OF_NOBODY: nobody.indexOf('X'),
      AFTER_ARN: account.length - account.indexOf('X') - 1,
    })
  })
})
