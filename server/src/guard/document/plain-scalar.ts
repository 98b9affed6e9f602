import { asFloat, type GuardValue, intOf } from './value.ts'

const INT = /^[-+]?\d+$/
const FLOAT = /^[-+]?(\d+(?:\.\d*)?|\.\d+)([eE][-+]?\d+)?$/
const WORDS = new Map<string, number>([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
])

/**
 * What a plain YAML scalar means to cfn-guard: Rust's int, else float, else `true`/`false`, else `~` or null in any
 * case, else text. So `yes`, `True`, `0x1f` and nothing at all are texts. (Tried with cfn-guard 3.1.1.)
 */
export function plainScalar(text: string): GuardValue {
  if (INT.test(text)) return intOf(text) ?? asFloat(Number(text))
  if (FLOAT.test(text)) return asFloat(Number(text))
  if (text === 'true') return true
  if (text === 'false') return false
  const lower = text.toLowerCase()
  if (lower === '~' || lower === 'null') return null
  return wordNumber(lower) ?? text
}

function wordNumber(lower: string): GuardValue | undefined {
  const value = WORDS.get(lower.replace(/^[-+]/, ''))
  if (value === undefined) return undefined
  return asFloat(lower.startsWith('-') ? -value : value)
}

/** A scalar with one of YAML's own tags (`!!str 5`). */
export function taggedScalar(tag: string, text: string): GuardValue {
  switch (tag) {
    case 'tag:yaml.org,2002:int':
      return INT.test(text) ? (intOf(text) ?? text) : text
    case 'tag:yaml.org,2002:float':
      return FLOAT.test(text) ? asFloat(Number(text)) : text
    case 'tag:yaml.org,2002:bool':
      return text === 'true' ? true : text === 'false' ? false : text
    case 'tag:yaml.org,2002:null':
      return null
    default:
      return text
  }
}
