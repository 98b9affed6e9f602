import { readDocument } from '../document/document.ts'
import { GuardEvaluationError, GuardSyntaxError } from '../document/problem.ts'
import { asFloat, Char, Float, floatOf, type GuardValue, intOf, kindOf } from '../document/value.ts'
import { type Found, inPlaceOf, literal, Missing, type Result, root } from '../evaluate/result.ts'
import type { Run } from '../evaluate/scope.ts'
import { compileRegex, RegexError } from '../regex/regex.ts'
import { expand } from './expand.ts'

type Arguments = readonly (readonly Result[])[]

export interface GuardFunction {
  readonly arguments: number
  run(args: Arguments, run: Run): readonly Result[]
}

const wrong = (message: string): GuardEvaluationError => new GuardEvaluationError('bad_function', message)

/** A function of each value; null leaves the value out, as it does values that are missing. */
const each = (f: (value: GuardValue) => GuardValue | undefined): GuardFunction => ({
  arguments: 1,
  run: ([values = []]) => mapped(values, f),
})

function mapped(
  values: readonly Result[],
  f: (value: GuardValue) => GuardValue | undefined,
): readonly Found[] {
  return values.flatMap((v) => {
    const result = v instanceof Missing ? undefined : f(v.value)
    return result === undefined || v instanceof Missing ? [] : [inPlaceOf(v, result)]
  })
}

const eachText = (f: (text: string) => GuardValue | undefined): GuardFunction =>
  each((value) => (typeof value === 'string' ? f(value) : undefined))

function first(args: Arguments, i: number): GuardValue | undefined {
  const result = args[i]?.[0]
  return result === undefined || result instanceof Missing ? undefined : result.value
}

function textArgument(args: Arguments, i: number, what: string): string {
  const value = first(args, i)
  if (typeof value === 'string') return value
  throw wrong(`${what} must be a text.`)
}

/** A position in a text: 16 bits, as cfn-guard cuts it. */
function indexArgument(args: Arguments, i: number): number {
  const value = first(args, i)
  if (typeof value === 'number' || typeof value === 'bigint')
    return Number(BigInt.asUintN(16, BigInt(Math.trunc(Number(value)))))
  if (value instanceof Float) return Math.min(65_535, Math.max(0, Math.trunc(value.value)))
  throw wrong(`Argument ${i + 1} of \`substring\` must be a number.`)
}

function substring(text: string, from: number, to: number): string | undefined {
  const points = [...text]
  return from < to && to <= points.length ? points.slice(from, to).join('') : undefined
}

function join(values: readonly Result[], delimiter: string, limit: number): readonly Result[] {
  const texts = values.map((v) => {
    if (v instanceof Missing) throw wrong('`join` was given a value that is missing.')
    if (typeof v.value !== 'string')
      throw wrong(`\`join\` was given a value that is no text but ${kindOf(v.value)}.`)
    return v.value
  })
  const [start] = values
  const joined = limited(texts.join(delimiter), limit)
  return [start === undefined || start instanceof Missing ? root(joined) : inPlaceOf(start, joined)]
}

function limited(text: string, limit: number): string {
  if (text.length > limit) throw wrong(`A function makes a text of more than ${limit} characters.`)
  return text
}

function regexReplace(text: string, source: string, replacement: string, limit: number): string {
  try {
    const regex = compileRegex(source)
    let result = ''
    for (const spans of regex.matches(text))
      result = limited(result + expand(replacement, text, spans, regex.names), limit)
    return result
  } catch (error) {
    if (error instanceof RegexError) throw wrong(`\`regex_replace\`: in \`/${source}/\` ${error.message}`)
    throw error
  }
}

function parseInteger(value: GuardValue): GuardValue | undefined {
  switch (kindOf(value)) {
    case 'string': {
      const int = /^[-+]?\d+$/.test(value as string) ? intOf(value as string) : null
      if (int === null) throw wrong(`\`parse_int\`: \`${String(value)}\` is no int.`)
      return int
    }
    case 'int':
      return value
    case 'float':
      return intOf(String(BigInt(Math.trunc(floatOf(value))))) ?? undefined
    case 'char':
      return digit(value as Char, 'parse_int')
    default:
      return undefined
  }
}

function digit(char: Char, name: string): number {
  if (!/^\d$/.test(char.value)) throw wrong(`\`${name}\`: \`${char.value}\` is no digit.`)
  return Number(char.value)
}

const FLOAT = /^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|inf|infinity|nan)$/i

function parseFloating(value: GuardValue): GuardValue | undefined {
  switch (kindOf(value)) {
    case 'string': {
      if (!FLOAT.test(value as string)) throw wrong(`\`parse_float\`: \`${String(value)}\` is no number.`)
      return asFloat(Number((value as string).replace(/^([-+]?)inf(?:inity)?$/i, '$1Infinity')))
    }
    case 'int':
      return asFloat(Number(value))
    case 'float':
      return value
    case 'char':
      return asFloat(digit(value as Char, 'parse_float'))
    default:
      return undefined
  }
}

