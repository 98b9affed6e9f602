import { Char, Float, type GuardValue, isList, isMap, Pattern, type Range } from '../document/value.ts'
import { child, type Found, pathOf } from '../evaluate/result.ts'
import { floatText } from './words.ts'

/** Where a value is written, from 0. */
export type Locate = (found: Found) => { readonly line: number; readonly column: number }

/** A value as Rust's `{:?}` shows it, which cfn-guard puts into some reasons. */
export function debugText(found: Found, locate: Locate): string {
  const { line, column } = locate(found)
  const path = pathOf(found).map((key) => `/${key}`)
  const place = `Path(${quoted(path.join(''))}, Location { line: ${line}, col: ${column} })`
  const { value } = found
  if (value === null) return `Null(${place})`
  const [name, inner] = contents(found, value, locate)
  return `${name}((${place}, ${inner}))`
}

function contents(
  found: Found,
  value: Exclude<GuardValue, null>,
  locate: Locate,
): readonly [name: string, inner: string] {
  if (typeof value === 'string') return ['String', quoted(value)]
  if (typeof value === 'boolean') return ['Bool', String(value)]
  if (typeof value === 'bigint') return ['Int', String(value)]
  if (typeof value === 'number') return [Number.isInteger(value) ? 'Int' : 'Float', String(value)]
  if (value instanceof Float) return ['Float', debugFloat(value.value)]
  if (isList(value))
    return ['List', `[${value.map((item, i) => debugText(child(found, i, item), locate)).join(', ')}]`]
  if (isMap(value)) return ['Map', members(found, value, locate)]
  if (value instanceof Pattern) return ['Regex', quoted(value.source)]
  if (value instanceof Char) return ['Char', `'${value.value}'`]
  return range(value as Range)
}

const RANGES = { range_int: 'RangeInt', range_float: 'RangeFloat', range_char: 'RangeChar' } as const

function range(value: Range): readonly [name: string, inner: string] {
  const bound = (end: Range['lower']): string => {
    if (value.of === 'float') return debugFloat(Number(end))
    return value.of === 'char' ? `'${end}'` : String(end)
  }
  const inclusive = (value.lowerInclusive ? 1 : 0) + (value.upperInclusive ? 2 : 0)
  const inner = `RangeType { upper: ${bound(value.upper)}, lower: ${bound(value.lower)}, inclusive: ${inclusive} }`
  return [RANGES[`range_${value.of}`], inner]
}

function members(found: Found, map: Readonly<Record<string, GuardValue>>, locate: Locate): string {
  const entries = Object.entries(map).map(([key, value]) => [key, child(found, key, value)] as const)
  const keys = entries.map(([key, at]) => debugText({ ...found, value: key }, () => locate(at)))
  const values = entries.map(([key, at]) => `${quoted(key)}: ${debugText(at, locate)}`)
  return `MapValue { keys: [${keys.join(', ')}], values: {${values.join(', ')}} }`
}

const debugFloat = (value: number): string =>
  Number.isInteger(value) ? `${floatText(value)}.0` : String(value)

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }

const quoted = (text: string): string =>
  `"${text
    .replace(/["\\]/g, '\\$&')
    .replace(/\p{Cc}/gu, (c) => ESCAPES[c] ?? `\\u{${c.charCodeAt(0).toString(16)}}`)}"`
