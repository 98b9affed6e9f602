/**
 * A property that is not there is looked for in other spellings: `bucketName`, `BucketName`, `bucket-name` … in this
 * order. What each spelling makes of a name follows cfn-guard, which takes Rust's `Inflector` (tried with 3.1.1).
 */
export type Spelling = (name: string) => string

const isSeparator = (char: string): boolean => !/[\p{L}\p{N}]/u.test(char)
const trimmed = (name: string): string => name.replace(/(?<![^\p{L}\p{N}])[^\p{L}\p{N}]+$/u, '')

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

/**
 * The first that fits gives its group and the ending; what stands before the group is lost, as it is in `Inflector`
 * (`Databases` becomes `basis`). A word here is a capital and small letters, so many rules fit inside of words only.
 */
const SINGULAR: readonly (readonly [plural: RegExp, ending: string])[] = [
  [/(database)s$/, ''],
  [/(quiz)zes$/, ''],
  [/(matr)ices$/, 'ix'],
  [/(vert|ind)ices$/, 'ex'],
  [/(alias|status)(?:es)?$/, ''],
  [/(octop|vir)(?:us|i)$/, 'us'],
  [/(cris|test)(?:is|es)$/, 'is'],
  [/(shoe)s$/, ''],
  [/(o)es$/, ''],
  [/(bus)(?:es)?$/, ''],
  [/([ml])ice$/, 'ouse'],
  [/(?<!\w)(\w*(?:x|ch|ss|sh))es$/, ''],
  [/(m)ovies$/, 'ovie'],
  [/(s)eries$/, 'eries'],
  [/(?<!\w)(\w*(?:[^aeiouy]|qu))ies$/, 'y'],
  [/([lr])ves$/, 'f'],
  [/(tive)s$/, ''],
  [/(hive)s$/, ''],
  [/([^f])ves$/, 'fe'],
  [/(analy|ba|diagno|parenthe|progno|synop|the)(?:sis|ses)$/, 'sis'],
  [/([ti])a$/, 'um'],
  [/(n)ews$/, 'ews'],
  [/(?<!\w)(\w*ss)$/, ''],
  [/(?<!\w)(\w*)s$/, ''],
]

function singular(word: string): string {
  for (const [plural, ending] of SINGULAR) {
    const found = plural.exec(word)
    if (found !== null) return `${found[1] ?? ''}${ending}`
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

/** Names of rules are few and come again in many rule files; what is longer or more is worked out each time. */
const MAX_KNOWN = 10_000
const MAX_LENGTH = 100
const known = new Map<string, readonly string[]>()

/** The name in every spelling, in the order in which they are tried. */
export function spellingsOf(name: string): readonly string[] {
  const before = known.get(name)
  if (before !== undefined) return before
  const spellings = SPELLINGS.map((spelling) => spelling(name))
  if (name.length > MAX_LENGTH) return spellings
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(name, spellings)
  return spellings
}
