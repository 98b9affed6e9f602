import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateFast } from '../compile/evaluate.ts'
import { evaluateNaively } from '../evaluate/naive/evaluate.ts'
import { parsePolicy } from '../parse/policy.ts'
import { MEANING_IS_PLAIN } from '../parse/problem.ts'
import type { Policy, PolicyKind, PolicySet } from '../policies.ts'
import { allowAll, NOTHING, policy, request } from '../testing/arbitraries.ts'
import { testFacts } from '../testing/facts.ts'
import { runs, share } from '../testing/runs.ts'
import { type Packed, pack } from './pack.ts'

const { facts } = testFacts((file) =>
  JSON.parse(readFileSync(new URL(`../../../data/iam/generated/${file}`, import.meta.url), 'utf8')),
)

const RUNS = runs(21, 120)

function parsed(document: string | object, kind: PolicyKind, name = 'p'): Policy {
  const { policy: found, problems } = parsePolicy(document, kind, { name, tolerate: MEANING_IS_PLAIN })
  if (found === null) throw new Error(JSON.stringify(problems))
  return found
}
const readBack = ({ documents }: Packed, kind: PolicyKind): readonly Policy[] =>
  documents.map(({ text }, i) => parsed(text, kind, `packed ${i}`))

/** The policies as the only ones of their kind, with everything else open. */
function setOf(policies: readonly Policy[], kind: PolicyKind): PolicySet {
  if (kind === 'identity') return { ...NOTHING, identity: policies }
  const open = { ...NOTHING, identity: [allowAll('identity')] }
  if (kind === 'resource')
    return { ...NOTHING, resource: policies[0] ?? null, identity: [allowAll('identity')] }
  return { ...open, [kind === 'scp' ? 'scps' : 'rcps']: [{ target: 'level', policies }] }
}

