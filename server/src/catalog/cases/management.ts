import { canonicalJson } from '../../kernel/json.ts'
import { type EffectivePolicy, effectivePolicy } from '../../policy/management/effective.ts'
import { parseManagementPolicy } from '../../policy/management/parse.ts'
import type { ManagementCase } from '../record.ts'

/** The form at the root and the policy of the case, if it has one, at a unit below. */
export function effectiveBelow(document: unknown, child: ManagementCase['child']): EffectivePolicy | string {
  const levels = [
    { target: 'r-root', source: document },
    ...(child === undefined ? [] : [{ target: 'ou', source: child }]),
  ]
  const parsed = levels.map(({ target, source }) => ({
    target,
    ...parseManagementPolicy(JSON.stringify(source), target),
  }))
  const broken = parsed.find(({ policy }) => policy === null)
  if (broken !== undefined) return `error: ${broken.target}: ${broken.problems[0]?.message ?? 'no policy'}`
  return effectivePolicy(
    parsed.map(({ target, policy }) => ({ target, policies: policy === null ? [] : [policy] })),
  )
}

/** The words of a case that came out. */
export const AS_WANTED = 'as wanted'

/** `as wanted`, or the effective policy that came out instead. */
export function managementVerdict(document: unknown, { child, effective }: ManagementCase): string {
  const found = effectiveBelow(document, child)
  if (typeof found === 'string') return found
  const text = canonicalJson(found.document)
  return text === canonicalJson(effective) ? AS_WANTED : text
}
