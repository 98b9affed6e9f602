import { type Codes, codesOf, matchCodes } from '../compile/glob.ts'
import { compileValues } from '../compile/values.ts'
import { type IpRange, parseIp } from '../condition/ip.ts'
import { parseDate, parseNumber } from '../condition/operands.ts'
import { OPERATORS } from '../condition/operators.ts'
import type { OperatorName } from '../policies.ts'
import { type Budget, spend } from './budget.ts'
import {
  ALL,
  arnPattern,
  complement,
  globs,
  idOf,
  literals,
  NONE,
  type PatternSet,
  SIX_PARTS,
} from './pattern-set.ts'
import { smallestIn } from './smallest.ts'

/**
 * The single values of a key for which an operator holds. Texts are given by patterns (a union of intersections); numbers,
 * dates, booleans and addresses by a test and by samples, of which every value behaves like one.
 */
export type ValueSet =
  | { readonly family: 'text'; readonly alternatives: readonly (readonly PatternSet[])[] }
  | {
      readonly family: SampledFamily
      readonly holds: (value: string) => boolean
      readonly samples: readonly string[]
    }
type SampledFamily = 'number' | 'date' | 'bool' | 'ip'

export const EVERY_VALUE: ValueSet = { family: 'text', alternatives: [[ALL]] }
export const NO_VALUE: ValueSet = { family: 'text', alternatives: [] }

const isPlainAscii = (text: string) => /^[\x20-\x7e]*$/.test(text)

/** `null` when the operator's values are outside of what can be decided (bytes, other scripts without case). */
export function valueSetOf(name: OperatorName, values: readonly string[]): ValueSet | null {
  const { type, negated } = OPERATORS[name]
  if (values.length === 0) return negated ? EVERY_VALUE : NO_VALUE
  if (type === 'string' && name.endsWith('IgnoreCase')) return ignoringCase(values, negated)
  if (type === 'string') return text([literals(values, negated)])
  if (type === 'pattern') return text([globs(values, negated)])
  if (type === 'arn') return arns(values, negated)
  if (type === 'number' || type === 'date' || type === 'bool' || type === 'ip')
    return sampled(type, name, values)
  return null
}

const text = (sets: readonly PatternSet[]): ValueSet => ({ family: 'text', alternatives: [sets] })

function ignoringCase(values: readonly string[], negated: boolean): ValueSet | null {
  if (!values.every(isPlainAscii)) return null
  return text([
    {
      ...literals(
        values.map((value) => value.toLowerCase()),
        negated,
      ),
      fold: true,
    },
  ])
}

/** What is no ARN cannot be compared: then neither the operator nor its negation holds. */
function arns(values: readonly string[], negated: boolean): ValueSet {
  const patterns = values.map(arnPattern)
  const known = patterns.filter((pattern) => pattern !== null)
  if (negated && known.length < patterns.length) return text([NONE])
  return text([SIX_PARTS, { patterns: known, negated, fold: false }])
}

function sampled(family: SampledFamily, name: OperatorName, values: readonly string[]): ValueSet {
  const test = compileValues(name, values)
  const wanted = OPERATORS[name].negated ? 'differ' : 'match'
  return { family, holds: (value) => test(value) === wanted, samples: SAMPLES[family](values) }
}

/** Values between which the answer can change, and one that is not of the type. */
const SAMPLES: Readonly<Record<SampledFamily, (values: readonly string[]) => readonly string[]>> = {
  bool: () => ['true', 'false', 'x'],
  number: (values) => [...between(values.map(parseNumber)).map(String), 'x'],
  date: (values) => [
    ...between(values.map(parseDate))
      .filter(isDate)
      .map((ms) => new Date(ms).toISOString()),
    'x',
  ],
  ip: (values) => [...addresses(values.map(parseIp)), 'x'],
}

/** The range of JavaScript's dates. */
const isDate = (ms: number) => Math.abs(ms) <= 8.64e15

/** Each bound, and a value on each side of it that is nearer than the next bound. */
function between(bounds: readonly (number | null)[]): readonly number[] {
  const sorted = [...new Set(bounds.filter((bound) => bound !== null))].sort((a, b) => a - b)
  return sorted.flatMap((bound, i) => {
    const next = sorted[i + 1]
    const before = i === 0 ? [bound - 1000] : []
    return [...before, bound, next === undefined ? bound + 1000 : (bound + next) / 2]
  })
}

