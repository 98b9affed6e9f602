/**
 * Everything that bounds hostile rules and documents, in one place. Numbers are ours (no AWS quota): high above what
 * the 237 Control Tower rules and real templates need, low enough that one evaluation cannot occupy a process.
 */
export interface GuardLimits {
  /** Characters of a rule file. */
  readonly ruleText: number
  /** Characters of a document. */
  readonly documentText: number
  /** Aliases that are followed in a YAML text; aliases of aliases multiply. */
  readonly aliases: number
  /** Nesting of values in documents and of expressions in rules; cfn-guard 3.2 took the same 128. */
  readonly depth: number
  /** Steps of one evaluation of a rule file on a document: values visited, comparisons made. */
  readonly steps: number
  /** Results that one query may hold. */
  readonly results: number
  /** Characters of one text that a function builds (`join`, `regex_replace`). */
  readonly text: number
  /** Calls of rules inside rules; rules may call each other in a circle. */
  readonly calls: number
}

export const GUARD_LIMITS: GuardLimits = {
  ruleText: 2_000_000,
  documentText: 20_000_000,
  aliases: 10_000,
  depth: 128,
  steps: 20_000_000,
  results: 1_000_000,
  text: 1_000_000,
  calls: 100,
}