function parseText(value: GuardValue): GuardValue | undefined {
  switch (kindOf(value)) {
    case 'string':
      return value
    case 'int':
    case 'bool':
      return String(value)
    case 'float':
      return String(floatOf(value))
    case 'char':
      return (value as Char).value
    default:
      return undefined
  }
}

function parseBoolean(value: GuardValue): GuardValue | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return undefined
  const lower = value.toLowerCase()
  if (lower === 'true' || lower === 'false') return lower === 'true'
  throw wrong(`\`parse_boolean\`: \`${value}\` is neither true nor false.`)
}

function parseCharacter(value: GuardValue): GuardValue | undefined {
  switch (kindOf(value)) {
    case 'int':
      if (!/^\d$/.test(String(value))) throw wrong(`\`parse_char\`: \`${String(value)}\` is no single digit.`)
      return new Char(String(value))
    case 'string': {
      const text = value as string
      if (new TextEncoder().encode(text).length > 1)
        throw wrong(`\`parse_char\`: \`${text}\` is longer than one character.`)
      return text === '' ? undefined : new Char(text)
    }
    case 'char':
      return (value as Char).value
    default:
      return undefined
  }
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[-+]\d\d:\d\d)$/

function parseEpoch(text: string): number {
  const at = RFC3339.test(text) ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN
  if (Number.isNaN(at))
    throw wrong(`\`parse_epoch\`: \`${text}\` is no time such as \`2026-11-22T05:00:00Z\`.`)
  return Math.floor(at / 1000)
}

/** Text that holds a document: JSON or, as in cfn-guard, YAML. */
function parseDocument(text: string): GuardValue {
  try {
    return readDocument(text).value
  } catch (error) {
    if (error instanceof GuardSyntaxError) throw wrong(`\`json_parse\`: ${error.message}`)
    throw error
  }
}

function urlDecode(text: string): string | undefined {
  const bytes: number[] = []
  const source = new TextEncoder().encode(text)
  for (let i = 0; i < source.length; i++) {
    const hex = source[i] === 37 ? String.fromCharCode(source[i + 1] ?? 0, source[i + 2] ?? 0) : ''
    if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16))
      i += 2
    } else bytes.push(source[i] ?? 0)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
  } catch {
    return undefined
  }
}

function count(values: readonly Result[]): readonly Result[] {
  const number = values.filter((v) => !(v instanceof Missing)).length
  const [start] = values
  return [start === undefined ? root(number) : inPlaceOf(start instanceof Missing ? start.at : start, number)]
}

/** cfn-guard's functions; `now` and `parse_epoch` came after 3.1.1. */
export const FUNCTIONS: ReadonlyMap<string, GuardFunction> = new Map<string, GuardFunction>([
  ['count', { arguments: 1, run: ([values = []]) => count(values) }],
  ['json_parse', eachText(parseDocument)],
  ['to_upper', eachText((text) => text.toUpperCase())],
  ['to_lower', eachText((text) => text.toLowerCase())],
  ['url_decode', eachText(urlDecode)],
  ['parse_string', each(parseText)],
  ['parse_boolean', each(parseBoolean)],
  ['parse_int', each(parseInteger)],
  ['parse_float', each(parseFloating)],
  ['parse_char', each(parseCharacter)],
  ['parse_epoch', eachText(parseEpoch)],
  ['now', { arguments: 0, run: (_, run) => [literal(run.now)] }],
  [
    'substring',
    {
      arguments: 3,
      run: (args) => {
        const [from, to] = [indexArgument(args, 1), indexArgument(args, 2)]
        return mapped(args[0] ?? [], (v) => (typeof v === 'string' ? substring(v, from, to) : undefined))
      },
    },
  ],
  [
    'regex_replace',
    {
      arguments: 3,
      run: (args, run) => {
        const source = textArgument(args, 1, 'The second argument of `regex_replace`')
        const replacement = textArgument(args, 2, 'The third argument of `regex_replace`')
        return mapped(args[0] ?? [], (v) =>
          typeof v === 'string' ? regexReplace(v, source, replacement, run.limits.text) : undefined,
        )
      },
    },
  ],
  [
    'join',
    {
      arguments: 2,
      run: (args, run) => {
        const delimiter = first(args, 1)
        const text = delimiter instanceof Char ? delimiter.value : delimiter
        if (typeof text !== 'string')
          throw wrong('The second argument of `join` must be a text or a character.')
        return join(args[0] ?? [], text, run.limits.text)
      },
    },
  ],
])
