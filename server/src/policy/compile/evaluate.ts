import type { Decision } from '../decision.ts'
import { combine } from '../evaluate/combine.ts'
import { type Evaluated, type EvaluatePolicy, layersOf } from '../evaluate/layers.ts'
import {
  type ElementTruths,
  grantsOf,
  reasonsOf,
  resultOf,
  statementTruth,
} from '../evaluate/statement-match.ts'
import type { Policy, PolicySet } from '../policies.ts'
import type { Request } from '../request.ts'
import { truthOf } from '../truth.ts'
import { openKeysOf } from './condition.ts'
import { compiledPolicy } from './policy.ts'
import { openResourceKeysOf } from './resource.ts'
import type { CompiledStatement } from './statement.ts'

/**
 * The engine to use: the decision with all reasons. Policies are compiled when they are first seen (by identity of the
 * parsed policy), so keep and reuse the parsed ones.
 */
export const evaluate = (request: Request, set: PolicySet): Decision =>
  combine(layersOf(set, request, explained), set, request)

/** The same decision, but the layers list only statements whose action matches, and without reasons: several times faster. */
export const evaluateFast = (request: Request, set: PolicySet): Decision =>
  combine(layersOf(set, request, plain), set, request)

const explained: EvaluatePolicy = (policy, target, request, boundary) =>
  compiledPolicy(policy).statements.map((statement) => {
    const truths = truthsOf(statement, request, boundary)
    const reasons = reasonsOf(statement.statement, request, truths, {
      condition: (condition) => {
        const compiled = statement.conditions.find((one) => one.condition === condition)
        return compiled === undefined ? [] : openKeysOf(compiled, request)
      },
      resource: () => openResourceKeysOf(statement.resource, request),
    })
    return evaluated(policy, statement, target, truths, reasons)
  })

const plain: EvaluatePolicy = (policy, target, request, boundary) =>
  compiledPolicy(policy)
    .forAction(request.action)
    .map((statement) => evaluated(policy, statement, target, truthsOf(statement, request, boundary), []))

const evaluated = (
  policy: Policy,
  { statement }: CompiledStatement,
  target: string | null,
  truths: ElementTruths,
  reasons: Parameters<typeof resultOf>[4],
): Evaluated => ({
  result: resultOf(policy, statement, target, statementTruth(truths), reasons),
  grants: grantsOf(truths),
})

function truthsOf(
  statement: CompiledStatement,
  request: Request,
  boundary: PolicySet['boundary'],
): ElementTruths {
  return {
    principal: statement.principal(request.principal, boundary),
    action: truthOf(statement.matchesAction(request.action.toLowerCase())),
    resource: statement.resource.test(request),
    conditions: statement.conditions.map(({ test }) => test(request)),
  }
}