describe('packing', () => {
  it('packing_never_changes_a_decision, in both engines, and also where something is unknown', () => {
    let shorter = 0
    fc.assert(
      fc.property(
        fc
          .constantFrom<PolicyKind>('identity', 'scp', 'rcp', 'resource')
          .chain((kind) =>
            fc.tuple(
              fc.constant(kind),
              fc.array(policy(kind), { minLength: 1, maxLength: kind === 'resource' ? 1 : 3 }),
            ),
          ),
        fc.array(request, { minLength: 4, maxLength: 8 }),
        ([kind, policies], requests) => {
          const packed = pack(policies)
          const after = readBack(packed, kind)
          fc.pre(kind !== 'resource' || after.length === 1)
          const statements = after.reduce((sum, one) => sum + one.statements.length, 0)
          if (statements < packed.before.statements) shorter++
          for (const one of requests) {
            const wanted = evaluateNaively(one, setOf(policies, kind))
            expect(evaluateNaively(one, setOf(after, kind))).toMatchObject({
              verdict: wanted.verdict,
              why: wanted.why,
            })
            expect(evaluateFast(one, setOf(after, kind)).verdict).toBe(wanted.verdict)
          }
        },
      ),
      RUNS,
    )
    expect(shorter).toBeGreaterThan(share(30))
  })

  it('every statement is accounted for, and the text depends on the statements alone', () => {
    fc.assert(
      fc.property(fc.array(policy('scp'), { minLength: 1, maxLength: 3 }), (given) => {
        const policies = given.map((one, i) => ({ ...one, name: `p${i}` }))
        const packed = pack(policies)
        const kept = packed.documents.flatMap(({ statements }) =>
          statements.flatMap(({ sources }) => sources),
        )
        const all = [...kept, ...packed.dropped.map(({ source }) => source)].map(
          ({ policy: name, index }) => `${name} ${index}`,
        )
        expect([...new Set(all)].sort()).toEqual(
          policies
            .flatMap(({ name, statements }) => statements.map(({ index }) => `${name} ${index}`))
            .sort(),
        )
        expect(pack(policies).documents).toEqual(packed.documents)
        expect(pack(readBack(packed, 'scp')).documents.map(({ text }) => text)).toEqual(
          packed.documents.map(({ text }) => text),
        )
      }),
      runs(21, 100),
    )
  })

  const scp = (...Statement: readonly object[]) => parsed({ Version: '2012-10-17', Statement }, 'scp')
  const deny = (Action: string | readonly string[], more: object = {}) => ({
    Effect: 'Deny',
    Action,
    Resource: '*',
    ...more,
  })
  const texts = (packed: Packed) => packed.documents.map(({ text }) => JSON.parse(text).Statement)

  it('joins what differs in one element, and drops what another covers', () => {
    const packed = pack([
      scp(deny('s3:DeleteBucket'), deny('ec2:*')),
      scp(deny(['ec2:RunInstances', 'kms:DisableKey']), { Effect: 'Allow', Action: '*', Resource: '*' }),
    ])
    expect(texts(packed)).toEqual([
      [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: ['ec2:*', 'kms:DisableKey', 's3:DeleteBucket'], Resource: '*' },
      ],
    ])
    expect(packed.fits).toBe(true)
    const region = (value: string) => ({ Condition: { StringEquals: { 'aws:RequestedRegion': value } } })
    expect(texts(pack([scp(deny('s3:*', region('a')), deny('s3:*', region('b')))]))).toEqual([
      [deny('s3:*', { Condition: { StringEquals: { 'aws:RequestedRegion': ['a', 'b'] } } })],
    ])
    const narrow = scp(deny('s3:*', { Condition: { IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } } }))
    const wide = scp(deny('s3:*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }))
    expect(pack([narrow, wide]).dropped).toMatchObject([{ because: 'covered' }])
  })

  it('drops each entry that another one covers, wherever the wildcards stand, and no other', () => {
    const text = (Action: readonly string[], Resource: readonly string[]) =>
      JSON.parse(
        pack([
          parsed({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } }, 'identity'),
        ]).documents[0]?.text ?? '',
      ).Statement[0]
    const arn = (rest: string) => `arn:aws:s3:::${rest}`
    expect(
      text(
        [
          's3:*Object',
          'S3:GETobject',
          's3:GetObject*',
          's3:Put?bject',
          'sqs:Get*',
          'sqs:*',
          'ec2:Run*',
          'ec2:Ru*s',
        ],
        [arn('a*z'), arn('ab*yz'), arn('az'), arn('a'), arn('*b*'), arn('ABz'), arn('?bz')],
      ),
    ).toMatchObject({
      Action: ['ec2:Ru*s', 'ec2:Run*', 's3:*Object', 's3:GetObject*', 's3:Put?bject', 'sqs:*'],
      Resource: [arn('*b*'), arn('a'), arn('a*z'), arn('ABz')],
    })
  })

  it('does not join what AND joins: negated operators, ForAllValues, NotAction', () => {
    const not = (value: string) => ({ Condition: { StringNotEquals: { 'aws:RequestedRegion': value } } })
    expect(texts(pack([scp(deny('s3:*', not('a')), deny('s3:*', not('b')))]))[0]).toHaveLength(2)
    const all = (value: string) => ({ Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': value } } })
    expect(texts(pack([scp(deny('s3:*', all('a')), deny('s3:*', all('b')))]))[0]).toHaveLength(2)
    const exempt = (NotAction: string) => ({ Effect: 'Deny', NotAction, Resource: '*' })
    expect(texts(pack([scp(exempt('s3:*'), exempt('ec2:*'))]))[0]).toHaveLength(2)
  })

  it('makes wildcards only where they are equal over the actions of today, and marks them', () => {
    const names = [...(facts.service('sqs')?.actions.values() ?? [])].map(({ name }) => name)
    const deletes = names.filter((name) => name.startsWith('Delete')).map((name) => `sqs:${name}`)
    expect(deletes.length).toBeGreaterThan(1)
    const packed = pack([scp(deny([...deletes, 'sqs:SendMessage']))], { collapseWith: facts })
    expect(texts(packed)).toEqual([[deny(['sqs:Delete*', 'sqs:SendMessage'])]])
    expect(packed.documents[0]?.statements[0]?.overKnownActions).toEqual(['sqs:Delete*'])
    const everything = pack([scp(deny(names.map((name) => `sqs:${name}`)))], { collapseWith: facts })
    expect(texts(everything)).toEqual([[deny('sqs:*')]])
    expect(texts(pack([scp(deny(deletes))]))).toEqual([[deny(deletes)]])
  })

  it('collapsing takes exactly the same actions of today', () => {
    const all = ['sqs', 's3', 'kms'].flatMap((prefix) =>
      [...(facts.service(prefix)?.actions.values() ?? [])].map(({ name }) => `${prefix}:${name}`),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.subarray(all, { minLength: 2 }), (few, chosen) => {
        const removed = all.filter((_, i) => i % (few + 1) !== 0)
        for (const actions of [chosen, removed]) {
          const packed = pack([scp(deny(actions))], { collapseWith: facts, characters: 200_000 })
          const [after] = readBack(packed, 'scp')
          const set: PolicySet = {
            ...NOTHING,
            identity: [allowAll('identity')],
            scps: [{ target: 'l', policies: [allowAll('scp'), ...(after === undefined ? [] : [after])] }],
          }
          const denied = all.filter((action) => evaluateFast(requestFor(action), set).why === 'explicit_deny')
          expect(denied.sort()).toEqual([...actions].sort())
        }
      }),
      { seed: 21, numRuns: 5 },
    )
  })

  const requestFor = (action: string) => ({
    action,
    resource: { arn: '*', account: null },
    principal: { type: 'user' as const, arn: 'arn:aws:iam::111122223333:user/a', account: '111122223333' },
    context: new Map(),
    unlisted: 'absent' as const,
  })

  it('splits over the fewest documents, also a statement that is too long for one', () => {
    const names = Array.from({ length: 900 }, (_, i) => `s3:Action${String(i).padStart(4, '0')}`)
    const packed = pack([scp(deny(names))], { characters: 5_120 })
    const least = Math.ceil(names.join('","').length / 5_120)
    expect(packed.documents.every(({ characters }) => characters <= 5_120)).toBe(true)
    expect(packed.documents.length).toBeLessThanOrEqual(least + 1)
    expect(
      texts(packed)
        .flat()
        .flatMap(({ Action }) => Action)
        .sort(),
    ).toEqual(names)
    expect(pack([scp(deny(names))], { characters: 5_120, slots: 2 }).fits).toBe(false)
  })

  it('finds the packing that first-fit misses', () => {
    // Sizes 4 4 4 6 6 6 in boxes of 10, as statements: first-fit decreasing needs no more than three here, sizes 3 3 2 2 2 would.
    const sized = (size: number, i: number) => {
      const bare = JSON.stringify(deny('s3:A', { Condition: { Bool: { [`aws:k${i}`]: 'true' } } })).length
      return deny(`s3:A${'x'.repeat(size - bare)}`, { Condition: { Bool: { [`aws:k${i}`]: 'true' } } })
    }
    const sizes = [300, 300, 200, 200, 200]
    const packed = pack([scp(...sizes.map(sized))], { characters: 40 + 602 })
    expect(packed.documents).toHaveLength(2)
  })
})
