import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateNaively } from '../evaluate/naive/evaluate.ts'
import { matchesTokens, wildcards } from '../evaluate/naive/pattern.ts'
import { anyGrant } from '../principal/match.ts'
import { CONTEXT_KEYS, policy, policySet, request } from '../testing/arbitraries.ts'
import { runs } from '../testing/runs.ts'
import { all } from '../truth.ts'
import { evaluate, evaluateBriefly, evaluateFast } from './evaluate.ts'
import { codesOf, compileGlob, matchCodes, patternCodes, withinParts } from './glob.ts'
import { compiledPolicy } from './policy.ts'

const RUNS = runs(5, 500)

describe('the compiled engine', () => {
  it('compiled_equals_naive: same verdict, deciders, missing facts, and reasons of every statement', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        expect(evaluate(req, set)).toEqual(evaluateNaively(req, set))
      }),
      RUNS,
    )
  })

  it('fast_equals_naive: same verdict and deciders', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        const { verdict, why, by } = evaluateFast(req, set)
        const naive = evaluateNaively(req, set)
        expect({ verdict, why, by }).toEqual({ verdict: naive.verdict, why: naive.why, by: naive.by })
      }),
      RUNS,
    )
  })

  it('brief_equals_naive: all but the statements that do not match', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        const { layers: _, ...brief } = evaluateBriefly(req, set)
        const { layers: __, ...naive } = evaluateNaively(req, set)
        expect(brief).toEqual(naive)
      }),
      RUNS,
    )
  })

  it('a statement is the conjunction of its atoms', () => {
    fc.assert(
      fc.property(
        request,
        fc.constantFrom('scp' as const, 'rcp' as const, 'resource' as const).chain(policy),
        (req, one) => {
          for (const statement of compiledPolicy(one).statements) {
            const truth = all([
              anyGrant(statement.principal(req.principal, null)),
              all(statement.atoms.map(({ test }) => test(req))),
            ])
            expect(all(statement.atoms.map(({ test }) => test(req)))).toBe(truth)
          }
        },
      ),
      RUNS,
    )
  })

  it('an atom reads nothing but its inputs', () => {
    fc.assert(
      fc.property(request, request, policy('scp'), (req, other, one) => {
        for (const { atoms } of compiledPolicy(one).statements)
          for (const { inputs, test } of atoms) {
            const context = new Map(other.context)
            for (const key of [...CONTEXT_KEYS, 'aws:principalarn']) {
              if (!inputs.includes(key)) continue
              const entry = req.context.get(key)
              if (entry === undefined) context.delete(key)
              else context.set(key, entry)
            }
            const mixed = {
              ...other,
              unlisted: req.unlisted,
              context,
              action: inputs.includes('action') ? req.action : other.action,
              resource: inputs.includes('resource') ? req.resource : other.resource,
            }
            expect(test(mixed)).toBe(test(req))
          }
      }),
      RUNS,
    )
  })

  it('globs equal the obvious table, in linear pieces and in the general form', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?', '😀'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '😀'), maxLength: 10 })
    fc.assert(
      fc.property(pattern, text, (p, t) => {
        const wanted = matchesTokens(wildcards(p), t)
        expect(compileGlob(patternCodes(p))(t)).toBe(wanted)
        expect(matchCodes(patternCodes(p), codesOf(t))).toBe(wanted)
      }),
      runs(5, 20_000),
    )
  })

  it('no pattern makes matching slow', () => {
    const started = performance.now()
    const text = 'a'.repeat(5_000)
    compileGlob(patternCodes(`${'a*'.repeat(200)}b`))(text)
    compileGlob(withinParts(patternCodes(`${'*a?'.repeat(30)}b`)))(text)
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})
