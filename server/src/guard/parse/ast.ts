import type { GuardValue } from '../document/value.ts'

/** Every alternative of a line joined by `or`; the lines of a block must all hold (conjunctive normal form). */
export type Cnf<T> = readonly (readonly T[])[]

export type UnaryOperator =
  | 'exists'
  | 'empty'
  | 'is_string'
  | 'is_list'
  | 'is_struct'
  | 'is_bool'
  | 'is_int'
  | 'is_float'
  | 'is_null'
export type BinaryOperator = 'eq' | 'in' | 'lt' | 'le' | 'gt' | 'ge'
export type Operator = UnaryOperator | BinaryOperator

export type QueryPart =
  | { readonly kind: 'this' }
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all_indices'; readonly capture: string | null }
  | { readonly kind: 'all_values'; readonly capture: string | null }
  | { readonly kind: 'filter'; readonly capture: string | null; readonly clauses: Cnf<Clause> }
  | { readonly kind: 'keys'; readonly operator: 'eq' | 'in'; readonly not: boolean; readonly with: Operand }

export interface Query {
  readonly parts: readonly QueryPart[]
  /** False for `some`: one value that passes is enough. */
  readonly all: boolean
}

export interface Call {
  readonly name: string
  readonly operands: readonly Operand[]
}

export type Operand =
  | { readonly kind: 'value'; readonly value: GuardValue }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'call'; readonly call: Call }

export interface Let {
  readonly name: string
  readonly operand: Operand
}

export interface Block<T> {
  readonly lets: readonly Let[]
  readonly clauses: Cnf<T>
}

/** `at`: offset in the rule text, for people who look for the clause. */
export interface AccessClause {
  readonly kind: 'access'
  readonly at: number
  readonly query: Query
  readonly operator: Operator
  /** `!=`, `not in`, `not exists` … */
  readonly not: boolean
  /** `not` before the clause; cfn-guard heeds it with unary operators only. */
  readonly negation: boolean
  readonly with: Operand | null
  readonly message: string | null
}

export interface NamedClause {
  readonly kind: 'named'
  readonly at: number
  readonly rule: string
  readonly negation: boolean
  readonly message: string | null
}

export interface CallClause {
  readonly kind: 'call'
  readonly at: number
  readonly rule: string
  readonly operands: readonly Operand[]
  readonly negation: boolean
  readonly message: string | null
}

export interface BlockClause {
  readonly kind: 'block'
  readonly at: number
  readonly query: Query
  readonly notEmpty: boolean
  readonly block: Block<Clause>
}

export interface WhenClause {
  readonly kind: 'when'
  readonly at: number
  readonly conditions: Cnf<Condition>
  readonly block: Block<Clause>
}

export interface TypeClause {
  readonly kind: 'type'
  readonly at: number
  readonly type: string
  readonly conditions: Cnf<Condition> | null
  readonly block: Block<Clause>
}

export type Condition = AccessClause | NamedClause | CallClause
export type Clause = Condition | BlockClause | WhenClause
export type RuleClause = Clause | TypeClause

export interface Rule {
  readonly name: string
  readonly at: number
  /** Null: an ordinary rule. */
  readonly parameters: readonly string[] | null
  readonly conditions: Cnf<Condition> | null
  readonly block: Block<RuleClause>
}

export interface RuleFile {
  readonly lets: readonly Let[]
  /** In their order; clauses outside of rules are the rule `default`, which comes first. */
  readonly rules: readonly Rule[]
  readonly parameterised: readonly Rule[]
}
