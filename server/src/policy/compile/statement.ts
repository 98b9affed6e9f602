import type { Grants } from '../decision.ts'
import { principalGrants } from '../evaluate/statement-match.ts'
import type { PatternElement, Policy, PolicySet, Statement } from '../policies.ts'
import { anyGrant } from '../principal/match.ts'
import type { Principal } from '../request.ts'
import { truthOf } from '../truth.ts'
import { type Atom, dimensionOf } from './atom.ts'
import { type CompiledCondition, compileCondition } from './condition.ts'
import { compileGlob, patternCodes } from './glob.ts'
import { type CompiledResource, compileResource } from './resource.ts'

export interface CompiledStatement {
  readonly policy: Policy
  readonly statement: Statement
  /** Lower-case action → whether `Action` or `NotAction` takes it. */
  readonly matchesAction: (lowerAction: string) => boolean
  readonly principal: (principal: Principal, boundary: PolicySet['boundary']) => Grants
  readonly resource: CompiledResource
  readonly conditions: readonly CompiledCondition[]
  /**
   * The same as a list: the statement matches where all atoms hold. The principal atom is left out where the policy has
   * no principal; it does not know the special case of `NotPrincipal` with a permissions boundary.
   */
  readonly atoms: readonly Atom[]
}

export function compileStatement(policy: Policy, statement: Statement): CompiledStatement {
  const matchesAction = compileAction(statement.action)
  const resource = compileResource(statement.resource, policy.version)
  const conditions = statement.conditions.map((condition) => compileCondition(condition, policy.version))
  const everyone = statement.principal === null
  const SPOKEN_TO: Grants = { direct: 'yes', role: 'no', account: 'no' }
  return {
    policy,
    statement,
    matchesAction,
    principal: everyone
      ? () => SPOKEN_TO
      : (principal, boundary) => principalGrants(statement, principal, boundary),
    resource,
    conditions,
    atoms: atomsOf(policy, statement, matchesAction, resource, conditions),
  }
}

function atomsOf(
  { version }: Policy,
  statement: Statement,
  matchesAction: CompiledStatement['matchesAction'],
  resource: CompiledResource,
  conditions: readonly CompiledCondition[],
): readonly Atom[] {
  const atom = (
    element: Atom['element'],
    inputs: readonly string[],
    of: readonly unknown[],
    test: Atom['test'],
  ): Atom => ({
    element,
    dimension: dimensionOf(inputs),
    inputs,
    text: JSON.stringify([element, version, ...of]),
    test,
  })
  const { action, principal } = statement
  return [
    atom('action', ['action'], [action.negated, action.patterns], (request) =>
      truthOf(matchesAction(request.action.toLowerCase())),
    ),
    ...(principal === null
      ? []
      : [
          atom(
            'principal',
            ['principal'],
            [principal.negated, principal.entries.map(({ type, value }) => [type, value])],
            (request) => anyGrant(principalGrants(statement, request.principal, null)),
          ),
        ]),
    ...(takesAll(statement.resource)
      ? []
      : [
          atom(
            'resource',
            ['resource', ...resource.keys],
            [statement.resource?.negated, statement.resource?.patterns],
            resource.test,
          ),
        ]),
    ...conditions.map(({ condition: { operator, key, values }, keys, test }) =>
      atom('condition', keys, [operator, key.toLowerCase(), values], test),
    ),
  ]
}

const takesAll = (element: PatternElement | null) =>
  element === null || (!element.negated && element.patterns.includes('*'))

function compileAction({ patterns, negated }: PatternElement): (lowerAction: string) => boolean {
  const lower = patterns.map((pattern) => pattern.toLowerCase())
  if (lower.includes('*')) return () => !negated
  const exact = new Set(lower.filter((pattern) => !/[*?]/.test(pattern)))
  const globs = lower
    .filter((pattern) => /[*?]/.test(pattern))
    .map((pattern) => compileGlob(patternCodes(pattern)))
  return (action) => (exact.has(action) || globs.some((match) => match(action))) !== negated
}
