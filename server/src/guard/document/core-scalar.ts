import { asFloat, type GuardValue, intOf } from './value.ts'

const WORDS: ReadonlyMap<string, GuardValue> = new Map<string, GuardValue>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, asFloat(Number.POSITIVE_INFINITY)] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, asFloat(Number.NEGATIVE_INFINITY)] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, asFloat(Number.NaN)] as const),
])

const INT = /^([-+]?)(0x[\da-fA-F]+|0o[0-7]+|0b[01]+|\d+)$/
const FLOAT = /^[-+]?(\d+(?:\.\d*)?|\.\d+)([eE][-+]?\d+)?$/
/** `017` is a text in YAML 1.2. */
const PADDED = /^[-+]?0\d+$/

const LEAST = -(2n ** 63n)
const BEYOND = 2n ** 64n

/**
 * What a plain scalar means in YAML 1.2's core schema, which cfn-guard reads its files of tests with (serde_yaml; tried
 * with cfn-guard 3.1.1): there `True` is a bool and an empty value null, though both are texts in its documents.
 * Undefined: a number that does not fit 64 bits.
 */
export function coreScalar(text: string): GuardValue | undefined {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  if (PADDED.test(text)) return text
  const int = INT.exec(text)
  if (int !== null) return intOfParts(int[1] ?? '', int[2] ?? '')
  const float = FLOAT.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(float) ? asFloat(float) : text
}

/** What is too large for a signed number of 64 bits, but not for an unsigned one, turns negative there. */
function intOfParts(sign: string, digits: string): GuardValue | undefined {
  const size = BigInt(digits)
  const value = sign === '-' ? -size : size
  if (value < LEAST || value >= BEYOND) return undefined
  return intOf(BigInt.asIntN(64, value).toString()) ?? undefined
}
