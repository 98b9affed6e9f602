import { readdirSync, readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../compile/evaluate.ts'
import { evaluateNaively } from '../evaluate/naive/evaluate.ts'
import { readPolicySet } from '../exchange/policy-set.ts'
import { createReader, settle } from '../exchange/reader.ts'
import { readRequest } from '../exchange/request.ts'

/**
 * Many small cases that differ in one condition or one pattern. Each row is two cases: the statement alone with Allow,
 * and with Deny beside a statement that allows everything, where the answer is the other one.
 */
interface Table {
  readonly theme: string
  readonly source: string
  readonly request: Given
  readonly rows: readonly Row[]
}
interface Row {
  readonly name: string
  /** Laid over a statement with all actions and resources. */
  readonly statement: Readonly<Record<string, unknown>>
  readonly request: Partial<Given>
  /** Of the statement with Allow. */
  readonly then: 'allowed' | 'denied'
  /** Why the independent engine, which is only called, is not asked. */
  readonly peer?: string
}
interface Given {
  readonly action: string
  readonly resource: string
  readonly principal: string
  readonly derive: boolean
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

const ACCOUNT = '111122223333'
const folder = `${import.meta.dirname}/tables`
const tables = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Table,
)

const ALL = { Effect: 'Allow', Action: '*', Resource: '*' }

function documentOf({ statement }: Row, effect: 'Allow' | 'Deny') {
  const { Action, Resource, ...rest } = { ...ALL, ...statement, Effect: effect }
  const one = {
    ...rest,
    ...('NotAction' in statement ? {} : { Action }),
    ...('NotResource' in statement ? {} : { Resource }),
  }
  return { Version: '2012-10-17', Statement: effect === 'Allow' ? [one] : [ALL, one] }
}

function read(request: Given, document: object) {
  const reader = createReader()
  const asked = readRequest({ ...request, resourceAccount: ACCOUNT }, ['request'], reader)
  const set = readPolicySet({ identity: document }, ['policies'], reader)
  settle(reader, 'The case')
  if (asked === null) throw new Error('no request')
  return { asked, set }
}

async function peerSays(request: Given, document: object): Promise<string> {
  const { action, resource, principal, context = {} } = request
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: context as Record<string, string | string[]>,
      },
      identityPolicies: [{ name: 'p', policy: document }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  if (result.resultType === 'error') return JSON.stringify(result.errors)
  return result.overallResult === 'Allowed' ? 'allowed' : 'denied'
}

describe.each(tables)('$theme', ({ request, rows }) => {
  it('has a name for every row', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
  })

  it.each(rows.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    for (const effect of ['Allow', 'Deny'] as const) {
      const other = row.then === 'allowed' ? 'denied' : 'allowed'
      const wanted = effect === 'Allow' ? row.then : other
      const given = { ...request, ...row.request }
      const document = documentOf(row, effect)
      const { asked, set } = read(given, document)
      const answers = {
        naive: evaluateNaively(asked, set).verdict,
        compiled: evaluate(asked, set).verdict,
        // It takes its time, and a Deny is the same condition again.
        peer: row.peer === undefined && effect === 'Allow' ? await peerSays(given, document) : wanted,
      }
      expect([effect, answers]).toEqual([effect, { naive: wanted, compiled: wanted, peer: wanted }])
    }
  })
})
