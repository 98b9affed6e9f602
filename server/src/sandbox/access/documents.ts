/**
 * Policy documents as the engine wants them: parsed once and kept, because it compiles by identity of the parsed policy.
 * A document that our parser refuses (they are checked when they are written) says nothing.
 */
import { parsePolicy } from '../../policy/parse/policy.ts'
import { MEANING_IS_PLAIN, type PolicyProblem } from '../../policy/parse/problem.ts'
import type { Policy, PolicyKind } from '../../policy/policies.ts'

/** Texts of one kind that are kept; an estate with more different policies parses some again. */
const KEPT = 20_000

type ByName = Map<string, Policy | null>
const parsed = new Map<PolicyKind, Map<string, ByName>>()

/** `name` is what a denial shows: an ARN, or empty where AWS has none (inline policies). */
export function parsedPolicy(kind: PolicyKind, text: string, name = ''): Policy | null {
  const texts = parsed.get(kind) ?? new Map<string, ByName>()
  parsed.set(kind, texts)
  const names = texts.get(text) ?? new Map<string, Policy | null>()
  const known = names.get(name)
  if (known !== undefined) return known
  if (texts.size >= KEPT || names.size >= KEPT) texts.clear()
  const { policy } = parsePolicy(text, kind, { name, tolerate: MEANING_IS_PLAIN })
  names.set(name, policy)
  texts.set(text, names)
  return policy
}

/** What AWS would refuse the document for; empty: nothing. */
export const documentErrors = (kind: PolicyKind, text: string): readonly PolicyProblem[] =>
  parsePolicy(text, kind).problems.filter(({ severity }) => severity === 'error')
