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
import { type Truth, truthOf } from '../truth.ts'
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

/** The same decision, but the layers list only statements that may match, without reasons: about ten times
 * faster. `missing` then tells policies and accounts alone, not context keys. */
export const evaluateFast = (request: Request, set: PolicySet): Decision =>
  combine(layersOf(set, request, plain), set, request)

/** All of the decision but `layers`, which list the statements that may match, with reasons where that is open. */
export const evaluateBriefly = (request: Request, set: PolicySet): Decision =>
  combine(layersOf(set, request, brief), set, request)

const explained: EvaluatePolicy = (policy, target, request, boundary) =>
  compiledPolicy(policy).statements.map((statement) => {
    const truths = truthsOf(statement, request, boundary)
    return evaluated(policy, statement, target, truths, reasonsFor(statement, request, truths))
  })

const reasonsFor = (statement: CompiledStatement, request: Request, truths: ElementTruths) =>
  reasonsOf(statement.statement, request, truths, {
    condition: (condition) => {
      const compiled = statement.conditions.find((one) => one.condition === condition)
      return compiled === undefined ? [] : openKeysOf(compiled, request)
    },
    resource: () => openResourceKeysOf(statement.resource, request),
  })

const plain: EvaluatePolicy = (policy, target, request, boundary) =>
  compiledPolicy(policy)
    .forAction(request.action)
    .flatMap((statement) => {
      const truths = quickTruths(statement, request, boundary)
      return truths === null ? [] : [evaluated(policy, statement, target, truths, [])]
    })

const NOT_AT_ALL: ElementTruths = {
  principal: { direct: 'no', role: 'no', account: 'no' },
  action: 'no',
  resource: 'no',
  conditions: [],
}

const brief: EvaluatePolicy = (policy, target, request, boundary) => {
  const { statements, forAction } = compiledPolicy(policy)
  const found = forAction(request.action).flatMap((statement) => {
    const truths = quickTruths(statement, request, boundary)
    if (truths === null) return []
    const reasons = statementTruth(truths) === 'unknown' ? reasonsFor(statement, request, truths) : []
    return [evaluated(policy, statement, target, truths, reasons)]
  })
  const [first] = statements
  // A policy that says nothing of the call is not one of which nothing is known.
  return found.length === 0 && first !== undefined
    ? [evaluated(policy, first, target, NOT_AT_ALL, [])]
    : found
}

/** The elements of a statement whose action matches; `null` as soon as one of them fails. */
function quickTruths(
  statement: CompiledStatement,
  request: Request,
  boundary: PolicySet['boundary'],
): ElementTruths | null {
  const resource = statement.resource.test(request)
  if (resource === 'no') return null
  const conditions: Truth[] = []
  for (const { test } of statement.conditions) {
    const truth = test(request)
    if (truth === 'no') return null
    conditions.push(truth)
  }
  return { principal: statement.principal(request.principal, boundary), action: 'yes', resource, conditions }
}

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
