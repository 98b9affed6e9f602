import { type IpRange, parseIp } from '../../policy/condition/ip.ts'
import { parseBool, parseDate, parseNumber } from '../../policy/condition/operands.ts'
import { OPERATORS } from '../../policy/condition/operators.ts'
import type { OperatorName } from '../../policy/policies.ts'
import { type Dialect, literal } from './dialect.ts'
import { arnCodes, matchesAny, plainCodes, wildCodes } from './patterns.ts'
import { and, choose, FALSE, or, TRUE, UNKNOWN } from './truth.ts'

/** One value of the request (`x`) against all values of the policy, before negation. */
export interface Comparison {
  /** One of them matches. May be unknown where SQL cannot read the value as the engine does. */
  readonly match: string
  /** They can be compared at all; else both an operator and its negation fail. */
  readonly comparable: string
}

/** `null`: SQL has no equal of it; the text says why. */
export type Compared = Comparison | { readonly refused: string }

const X = 'x'

export function compare(dialect: Dialect, name: OperatorName, values: readonly string[]): Compared {
  if (values.length === 0) return { match: FALSE, comparable: TRUE }
  switch (OPERATORS[name].type) {
    case 'string':
      return name.endsWith('IgnoreCase') ? ignoringCase(values) : texts(dialect, values.map(plainCodes))
    case 'pattern':
      return texts(dialect, values.map(wildCodes))
    case 'arn':
      return arns(dialect, values)
    case 'bool':
      return bools(dialect, values)
    case 'number':
      return numbers(dialect, name, values)
    case 'date':
      return dates(dialect, name, values)
    case 'ip':
      return addresses(dialect, values)
    default:
      return { refused: `\`${name}\` has no equal in SQL` }
  }
}

const texts = (dialect: Dialect, patterns: readonly (readonly number[])[]): Comparison => ({
  match: matchesAny(dialect, X, patterns),
  comparable: TRUE,
})

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ\u212a'
const LOWER = 'abcdefghijklmnopqrstuvwxyzk'

/** Lower case by ASCII, and the Kelvin sign, which alone of the others becomes ASCII: engines differ in the rest. */
function ignoringCase(values: readonly string[]): Compared {
  const lower = values.map((value) => value.toLowerCase())
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (lower.some((value) => !/^[\u0000-\u007f]*$/.test(value)))
    return { refused: 'letters outside of ASCII have no one lower case in SQL' }
  return {
    match: `translate(${X}, ${literal(UPPER)}, ${literal(LOWER)}) in (${lower.map(literal).join(', ')})`,
    comparable: TRUE,
  }
}

function arns(dialect: Dialect, values: readonly string[]): Comparison {
  const patterns = values.map(arnCodes)
  const known = patterns.filter((pattern) => pattern !== null)
  const isArn = `${X} like '%:%:%:%:%:%'`
  return {
    match: and([isArn, matchesAny(dialect, X, known)]),
    comparable: known.length < patterns.length ? FALSE : isArn,
  }
}

/** Begins or ends with something else than printable ASCII: the engine trims white space, SQL cannot in the same way. */
const ODD = '[^!-~].*|.*[^!-~]'

function bools(dialect: Dialect, values: readonly string[]): Comparison {
  const wanted = values.map(parseBool)
  const [yes, no] = [dialect.matches(X, '[tT][rR][uU][eE]'), dialect.matches(X, '[fF][aA][lL][sS][eE]')]
  const odd: readonly [string, string] = [dialect.matches(X, ODD), UNKNOWN]
  return {
    match: choose([odd], or([wanted.includes(true) ? yes : FALSE, wanted.includes(false) ? no : FALSE])),
    comparable: wanted.includes(null) ? FALSE : choose([odd], or([yes, no])),
  }
}

const SIGNS: Readonly<Partial<Record<OperatorName, string>>> = {
  NumericLessThan: '<',
  NumericLessThanEquals: '<=',
  NumericGreaterThan: '>',
  NumericGreaterThanEquals: '>=',
  DateLessThan: '<',
  DateLessThanEquals: '<=',
  DateGreaterThan: '>',
  DateGreaterThanEquals: '>=',
}

/** Digits that engine and SQL read as the same number; what is longer or has an exponent is unknown. */
const PLAIN_NUMBER = '[+-]?(?:\\d{1,15}(?:\\.\\d{0,15})?|\\.\\d{1,15})'
const OTHER_NUMBER = `[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|${ODD}`

function numbers(dialect: Dialect, name: OperatorName, values: readonly string[]): Comparison {
  const wanted = values.map(parseNumber)
  const sign = SIGNS[name] ?? '='
  const actual = dialect.tryNumber(X)
  const known = wanted.flatMap((value) => (value === null ? [] : [`${actual} ${sign} ${double(value)}`]))
  const plain = dialect.matches(X, PLAIN_NUMBER)
  const other: readonly [string, string] = [dialect.matches(X, OTHER_NUMBER), UNKNOWN]
  return {
    match: choose([[plain, or(known)], other], FALSE),
    comparable: wanted.includes(null) ? FALSE : choose([[plain, TRUE], other], FALSE),
  }
}

const double = (value: number) => `cast(${literal(String(value))} as double)`

