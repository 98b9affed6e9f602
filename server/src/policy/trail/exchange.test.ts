import { describe, expect, it } from 'vitest'
import { iam, tables } from '../../../test/support/trail-tables.ts'
import type { Json } from '../../kernel/json.ts'
import { evaluate } from '../compile/evaluate.ts'
import { createReader } from '../exchange/reader.ts'
import { readRequest } from '../exchange/request.ts'
import { parsePolicy } from '../parse/policy.ts'
import { NO_POLICIES, type Policy } from '../policies.ts'
import cases from './events.cases.json' with { type: 'json' }
import { exchangeRequest } from './exchange.ts'
import { engineRequest, trailReader } from './requests.ts'

const { read } = trailReader(tables, iam)
const BASE = {
  eventType: 'AwsApiCall',
  awsRegion: 'ap-northeast-1',
  sourceIPAddress: '198.51.100.7',
  recipientAccountId: '111122223333',
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/Worker/run',
    accountId: '111122223333',
    principalId: 'AROA1:run',
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/Worker', userName: 'Worker' },
      attributes: { mfaAuthenticated: 'false' },
    },
  },
}
const KEYS = [
  'aws:requestedregion',
  'aws:principalarn',
  'aws:sourceip',
  'aws:multifactorauthpresent',
  'aws:resourceaccount',
  'aws:principaltag/team',
  'aws:requesttag/team',
  'ec2:instancetype',
  'aws:principalorgid',
]

const policy = (kind: 'scp' | 'identity', statement: object): Policy => {
  const found = parsePolicy({ Version: '2012-10-17', Statement: [statement] }, kind, { name: 'p' })
  if (found.policy === null) throw new Error(JSON.stringify(found.problems))
  return found.policy
}
const ALL = { Effect: 'Allow', Action: '*', Resource: '*' }
const setOf = (statement: object) => ({
  ...NO_POLICIES,
  identity: [policy('identity', ALL)],
  resource: 'unknown' as const,
  scps: [{ target: 'r', policies: [policy('scp', ALL), policy('scp', statement)] }],
})
const DENIES = KEYS.map((key) => ({
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { StringNotEqualsIfExists: { [key]: ['ap-northeast-1', '111122223333', 't3.micro', 'false'] } },
}))

interface Case {
  readonly name: string
  readonly event: Record<string, Json>
}

describe('a request that travels as JSON is answered as the one that stayed', () => {
  it.each(cases as unknown as readonly Case[])('$name', ({ event }) => {
    const outcome = read({ ...BASE, ...event })
    if (outcome.kind === 'skipped') return
    for (const request of outcome.requests) {
      const reader = createReader()
      const travelled = readRequest(
        JSON.parse(JSON.stringify(exchangeRequest(request, KEYS, iam))) as unknown,
        [],
        reader,
      )
      expect(reader.issues).toEqual([])
      if (travelled === null) throw new Error('the request was not read')
      const stayed = engineRequest(request, KEYS, iam)
      for (const statement of DENIES) {
        const [a, b] = [evaluate(travelled, setOf(statement)), evaluate(stayed, setOf(statement))]
        expect([statement.Condition, a.verdict, a.missing]).toEqual([
          statement.Condition,
          b.verdict,
          b.missing,
        ])
      }
    }
  })
})
