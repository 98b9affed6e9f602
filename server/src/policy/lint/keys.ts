import type { Facts } from '../facts.ts'
import { didYouMean, nearest } from '../parse/nearest.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { Policy } from '../policies.ts'
import inUse from './keys-in-use.json' with { type: 'json' }
import { warning } from './warn.ts'

/** Keys that AWS's own policies use and that its reference does not list. */
const KEYS_IN_USE: readonly string[] = inUse.keys

/** A policy with more is not slips of the pen, and each search compares with hundreds of keys. */
const MOST_SUGGESTIONS = 20

/** Condition keys that AWS does not know: positive operators on them never hold, negated ones always do. */
export function lintKeys(policy: Policy, facts: Facts): readonly PolicyProblem[] {
  const found: PolicyProblem[] = []
  for (const { key, place } of policy.statements.flatMap(({ conditions }) => conditions)) {
    const candidates = candidatesFor(key.toLowerCase(), facts)
    if (candidates === null || isKnownKey(key.toLowerCase(), facts)) continue
    const message = `\`${key}\` is no condition key of AWS (list of ${facts.asOf}).`
    const meant = found.length < MOST_SUGGESTIONS ? candidates : []
    const otherwise = 'A condition on a key that no request has hardly means what was meant.'
    found.push(warning(place, 'unknown_key', message, didYouMean(key, meant, otherwise)))
  }
  return found
}

/** Whether AWS has the key, or the list does not cover its prefix. `key` in lower case. */
export function isKnownKey(key: string, facts: Facts): boolean {
  const candidates = candidatesFor(key, facts)
  return candidates === null || candidates.some((known) => same(key, known))
}

export const nearestKey = (key: string, facts: Facts): string | null =>
  nearest(key, candidatesFor(key, facts) ?? [])

/** Keys that may be meant, or `null` when the list does not cover the prefix (identity providers). */
function candidatesFor(key: string, facts: Facts): readonly string[] | null {
  const prefix = key.slice(0, key.indexOf(':'))
  if (prefix === 'aws') return [...facts.globalKeys, ...KEYS_IN_USE]
  const service = facts.service(prefix)
  if (service !== undefined) return [...service.keys, ...KEYS_IN_USE]
  return /[./]/.test(prefix) || facts.otherKeyPrefixes.includes(prefix)
    ? null
    : [...facts.globalKeys, ...facts.services.keys()]
}

/** Families of keys (`aws:PrincipalTag/tag-key`, `kms:EncryptionContext:`) match by their beginning. */
function same(key: string, known: string): boolean {
  const family = known.toLowerCase().replace(/([/:])(tag-key|\$\{.*\}|<[^>]*>)$/, '$1')
  return family === key || (/[/:]$/.test(family) && key.startsWith(family) && key.length > family.length)
}
