import { describe, expect, it } from 'vitest'
import { pack } from '../pack/pack.ts'
import { parsePolicy } from '../parse/policy.ts'
import { checkText } from './check.ts'
import { effectiveAnswers } from './effective.ts'
import { evaluateJson } from './evaluate.ts'
import { createReader } from './reader.ts'
import { whoCanJson } from './who-can.ts'

// What people paste, upload or send may be of any size: no time is asserted, but what grew with the square or the cube of these
// sizes ran into the limit of a test.
const ALICE = 'arn:aws:iam::111122223333:user/alice'
const list = <T>(length: number, of: (i: number) => T): readonly T[] =>
  Array.from({ length }, (_, i) => of(i))
const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
const deny = { Effect: 'Deny', Action: 's3:*', Resource: '*' }
const codesOf = (text: string) => {
  const { documents, problems } = checkText(text)
  return new Set([...problems, ...documents.flatMap((one) => one.problems)].map(({ code }) => code))
}

/** `{"a": {"a": … 1}}` */
function deep(key: string, levels = 50_000): unknown {
  let value: unknown = 1
  for (let i = 0; i < levels; i++) value = { [key]: value }
  return value
}

describe('a text of many', () => {
  it('keys is read, and one of them that stands twice is found', () => {
    const members = list(200_000, (i) => `"k${i}": 1`)
    expect(codesOf(`{"Statement": [], ${members.join()}, "k7": 1}`)).toContain('duplicate_key')
  })

  it('resources with wildcards at their ends is compared', () => {
    const Resource = [...list(30_000, (i) => `arn:aws:s3:::b${i}/*`), 'arn:aws:s3:::b7/x']
    expect(codesOf(JSON.stringify(document({ ...deny, Resource })))).toContain('redundant_resource')
  })

  it('statements is compared as far as AWS takes them', () => {
    const statements = list(3_000, (i) => ({
      Effect: 'Deny',
      NotAction: `s3:Get${i}`,
      NotResource: `arn:aws:s3:::b${i}`,
    }))
    const [twice = deny] = statements
    expect(codesOf(JSON.stringify(document(...statements, twice)))).toContain('shadowed')
  })

  it('statements is packed, joined or over many documents', () => {
    const packed = (statements: readonly object[]) => {
      const { policy } = parsePolicy(document(...statements), 'scp')
      return policy === null ? [] : pack([policy]).documents
    }
    const alike = packed(list(600, (i) => ({ ...deny, Action: `s3:*${i}x*` })))
    expect(alike.flatMap(({ statements }) => statements).length).toBeLessThan(20)
    const unlike = packed(
      list(3_000, (i) => ({
        ...deny,
        Resource: `arn:aws:s3:::b${i}`,
        Condition: { Bool: { [`aws:k${i}`]: 'true' } },
      })),
    )
    expect(unlike.flatMap(({ statements }) => statements)).toHaveLength(3_000)
  })
})

describe('a value that is nested thousands of times', () => {
  it('is refused where a document is wanted', () => {
    for (const kind of ['scp', 'resource'] as const)
      expect(parsePolicy(document({ ...deny, Condition: deep('a') }), kind)).toMatchObject({
        policy: null,
        problems: [{ code: 'too_deep' }],
      })
    expect(() =>
      evaluateJson([{ action: 's3:Get' }], { resource: deep('Policy') }, { explain: true }),
    ).toThrow('nested deeper')
  })

  it('is refused where management policies are wanted, whatever it is named', () => {
    const reader = createReader()
    const policies = [
      deep('tags'),
      { Name: 'x', PolicySummary: deep('PolicySummary'), Content: { tags: deep('a') } },
    ]
    expect(effectiveAnswers([{ target: 'r', policies }], reader)).toEqual([])
    expect(reader.issues.map(({ code }) => code)).toEqual(['too_deep', 'too_deep'])
  })
})

describe('many principals', () => {
  const allow = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' })

  it('have what is common to all, which is read once, and what is their own instead of it', () => {
    let reads = 0
    const common = {
      Version: '2012-10-17',
      get Statement() {
        reads++
        return allow.Statement
      },
    }
    const none = document({ Effect: 'Allow', Action: 'ec2:*', Resource: '*' })
    const answer = whoCanJson('s3:GetObject', 'arn:aws:s3:::docs/a', {
      principals: [
        ...list(100, (i) => ({ principal: `${ALICE}${i}` })),
        { principal: ALICE, policies: { identityPolicies: [none] } },
      ],
      policies: { identity: [common], boundary: allow },
      resourceAccount: '111122223333',
    })
    expect(answer).toMatchObject({ can: list(100, () => ({})), cannot: [{ principal: { arn: ALICE } }] })
    expect(reads).toBeLessThan(100)
  })
})
