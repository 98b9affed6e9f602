import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RankanError } from '../../kernel/errors.ts'
import { evaluate } from '../compile/evaluate.ts'
import type { Decision } from '../decision.ts'
import { evaluateNaively } from '../evaluate/naive/evaluate.ts'
import { readPolicySet } from '../exchange/policy-set.ts'
import { createReader, settle } from '../exchange/reader.ts'
import { readRequest } from '../exchange/request.ts'
import type { PolicySet } from '../policies.ts'
import type { Request } from '../request.ts'

interface Case {
  readonly name: string
  readonly request: object
  readonly policies: object
  readonly expect: Partial<Pick<Decision, 'verdict' | 'why' | 'by' | 'missing'>>
}
interface Theme {
  readonly theme: string
  readonly source: string
  readonly cases: readonly Case[]
}

/** Every implementation of the engine runs the same corpus. */
const IMPLEMENTATIONS: Readonly<Record<string, (request: Request, set: PolicySet) => Decision>> = {
  naive: evaluateNaively,
  compiled: evaluate,
}

const themes = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')) as Theme)

function read({ request, policies }: Case): { request: Request; set: PolicySet } {
  const reader = createReader()
  const read = readRequest(request, ['request'], reader)
  const set = readPolicySet(policies, ['policies'], reader)
  settle(reader, 'The case')
  if (read === null) throw new RankanError('bug', 'bug', 'a request without a fault was not read')
  return { request: read, set }
}

describe.each(Object.entries(IMPLEMENTATIONS))('corpus, %s', (_, evaluate) => {
  describe.each(themes)('$theme', ({ cases }) => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (__, one) => {
      const { request, set } = read(one)
      const { verdict, why, by, missing } = evaluate(request, set)
      expect({ verdict, why, by, missing }).toMatchObject(one.expect)
    })
  })
})
