import type { ConditionOperator, OperatorName } from '../policies.ts'

export type OperandType = 'string' | 'pattern' | 'number' | 'date' | 'bool' | 'binary' | 'ip' | 'arn' | 'null'

export interface OperatorFacts {
  readonly type: OperandType
  /** True when no value may match: `StringNotEquals`. */
  readonly negated: boolean
}

/**
 * The operators as AWS lists them. `ArnEquals` and `ArnLike` behave identically.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
 */
export const OPERATORS: Readonly<Record<OperatorName, OperatorFacts>> = {
  StringEquals: { type: 'string', negated: false },
  StringNotEquals: { type: 'string', negated: true },
  StringEqualsIgnoreCase: { type: 'string', negated: false },
  StringNotEqualsIgnoreCase: { type: 'string', negated: true },
  StringLike: { type: 'pattern', negated: false },
  StringNotLike: { type: 'pattern', negated: true },
  NumericEquals: { type: 'number', negated: false },
  NumericNotEquals: { type: 'number', negated: true },
  NumericLessThan: { type: 'number', negated: false },
  NumericLessThanEquals: { type: 'number', negated: false },
  NumericGreaterThan: { type: 'number', negated: false },
  NumericGreaterThanEquals: { type: 'number', negated: false },
  DateEquals: { type: 'date', negated: false },
  DateNotEquals: { type: 'date', negated: true },
  DateLessThan: { type: 'date', negated: false },
  DateLessThanEquals: { type: 'date', negated: false },
  DateGreaterThan: { type: 'date', negated: false },
  DateGreaterThanEquals: { type: 'date', negated: false },
  Bool: { type: 'bool', negated: false },
  BinaryEquals: { type: 'binary', negated: false },
  IpAddress: { type: 'ip', negated: false },
  NotIpAddress: { type: 'ip', negated: true },
  ArnEquals: { type: 'arn', negated: false },
  ArnNotEquals: { type: 'arn', negated: true },
  ArnLike: { type: 'arn', negated: false },
  ArnNotLike: { type: 'arn', negated: true },
  Null: { type: 'null', negated: false },
}

const BY_LOWER_NAME: ReadonlyMap<string, OperatorName> = new Map(
  (Object.keys(OPERATORS) as OperatorName[]).map((name) => [name.toLowerCase(), name]),
)
export const OPERATOR_NAMES: readonly string[] = Object.keys(OPERATORS)

/**
 * `ForAnyValue:StringLikeIfExists` in any case, as real policies write it; `null` when there is no such operator.
 * `NullIfExists` does not exist.
 */
export function parseOperator(text: string): ConditionOperator | null {
  const match = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/i.exec(text)
  const name = BY_LOWER_NAME.get((match?.[2] ?? '').toLowerCase())
  if (match === null || name === undefined) return null
  const ifExists = match[3] !== undefined
  if (name === 'Null' && ifExists) return null
  return { name, set: setOperator(match[1]), ifExists }
}

function setOperator(text: string | undefined): ConditionOperator['set'] {
  if (text === undefined) return null
  return text.toLowerCase() === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue'
}

/** Canonical spelling. */
export const operatorText = ({ set, name, ifExists }: ConditionOperator): string =>
  `${set === null ? '' : `${set}:`}${name}${ifExists ? 'IfExists' : ''}`

/** Policy variables stand only for text and ARNs (and Bool). Source: "Policy elements: Variables and tags". */
export const takesVariables = (name: OperatorName): boolean =>
  ['string', 'pattern', 'arn', 'bool'].includes(OPERATORS[name].type)
