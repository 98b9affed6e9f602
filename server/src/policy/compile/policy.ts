import type { Policy } from '../policies.ts'
import { type CompiledStatement, compileStatement } from './statement.ts'

export interface CompiledPolicy {
  readonly policy: Policy
  readonly statements: readonly CompiledStatement[]
  /** The statements whose `Action` takes this action (any case), in their order; remembered by action. */
  readonly forAction: (action: string) => readonly CompiledStatement[]
}

/** An organisation calls a few thousand different actions; beyond that somebody invents them. */
const MAX_REMEMBERED = 8_192

export function compilePolicy(policy: Policy): CompiledPolicy {
  const statements = policy.statements.map((statement) => compileStatement(policy, statement))
  return { policy, statements, forAction: indexByAction(statements) }
}

function indexByAction(statements: readonly CompiledStatement[]): CompiledPolicy['forAction'] {
  const remembered = new Map<string, readonly CompiledStatement[]>()
  return (action) => {
    const known = remembered.get(action)
    if (known !== undefined) return known
    const lower = action.toLowerCase()
    const found = statements.filter(({ matchesAction }) => matchesAction(lower))
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(action, found)
    return found
  }
}

const COMPILED = new WeakMap<Policy, CompiledPolicy>()

/** Compiles each policy once, however many levels and sets it stands in. */
export function compiledPolicy(policy: Policy): CompiledPolicy {
  const known = COMPILED.get(policy)
  if (known !== undefined) return known
  const compiled = compilePolicy(policy)
  COMPILED.set(policy, compiled)
  return compiled
}
