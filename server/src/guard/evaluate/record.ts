import type { Operator } from '../parse/ast.ts'
import type { Incomparable } from './compare.ts'
import type { Doubt, Missing, Result } from './result.ts'

/** Why a rule failed, as a tree of the clauses that failed. */
export type Failure =
  | {
      readonly kind: 'rule'
      readonly name: string
      readonly message: string | null
      readonly checks: readonly Failure[]
    }
  | { readonly kind: 'any_of'; readonly checks: readonly Failure[] }
  | UnaryFailure
  | BinaryFailure
  | {
      readonly kind: 'block'
      readonly at: number
      /** Null: the query of the block found nothing. */
      readonly missing: Missing | null
      readonly query: string
    }
  | {
      readonly kind: 'dependent'
      readonly at: number
      readonly rule: string
      readonly negation: boolean
      readonly message: string | null
    }

/** `at`: offset of the clause in the rule text. */
export interface UnaryFailure {
  readonly kind: 'unary'
  readonly at: number
  readonly context: string
  readonly operator: Operator
  readonly not: boolean
  readonly message: string | null
  /** Null: the filter found nothing, and the clause wanted something. */
  readonly from: Result | null
}

export interface BinaryFailure {
  readonly kind: 'binary'
  readonly at: number
  readonly context: string
  readonly operator: Operator
  readonly not: boolean
  readonly message: string | null
  readonly from: Result
  /** Null when the left side is missing. */
  readonly to: readonly Result[] | null
  readonly listed: boolean
  readonly reason: Incomparable | null
}

/** Collects the failures of the frame that is open. */
export interface Recorder {
  failures: Failure[]
  /** What fails for some value of what is unknown. */
  readonly possible: Failure[]
  /** The unknown values that clauses met. */
  readonly doubts: Doubt[]
}