/** Times as CloudTrail and AWS write them, days, and epochs; what looks like another date is unknown. */
function dates(dialect: Dialect, name: OperatorName, values: readonly string[]): Comparison {
  const wanted = values.map(parseDate)
  const sign = SIGNS[name] ?? '='
  const held = (actual: string) =>
    or(wanted.flatMap((value) => (value === null ? [] : [`${actual} ${sign} ${value}`])))
  const number = `cast(${dialect.tryNumber(X)} as bigint)`
  const seconds = dialect.matches(X, '\\d{5,12}')
  const millis = dialect.matches(X, '\\d{13,15}')
  const time = dialect.matches(X, '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ')
  const day = dialect.matches(X, '\\d{4}-\\d\\d-\\d\\d')
  // Begins like a date or is a number: the engine may read it in a way that is not written here.
  const other = dialect.matches(X, `\\d{5,}(?:\\.\\d+)?|\\d{4}(?:-\\d\\d(?:-\\d\\d(?:[Tt ].*)?)?)?|${ODD}`)
  return {
    match: choose(
      [
        [seconds, held(`(${number} * 1000)`)],
        [millis, held(number)],
        [time, held(dialect.tryIsoMs(X))],
        [day, held(dialect.tryIsoMs(`concat(${X}, 'T00:00:00Z')`))],
        [other, UNKNOWN],
      ],
      FALSE,
    ),
    comparable: wanted.includes(null)
      ? FALSE
      : choose(
          [
            [or([seconds, millis]), TRUE],
            [time, `(${dialect.tryIsoMs(X)} is not null or cast(null as boolean))`],
            [day, `(${dialect.tryIsoMs(`concat(${X}, 'T00:00:00Z')`)} is not null or cast(null as boolean))`],
            [other, UNKNOWN],
          ],
          FALSE,
        ),
  }
}

/** Octets as a number, groups as 32 hexadecimal digits; ranges and embedded IPv4 in the request are unknown. */
function addresses(dialect: Dialect, values: readonly string[]): Comparison {
  const wanted = values.map(parseIp)
  const known = wanted.filter((range) => range !== null)
  const octet = '(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)'
  const isV4 = dialect.matches(X, `${octet}(?:\\.${octet}){3}`)
  const group = '[0-9a-fA-F]{1,4}'
  const groups = `(?:${group}(?::${group})*)?`
  const isFull = dialect.matches(X, `${group}(?::${group}){7}`)
  const colons = `length(${X}) - length(replace(${X}, ':', ''))`
  const isShort = and([
    dialect.matches(X, `${groups}::${groups}`),
    `(${colons} <= 7 or (${colons} = 8 and (${X} like '::%' or ${X} like '%::')))`,
  ])
  const other = dialect.matches(X, `.*:.*[.].*|.*/.*|${ODD}`)
  return {
    match: choose(
      [
        [isV4, or(known.filter(isOld).map((range) => inV4(dialect, range)))],
        [isFull, or(known.filter(isNew).map((range) => inV6(fullHex(dialect), range)))],
        [isShort, or(known.filter(isNew).map((range) => inV6(shortHex(dialect), range)))],
        [other, UNKNOWN],
      ],
      FALSE,
    ),
    comparable: wanted.includes(null)
      ? FALSE
      : choose(
          [
            [or([isV4, isFull, isShort]), TRUE],
            [other, UNKNOWN],
          ],
          FALSE,
        ),
  }
}

const isOld = ({ words }: IpRange) => words.length === 2
const isNew = (range: IpRange) => !isOld(range)

function inV4(dialect: Dialect, { words: [high = 0, low = 0], bits }: IpRange): string {
  const size = 2 ** (32 - bits)
  const first = Math.floor((high * 65_536 + low) / size) * size
  const octet = (n: number) => `cast(${dialect.splitPart(X, '.', n)} as bigint)`
  const value = `(((${octet(1)} * 256 + ${octet(2)}) * 256 + ${octet(3)}) * 256 + ${octet(4)})`
  return `${value} between ${first} and ${first + size - 1}`
}

const fullHex = (dialect: Dialect) => dialect.joinedGroups(dialect.split(X, ':'))

/** `a::b`: zeros between what stands left and right of the two colons. */
function shortHex(dialect: Dialect): string {
  const side = (n: number) => {
    const part = dialect.splitPart(X, '::', n)
    return `(case when ${part} = '' then '' else ${dialect.joinedGroups(dialect.split(part, ':'))} end)`
  }
  return `concat(${side(1)}, substr('${'0'.repeat(32)}', 1, 32 - length(${side(1)}) - length(${side(2)})), ${side(2)})`
}

/** Whole digits by their text, the bits of the last one by the digits that have them. */
function inV6(hex: string, { words, bits }: IpRange): string {
  const digits = words.map((word) => word.toString(16).padStart(4, '0')).join('')
  const whole = Math.floor(bits / 4)
  const rest = bits % 4
  if (rest === 0)
    return whole === 0 ? TRUE : `substr(${hex}, 1, ${whole}) = ${literal(digits.slice(0, whole))}`
  const digit = Number.parseInt(digits[whole] ?? '0', 16) >> (4 - rest)
  const last = Array.from({ length: 16 }, (_, n) => n).filter((n) => n >> (4 - rest) === digit)
  return `substr(${hex}, 1, ${whole + 1}) in (${last.map((n) => literal(digits.slice(0, whole) + n.toString(16))).join(', ')})`
}
