/**
 * Values of the Guard language. Documents are plain JavaScript values, so that `JSON.parse` makes them; what JSON has
 * no form for is a class: a float without fraction (`1.0` is no int in Guard), and what only rules write.
 */
export type GuardValue =
  | null
  | boolean
  | string
  | number // int when it has no fraction, else float
  | bigint // int beyond 2^53
  | Float
  | Pattern
  | Range
  | Char
  | Unknown
  | GuardList
  | GuardMap

export type GuardList = readonly GuardValue[]
export interface GuardMap {
  readonly [key: string]: GuardValue
}

/** What JSON has no form for; one test tells these from maps. */
class Special {}

/** A float whose value has no fraction, or is infinite. */
export class Float extends Special {
  readonly value: number
  constructor(value: number) {
    super()
    this.value = value
  }
}

/** A regular expression of a rule; `test` is compiled once and cannot run away. */
export class Pattern extends Special {
  readonly source: string
  readonly test: (text: string) => boolean
  constructor(source: string, test: (text: string) => boolean) {
    super()
    this.source = source
    this.test = test
  }
}

export class Char extends Special {
  readonly value: string
  constructor(value: string) {
    super()
    this.value = value
  }
}

/** Stands among the options of an `Unknown` for «nothing is there»; never a value of a document. */
export const ABSENT = Symbol('absent')

export interface UnknownFacts {
  /** Why nobody knows, in words for people. */
  readonly reason: string
  /** Something will be there, whatever it is; else it may as well be missing. */
  readonly exists?: boolean
  /** It will be a text with at least one character, such as an ARN or an id. */
  readonly text?: boolean
  /** All that it can be, when that is known: the two sides of `Fn::If`, the allowed values of a parameter. */
  readonly options?: readonly (GuardValue | typeof ABSENT)[]
  /** As it is written, `{"Ref": "Key"}`: rules that look for references find them. */
  readonly written?: GuardMap
}

/**
 * A value that is not known before deployment: an intrinsic function that cannot be resolved, an attribute that
 * Terraform knows after apply. No text holds one; readers of templates put it there. What hangs on it is UNKNOWN.
 */
export class Unknown extends Special {
  readonly reason: string
  readonly exists: boolean
  readonly text: boolean
  readonly options: readonly (GuardValue | typeof ABSENT)[] | null
  readonly written: GuardMap | null
  constructor({ reason, exists = false, text = false, options, written }: UnknownFacts) {
    super()
    this.reason = reason
    this.exists = exists || text || (options !== undefined && !options.includes(ABSENT))
    this.text = text
    this.options = options ?? null
    this.written = written ?? null
  }
}

/** Whether the value is not known, or holds something that is not. */
export function holdsUnknown(value: GuardValue): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(holdsUnknown)
  if (value instanceof Special) return value instanceof Unknown
  for (const key in value) if (holdsUnknown((value as GuardMap)[key] ?? null)) return true
  return false
}

export type RangeKind = 'int' | 'float' | 'char'

export class Range extends Special {
  readonly of: RangeKind
  readonly lower: number | bigint | string
  readonly upper: number | bigint | string
  readonly lowerInclusive: boolean
  readonly upperInclusive: boolean
  constructor(
    of: RangeKind,
    bounds: readonly [lower: number | bigint | string, upper: number | bigint | string],
    inclusive: readonly [lower: boolean, upper: boolean],
  ) {
    super()
    this.of = of
    this.lower = bounds[0]
    this.upper = bounds[1]
    this.lowerInclusive = inclusive[0]
    this.upperInclusive = inclusive[1]
  }

  holds(value: number | bigint | string): boolean {
    const above = this.lowerInclusive ? value >= this.lower : value > this.lower
    return above && (this.upperInclusive ? value <= this.upper : value < this.upper)
  }
}

export type Kind =
  | 'null'
  | 'bool'
  | 'string'
  | 'int'
  | 'float'
  | 'regex'
  | 'char'
  | 'range_int'
  | 'range_float'
  | 'range_char'
  | 'unknown'
  | 'list'
  | 'map'

export function kindOf(value: GuardValue): Kind {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float'
    case 'bigint':
      return 'int'
    default:
      return kindOfObject(value)
  }
}

function kindOfObject(value: null | Float | Pattern | Range | Char | Unknown | GuardList | GuardMap): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Float) return 'float'
  if (value instanceof Pattern) return 'regex'
  if (value instanceof Char) return 'char'
  if (value instanceof Range) return `range_${value.of}`
  if (value instanceof Unknown) return 'unknown'
  return 'map'
}

export const isList = (value: GuardValue): value is GuardList => Array.isArray(value)

export const isMap = (value: GuardValue): value is GuardMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Special)

/** The number of a value of kind `float`. */
export const floatOf = (value: GuardValue): number =>
  value instanceof Float ? value.value : (value as number)

/** The value as the float kind, whatever its fraction. */
export const asFloat = (value: number): number | Float =>
  Number.isInteger(value) || !Number.isFinite(value) ? new Float(value) : value

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** An int from its digits (`-12`, `+5`), or null when it does not fit 64 bits. */
export function intOf(digits: string): number | bigint | null {
  const short = Number(digits)
  if (Number.isSafeInteger(short)) return short === 0 ? 0 : short
  const value = BigInt(digits.startsWith('+') ? digits.slice(1) : digits)
  if (value > 9223372036854775807n || value < -9223372036854775808n) return null
  return value > MAX_SAFE || value < -MAX_SAFE ? value : Number(value)
}

/** cfn-guard's name of a kind in its messages. */
export const TYPE_NAMES: Readonly<Record<Kind, string>> = {
  null: 'null',
  bool: 'bool',
  string: 'String',
  int: 'int',
  float: 'float',
  regex: 'Regex',
  char: 'char',
  range_int: 'range(int, int)',
  range_float: 'range(float, float)',
  range_char: 'range(char, char)',
  unknown: 'unknown',
  list: 'array',
  map: 'map',
}

/**
 * The member of a map that the document itself wrote; never what JavaScript's objects inherit. All that they inherit are
 * functions and `__proto__`, which spares a look at the object's own names.
 */
export function memberOf(map: GuardMap, key: string): GuardValue | undefined {
  const value = map[key]
  if (typeof value === 'function' || key === '__proto__') return Object.hasOwn(map, key) ? value : undefined
  return value
}

/** Sets a member even when its name is `__proto__`. */
export function setMember(map: Record<string, GuardValue>, key: string, value: GuardValue): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
  else map[key] = value
}
