import type { Facts } from '../facts.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { Policy, PolicyKind } from '../policies.ts'
import { MOST_CHARACTERS } from '../rules/rules.ts'
import { lintActions } from './actions.ts'
import { lintArns } from './arns.ts'
import { lintForAllValues } from './for-all-values.ts'
import { lintKeyFit } from './key-fit.ts'
import { lintKeys } from './keys.ts'
import { lintMfa } from './mfa.ts'
import { lintPrivateAddresses } from './private-address.ts'
import { lintRedundant } from './redundant.ts'
import { lintResourceFit } from './resource-fit.ts'
import type { Size } from './size.ts'
import { lintStatements } from './statements.ts'
import { lintVariables } from './variables.ts'
import { lintWide } from './wide.ts'

/**
 * What AWS accepts and the author hardly meant. Everything here is a warning, except a document that is too large.
 * `facts` (AWS's actions and keys) may be left out, where they are not loaded. `kindIsTold` is false where the kind was guessed from
 * the document, so that its quota is a guess, too.
 */
export function lintPolicy(
  policy: Policy,
  size: Size | null,
  facts?: Facts,
  kindIsTold = true,
): readonly PolicyProblem[] {
  return [
    ...(size === null ? [] : lintSize(policy.kind, size, kindIsTold)),
    ...lintStatements(policy),
    ...lintForAllValues(policy),
    ...lintWide(policy),
    ...lintMfa(policy),
    ...lintPrivateAddresses(policy),
    ...lintArns(policy),
    ...lintRedundant(policy),
    ...(facts === undefined ? [] : withFacts(policy, facts)),
  ]
}

const withFacts = (policy: Policy, facts: Facts): readonly PolicyProblem[] => [
  ...lintActions(policy, facts),
  ...lintKeys(policy, facts),
  ...lintVariables(policy, facts),
  ...lintKeyFit(policy, facts),
  ...lintResourceFit(policy, facts),
]

const PLACES: Readonly<Partial<Record<PolicyKind, string>>> = {
  identity: ' in a managed policy of yours, 10240 inline in a role',
  trust: ', 4096 with a raised quota',
  resource: ' in most services, 32768 for a KMS key',
}

/** An error only where AWS surely refuses: the kind is told, and no place and no raised quota takes as much. */
function lintSize(
  kind: PolicyKind,
  { characters, limit }: Size,
  kindIsTold: boolean,
): readonly PolicyProblem[] {
  if (characters <= limit) return []
  const refused = kindIsTold && characters > MOST_CHARACTERS[kind]
  return [
    {
      severity: refused ? 'error' : 'warning',
      code: 'too_long',
      message: `The document has ${characters} characters; AWS takes ${limit} for this kind (${kind})${PLACES[kind] ?? ''}.`,
      hint: 'Remove white space where it counts, use wildcards, or split the policy.',
      path: '$',
      line: 1,
      column: 1,
    },
  ]
}
