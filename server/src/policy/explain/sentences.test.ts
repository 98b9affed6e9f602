import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../compile/evaluate.ts'
import { NO_POLICIES } from '../policies.ts'
import { allowAll, denyAll, policySet, request } from '../testing/arbitraries.ts'
import { sentencesOf } from './sentences.ts'

describe('sentences', () => {
  it('say who forbids it, and where', () => {
    const [found] = fc.sample(request, { seed: 1, numRuns: 1 })
    if (found === undefined) throw new Error('no request')
    const alice = {
      ...found,
      principal: {
        type: 'user' as const,
        arn: 'arn:aws:iam::111122223333:user/alice',
        account: '111122223333',
      },
    }
    const set = {
      ...NO_POLICIES,
      identity: [allowAll('identity')],
      scps: [{ target: 'ou-1', policies: [denyAll('scp')] }],
    }
    const sentences = sentencesOf(evaluate({ ...alice, organization: { managementAccount: null } }, set))
    expect(sentences.map(({ en }) => en)).toEqual([
      'This call is denied.',
      "It is explicitly forbidden by the organisation's service control policies (SCP).",
      'Statement `#1` of `scp`, attached to `ou-1`, denies it.',
    ])
    expect(sentences.map(({ ja }) => ja)).toEqual([
      'この操作は拒否されます。',
      '明示的に禁止しているもの:組織の統制(SCP)',
      '禁止している文:`#1`(ポリシー `scp`、適用先 `ou-1`)',
    ])
  })

  it('say something in both languages for every decision, and name what is missing', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        const decision = evaluate(req, set)
        const sentences = sentencesOf(decision)
        expect(
          sentences.every(({ ja, en }) => ja !== '' && en !== '' && !`${ja}${en}`.includes('undefined')),
        ).toBe(true)
        for (const missing of decision.missing)
          if (missing.what === 'context')
            expect(sentences.some(({ ja }) => ja.includes(missing.key))).toBe(true)
      }),
      { seed: 2, numRuns: 200 },
    )
  })
})
