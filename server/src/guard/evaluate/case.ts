/**
 * A property that is not there is looked for in other spellings: `bucketName`, `BucketName`, `bucket-name` … in this
 * order. What each spelling makes of a name follows cfn-guard, which takes Rust's `Inflector` (tried with 3.1.1).
 */
export type Spelling = (name: string) => string

const isSeparator = (char: string): boolean => !/[\p{L}\p{N}]/u.test(char)
const trimmed = (name: string): string => name.replace(/[^\p{L}\p{N}]+$/u, '')

interface Words {
  readonly firstUpper: boolean
  readonly separator: string
}

function words(name: string, { firstUpper, separator }: Words): string {
  const state = { newWord: firstUpper, first: separator !== '', last: ' ', started: false, text: '' }
  for (const char of trimmed(name)) {
    if (isSeparator(char)) {
      if (state.started) state.newWord = true
      continue
    }
    state.started = true
    if (/\p{N}/u.test(char)) {
      state.newWord = true
      state.text += char
    } else if (state.newWord || (/\p{Ll}/u.test(state.last) && /\p{Lu}/u.test(char))) {
      state.newWord = false
      state.text += (state.first ? '' : separator) + upper(char)
      state.first = false
    } else {
      state.last = char
      state.text += lower(char)
    }
  }
  return state.text
}

const upper = (char: string): string => (char >= 'a' && char <= 'z' ? char.toUpperCase() : char)
const lower = (char: string): string => (char >= 'A' && char <= 'Z' ? char.toLowerCase() : char)

function joined(name: string, separator: string): string {
  const chars = [...trimmed(name)]
  let text = ''
  let first = true
  chars.forEach((char, i) => {
    if (isSeparator(char)) {
      if (!first) text += separator
      first = true
      return
    }
    const border = !first && char === upper(char) && (isLower(chars[i + 1]) || isLower(chars[i - 1]))
    text += (border ? separator : '') + lower(char)
    first = false
  })
  return text
}

const isLower = (char: string | undefined): boolean => char !== undefined && /\p{Ll}/u.test(char)

const camel: Spelling = (name) => words(name, { firstUpper: false, separator: '' })
const pascal: Spelling = (name) => words(name, { firstUpper: true, separator: '' })

const SINGULAR: readonly (readonly [plural: RegExp, ending: string])[] = [
  [/^(database)s$/i, ''],
  [/^(quiz)zes$/i, ''],
  [/(\w*)(matr)ices$/i, 'ix'],
  [/(\w*)(vert|ind)ices$/i, 'ex'],
  [/^(ox)en$/i, ''],
  [/(\w*)(alias|status)(?:es)?$/i, ''],
  [/(\w*)(octop|vir)(?:us|i)$/i, 'us'],
  [/^(a)x[ie]s$/i, 'xis'],
  [/(\w*)(cris|test)(?:is|es)$/i, 'is'],
  [/(\w*)(shoe)s$/i, ''],
  [/(\w*)(o)es$/i, ''],
  [/(\w*)(bus)(?:es)?$/i, ''],
  [/(\w*)([ml])ice$/i, 'ouse'],
  [/(\w*)(x|ch|ss|sh)es$/i, ''],
  [/(\w*)(m)ovies$/i, 'ovie'],
  [/(\w*)(s)eries$/i, 'eries'],
  [/(\w*)([^aeiouy]|qu)ies$/i, 'y'],
  [/(\w*)([lr])ves$/i, 'f'],
  [/(\w*)(tive)s$/i, ''],
  [/(\w*)(hive)s$/i, ''],
  [/(\w*)([^f])ves$/i, 'fe'],
  [/(\w*)([ti])a$/i, 'um'],
  [/(\w*)(n)ews$/i, 'ews'],
  [/(\w*)(ss)$/i, ''],
  [/(\w*)()s$/i, ''],
]

function singular(word: string): string {
  for (const [plural, ending] of SINGULAR) {
    const found = plural.exec(word)
    if (found !== null) return `${found[1] ?? ''}${found[2] ?? ''}${ending}`
  }
  return word
}

const classCase: Spelling = (name) => {
  const text = pascal(name)
  const at = Math.max(0, text.search(/\p{Lu}\P{Lu}*$/u))
  return text.slice(0, at) + singular(text.slice(at))
}

export const SPELLINGS: readonly Spelling[] = [
  camel,
  classCase,
  (name) => joined(name, '-'),
  pascal,
  (name) => joined(name, '_'),
  (name) => words(name, { firstUpper: true, separator: ' ' }),
  (name) => words(name, { firstUpper: true, separator: '-' }),
]
