import { hasVariable } from '../parse/variables.ts'
import type { ConditionElement, PatternElement, Policy, PrincipalElement, Statement } from '../policies.ts'
import { conditionId } from '../sets/entry.ts'

/** The statement that somebody wrote. */
export interface Source {
  readonly policy: string
  readonly index: number
  readonly sid: string | null
}

/** A statement on its way: what it says, and from which statements it comes. */
export interface Piece {
  readonly effect: Statement['effect']
  readonly version: Policy['version']
  readonly principal: PrincipalElement | null
  readonly action: PatternElement
  readonly resource: PatternElement | null
  readonly conditions: readonly ConditionElement[]
  readonly sources: readonly Source[]
  /** Wildcards that stand for names: equal over the actions that AWS has today, and marked for that. */
  readonly collapsed: readonly string[]
}

export function piecesOf(policy: Policy): readonly Piece[] {
  return policy.statements.map(({ effect, principal, action, resource, conditions, index, sid }) => ({
    effect,
    version: versionFor(policy.version, resource, conditions),
    principal,
    action,
    resource,
    conditions,
    sources: [{ policy: policy.name, index, sid }],
    collapsed: [],
  }))
}

/** The version matters only where there are policy variables. */
export function versionFor(
  version: Policy['version'],
  resource: PatternElement | null,
  conditions: readonly ConditionElement[],
): Policy['version'] {
  const texts = [...(resource?.patterns ?? []), ...conditions.flatMap(({ values }) => values)]
  return texts.some(hasVariable) ? version : '2012-10-17'
}

const patternsKey = (element: PatternElement | null, fold: (text: string) => string): string =>
  element === null ? '' : JSON.stringify([element.negated, [...new Set(element.patterns.map(fold))].sort()])

/** Equal keys mean equal elements, whatever their order and spelling. */
export const actionKey = ({ action }: Piece): string => patternsKey(action, (text) => text.toLowerCase())
export const resourceKey = ({ resource, version }: Piece): string =>
  patternsKey(resource, (text) => text) + (resource?.patterns.some(hasVariable) === true ? version : '')
export const principalKey = ({ principal }: Piece): string =>
  principal === null
    ? ''
    : JSON.stringify([
        principal.negated,
        principal.entries.map(({ type, value }) => `${type} ${value}`).sort(),
      ])
export const conditionsKey = ({ conditions, version }: Piece): string =>
  JSON.stringify(conditions.map((one) => conditionId(one, version)).sort())
