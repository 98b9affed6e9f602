import type { Place, Policy, PolicyKind } from '../policies.ts'
import { MAX_DEPTH } from './json-node.ts'

/** Something that is wrong in a policy document, with its place and what to do. */
export interface PolicyProblem extends Place {
  /** `error`: AWS refuses the document. `warning`: AWS takes it, but it hardly means what was meant. */
  readonly severity: 'error' | 'warning'
  /** Stable machine-readable reason, e.g. `unknown_element`. */
  readonly code: string
  /** What is wrong, with the author's words in backticks. */
  readonly message: string
  /** What to do, or `null`. */
  readonly hint: string | null
}

export interface ParsedPolicy {
  /** `null` when an error makes the document meaningless; warnings leave it whole. */
  readonly policy: Policy | null
  readonly problems: readonly PolicyProblem[]
}

export interface ParseOptions {
  /** Name for explanations: a file, an ARN, a policy id. */
  readonly name?: string
  /**
   * Codes of errors that do not make the document unreadable here: `eval` answers for a policy whose `Sid` AWS would refuse,
   * because the meaning is plain. They stay in `problems`, as warnings.
   */
  readonly tolerate?: readonly string[]
}

/** Faults of form that leave the meaning plain; an action with odd characters in its name matches nothing. */
export const MEANING_IS_PLAIN: readonly string[] = [
  'bad_sid',
  'duplicate_sid',
  'bad_action_name',
  'service_wildcard',
]

/**
 * `parsePolicy(source, kind)` of `parse/policy.ts`: `source` is the text, or the JSON value when it was parsed
 * already (places then have line 0). Never throws.
 */
export type ParsePolicy = (source: string | object, kind: PolicyKind, options?: ParseOptions) => ParsedPolicy

/** Of a value that was parsed elsewhere. */
export const TOO_DEEP: PolicyProblem = {
  severity: 'error',
  code: 'too_deep',
  message: `The document is nested deeper than ${MAX_DEPTH}.`,
  hint: null,
  path: '$',
  line: 0,
  column: 0,
}