/** The first address of each stretch in which the answer is the same. */
function addresses(ranges: readonly (IpRange | null)[]): readonly string[] {
  const bounds = ranges.flatMap((range) => (range === null ? [] : [first(range), after(range)]))
  return ['0.0.0.0', '::', ...bounds.flatMap((words) => (words === null ? [] : [addressText(words)]))]
}

const maskOf = (bits: number, word: number): number => {
  const own = Math.min(16, Math.max(0, bits - word * 16))
  return (0xffff << (16 - own)) & 0xffff
}
const first = ({ words, bits }: IpRange): readonly number[] => words.map((word, i) => word & maskOf(bits, i))

/** The address behind the last one; `null` behind the end of all. */
function after(range: IpRange): readonly number[] | null {
  const words = range.words.map(
    (word, i) => (word & maskOf(range.bits, i)) | (~maskOf(range.bits, i) & 0xffff),
  )
  for (let i = words.length - 1; i >= 0; i--) {
    if (words[i] !== 0xffff) {
      words[i] = (words[i] ?? 0) + 1
      return words
    }
    words[i] = 0
  }
  return null
}

const addressText = (words: readonly number[]): string =>
  words.length === 2
    ? words.map((word) => `${word >> 8}.${word & 255}`).join('.')
    : words.map((word) => word.toString(16)).join(':')

/** The set, and the empty text. */
export const withEmpty = (set: ValueSet): ValueSet =>
  set.family === 'text'
    ? { ...set, alternatives: [...set.alternatives, [literals([''], false)]] }
    : {
        ...set,
        holds: (value) => value === '' || set.holds(value),
        samples: ['', ...set.samples],
      }

export function complementOf(set: ValueSet): ValueSet {
  if (set.family !== 'text') return { ...set, holds: (value) => !set.holds(value) }
  const alternatives = set.alternatives.reduce<readonly (readonly PatternSet[])[]>(
    (product, sets) => product.flatMap((chosen) => sets.map((one) => [...chosen, complement(one)])),
    [[]],
  )
  return { family: 'text', alternatives: alternatives.map((sets) => (sets.length === 0 ? [ALL] : sets)) }
}

/** A value in all of the sets, the smallest for texts; `null` when there is none. All sampled sets are of one family. */
export function valueIn(sets: readonly ValueSet[], budget: Budget): string | null {
  const samples = [...new Set(sets.flatMap((set) => (set.family === 'text' ? [] : set.samples)))]
  if (samples.length > 0) return sampleIn(sets, samples, budget)
  const texts = sets.flatMap((set) => (set.family === 'text' ? [set.alternatives] : []))
  const found: string[] = []
  for (const patterns of choices(texts, [], budget)) {
    const text = smallestIn(patterns, budget)
    if (text !== null) found.push(text)
  }
  return found.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null
}

type Alternatives = readonly (readonly PatternSet[])[]

/** One alternative of each set, in all ways that may hold something: there are two to the power of the conditions. */
function* choices(
  sets: readonly Alternatives[],
  chosen: readonly PatternSet[],
  budget: Budget,
): Generator<readonly PatternSet[]> {
  const ids = new Set(chosen.map(idOf))
  const has = (set: PatternSet) => ids.has(idOf(set))
  // What is chosen already is inside of an alternative of these sets: its others would only take away from it.
  const [first, ...rest] = sets.filter((alternatives) => !alternatives.some((one) => one.every(has)))
  if (!spend(budget, 1 + chosen.length + sets.length)) return
  if (first === undefined) yield chosen
  for (const alternative of first ?? [])
    if (!alternative.some((set) => has(complement(set))))
      yield* choices(rest, [...chosen, ...alternative], budget)
}

function sampleIn(sets: readonly ValueSet[], samples: readonly string[], budget: Budget): string | null {
  const cost = sets.reduce((sum, set) => sum + 1 + (set.family === 'text' ? 0 : set.samples.length), 0)
  return samples.find((value) => spend(budget, cost) && sets.every((set) => holds(set, value))) ?? null
}

/** Beside sampled values only the sets of all and of no values and the empty text stand; see `mixedKeys` in `questions/fragment.ts`. */
const holds = (set: ValueSet, value: string): boolean =>
  set.family === 'text'
    ? set.alternatives.some((sets) => sets.every((one) => isIn(one, codesOf(value))))
    : set.holds(value)

const isIn = ({ negated, patterns }: PatternSet, value: Codes): boolean =>
  patterns.some((pattern) => matchCodes(pattern, value)) !== negated
