import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { COLUMNS } from './columns.ts'

const read = (name: string) =>
  readFileSync(new URL(`../../../../deploy/athena/${name}`, import.meta.url), 'utf8')

const wanted = COLUMNS.map(([name, type]) => `${name} ${type}`)

it('deploy/athena has the columns that facts are written with', () => {
  const ddl = [...read('facts.sql').matchAll(/^ {2}`(\w+)` (\w+)/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  )
  expect(ddl).toEqual(wanted)
  const facts = read('template.yaml').split('\n  Accounts:')[0] ?? ''
  const glue = [...facts.matchAll(/^ {12}- \{ Name: (\w+), Type: (\w+) \}/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  )
  expect(glue).toEqual(wanted)
})
