import { ipContains, parseIp } from '../../condition/ip.ts'
import { parseBinary, parseBool, parseDate, parseNumber } from '../../condition/operands.ts'
import type { OperatorName } from '../../policies.ts'
import { matchesTokens, type Token, textOf } from './pattern.ts'

/**
 * Whether one value of the request matches one value of the policy under the operator WITHOUT its negation;
 * `null` when one of them is not of the operator's type, so that there is nothing to compare.
 */
export function compares(name: OperatorName, tokens: readonly Token[], actual: string): boolean | null {
  const wanted = textOf(tokens)
  switch (name) {
    case 'StringEquals':
    case 'StringNotEquals':
      return actual === wanted
    case 'StringEqualsIgnoreCase':
    case 'StringNotEqualsIgnoreCase':
      return actual.toLowerCase() === wanted.toLowerCase()
    case 'StringLike':
    case 'StringNotLike':
      return matchesTokens(tokens, actual)
    case 'NumericEquals':
    case 'NumericNotEquals':
      return both(parseNumber, actual, wanted, (a, w) => a === w)
    case 'NumericLessThan':
      return both(parseNumber, actual, wanted, (a, w) => a < w)
    case 'NumericLessThanEquals':
      return both(parseNumber, actual, wanted, (a, w) => a <= w)
    case 'NumericGreaterThan':
      return both(parseNumber, actual, wanted, (a, w) => a > w)
    case 'NumericGreaterThanEquals':
      return both(parseNumber, actual, wanted, (a, w) => a >= w)
    case 'DateEquals':
    case 'DateNotEquals':
      return both(parseDate, actual, wanted, (a, w) => a === w)
    case 'DateLessThan':
      return both(parseDate, actual, wanted, (a, w) => a < w)
    case 'DateLessThanEquals':
      return both(parseDate, actual, wanted, (a, w) => a <= w)
    case 'DateGreaterThan':
      return both(parseDate, actual, wanted, (a, w) => a > w)
    case 'DateGreaterThanEquals':
      return both(parseDate, actual, wanted, (a, w) => a >= w)
    case 'Bool':
      return both(parseBool, actual, wanted, (a, w) => a === w)
    case 'BinaryEquals':
      return both(parseBinary, actual, wanted, (a, w) => a === w)
    case 'IpAddress':
    case 'NotIpAddress':
      return both(parseIp, actual, wanted, (a, w) => ipContains(w, a))
    case 'ArnEquals':
    case 'ArnNotEquals':
    case 'ArnLike':
    case 'ArnNotLike':
      return matchesArn(tokens, actual)
    case 'Null':
      return null
  }
}

function both<T>(
  parse: (text: string) => T | null,
  actual: string,
  wanted: string,
  compare: (actual: T, wanted: T) => boolean,
): boolean | null {
  const [a, w] = [parse(actual), parse(wanted)]
  return a === null || w === null ? null : compare(a, w)
}

/** "Each of the six colon-delimited components of the ARN is checked separately" (IAM User Guide, ARN operators). */
function matchesArn(tokens: readonly Token[], actual: string): boolean | null {
  const wanted = splitArn([...tokens])
  const parts = splitArn([...actual])
  if (wanted === null || parts === null) return null
  return wanted.every((part, i) => matchesTokens(part, (parts[i] ?? []).join('')))
}

/** Six parts; colons after the fifth belong to the last. `null` when there are fewer. */
function splitArn<T>(characters: readonly T[]): readonly (readonly T[])[] | null {
  const parts: T[][] = [[]]
  for (const c of characters) {
    if (c === ':' && parts.length < 6) parts.push([])
    else parts.at(-1)?.push(c)
  }
  return parts.length === 6 ? parts : null
}
