import type { Decision } from '../../decision.ts'
import type { Policy, PolicySet, Statement } from '../../policies.ts'
import type { Request } from '../../request.ts'
import { combine } from '../combine.ts'
import { type Evaluated, type EvaluatePolicy, layersOf } from '../layers.ts'
import {
  type ElementTruths,
  grantsOf,
  principalGrants,
  reasonsOf,
  resultOf,
  statementTruth,
} from '../statement-match.ts'
import { evaluateAction } from './action.ts'
import { evaluateCondition, openKeys } from './condition.ts'
import { evaluateResource, openResourceKeys } from './resource.ts'

/**
 * The specification: reads the policies statement by statement, as AWS's documentation tells it, and takes its time.
 * `compile/` must give the same answers (property `compiled_equals_naive`).
 */
export const evaluateNaively = (request: Request, set: PolicySet): Decision =>
  combine(layersOf(set, request, evaluatePolicy), set, request)

const evaluatePolicy: EvaluatePolicy = (policy, target, request, boundary) =>
  policy.statements.map((statement) => evaluateStatement(policy, statement, target, request, boundary))

function evaluateStatement(
  policy: Policy,
  statement: Statement,
  target: string | null,
  request: Request,
  boundary: PolicySet['boundary'],
): Evaluated {
  const truths: ElementTruths = {
    principal: principalGrants(statement, request.principal, boundary),
    action: evaluateAction(statement.action, request.action),
    resource: evaluateResource(statement.resource, request, policy.version),
    conditions: statement.conditions.map((condition) =>
      evaluateCondition(condition, request, policy.version),
    ),
  }
  const reasons = reasonsOf(statement, request, truths, {
    condition: (condition) => openKeys(condition, request, policy.version),
    resource: () => openResourceKeys(statement.resource, request, policy.version),
  })
  return {
    result: resultOf(policy, statement, target, statementTruth(truths), reasons),
    grants: grantsOf(truths),
  }
}
