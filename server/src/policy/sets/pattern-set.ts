import {
  type Codes,
  codesOf,
  ONE,
  ONE_IN_PART,
  patternCodes,
  STAR,
  STAR_IN_PART,
  withinParts,
} from '../compile/glob.ts'

/** The texts that one of the patterns matches; with `negated` all others. */
export interface PatternSet {
  readonly patterns: readonly Codes[]
  readonly negated: boolean
  /** Texts are compared in lower case; patterns are in lower case already. ASCII only. */
  readonly fold: boolean
}

export const ALL: PatternSet = { patterns: [[STAR]], negated: false, fold: false }
export const NONE: PatternSet = { patterns: [], negated: false, fold: false }

/** Of one set always the same object: ids are kept by object. */
export function complement(set: PatternSet): PatternSet {
  const known = COMPLEMENTS.get(set)
  if (known !== undefined) return known
  const other = { ...set, negated: !set.negated }
  COMPLEMENTS.set(set, other)
  COMPLEMENTS.set(other, set)
  return other
}
const COMPLEMENTS = new WeakMap<PatternSet, PatternSet>()

export const globs = (texts: readonly string[], negated = false): PatternSet => ({
  patterns: texts.map(patternCodes),
  negated,
  fold: false,
})

export const literals = (texts: readonly string[], negated = false): PatternSet => ({
  patterns: texts.map(codesOf),
  negated,
  fold: false,
})

/** Actions are compared without regard to case: texts of this set are in lower case. */
export const actions = (patterns: readonly string[], negated: boolean): PatternSet =>
  globs(
    patterns.map((pattern) => pattern.toLowerCase()),
    negated,
  )

/** `Resource`: wildcards within the first five parts of an ARN stop at colons; `*` alone is everything. */
export const resources = (patterns: readonly string[], negated: boolean): PatternSet => ({
  patterns: patterns.map((pattern) => (pattern === '*' ? [STAR] : withinParts(patternCodes(pattern)))),
  negated,
  fold: false,
})

/** ARN operators compare six parts; wildcards of the first five never reach over a colon. `null`: no ARN. */
export function arnPattern(text: string): Codes | null {
  if (text.split(':').length < 6) return null
  let colons = 0
  return patternCodes(text).map((code) => {
    if (code === 58) colons++
    if (colons >= 5) return code
    return code === STAR ? STAR_IN_PART : code === ONE ? ONE_IN_PART : code
  })
}

const COLON = 58
/** Texts with at least six parts. */
export const SIX_PARTS: PatternSet = {
  patterns: [[...Array.from({ length: 5 }, () => [STAR_IN_PART, COLON]).flat(), STAR]],
  negated: false,
  fold: false,
}

/** `service:Name`: exactly one colon. */
export const ACTION_TEXTS: PatternSet = {
  patterns: [[ONE_IN_PART, STAR_IN_PART, COLON, ONE_IN_PART, STAR_IN_PART]],
  negated: false,
  fold: false,
}

/** What a request can have for a resource: `*`, or an ARN whose partition and last part are not empty. */
export const RESOURCE_TEXTS: PatternSet = {
  patterns: [
    codesOf('*'),
    [
      ...codesOf('arn:'),
      ONE_IN_PART,
      ...Array.from({ length: 4 }, () => [STAR_IN_PART, COLON]).flat(),
      ONE,
      STAR,
    ],
  ],
  negated: false,
  fold: false,
}

export const isAll = ({ patterns, negated }: PatternSet): boolean =>
  negated ? patterns.length === 0 : patterns.some((codes) => codes.length === 1 && codes[0] === STAR)

export const isNone = (set: PatternSet): boolean => isAll(complement(set))

/** Equal ids mean equal sets. */
export function idOf(set: PatternSet): number {
  const known = IDS.get(set)
  if (known !== undefined) return known
  const key = keyOf(set)
  const id = BY_KEY.get(key) ?? nextId++
  if (!BY_KEY.has(key)) keyed += key.length
  if (keyed > MAX_KEYED) {
    BY_KEY.clear()
    keyed = key.length
  }
  BY_KEY.set(key, id)
  IDS.set(set, id)
  return id
}
const IDS = new WeakMap<PatternSet, number>()
const BY_KEY = new Map<string, number>()
/** Characters of keys that are kept: a list of a large policy is as long as the policy. */
const MAX_KEYED = 10_000_000
let keyed = 0
let nextId = 0

/** Equal keys mean equal sets. */
const keyOf = ({ patterns, negated, fold }: PatternSet): string =>
  `${negated ? '!' : ''}${fold ? '~' : ''}${patterns.length} ${patterns
    .map((codes) => codes.join('.'))
    .sort()
    .join('|')}`
