import { RE2JS } from 're2js'
import { backtracker, type Spans } from './backtrack.ts'
import { type Cost, costOf } from './cost.ts'
import { type Parsed, parseRegex } from './parse.ts'
import { write } from './write.ts'

export { RegexError } from './ast.ts'

export interface Regex {
  test(text: string): boolean
  /** Groups of every match, one after the other. */
  matches(text: string): Iterable<Spans>
  readonly names: ReadonlyMap<string, number>
}

/** Tries that V8's engine may need on a text before another engine is taken: far below a millisecond. */
const MAX_TRIES = 200_000

const cache = new Map<string, Regex>()
const MAX_CACHED = 5_000

/**
 * Compiles an expression of Rust's syntax. No text can hang it: V8's engine gets only what it provably finishes, RE2
 * takes the rest in linear time, and what RE2 has not (looking around, back-references) gives up after a million steps.
 *
 * @throws {RegexError} when the expression is wrong
 */
export function compileRegex(source: string): Regex {
  const known = cache.get(source)
  if (known !== undefined) return known
  const regex = build(parseRegex(source))
  if (cache.size >= MAX_CACHED) cache.clear()
  cache.set(source, regex)
  return regex
}

function build(parsed: Parsed): Regex {
  const cost = costOf(parsed.node)
  const careful = carefulSearch(parsed)
  if (cost === null || cost.ways > 10_000)
    return {
      test: (text) => careful()(text, 0) !== null,
      matches: (text) => every(careful(), text),
      names: parsed.names,
    }
  const native = new RegExp(write(parsed.node, 'js'), 'v')
  return {
    test: (text) => (cheap(cost, text.length) ? native.test(text) : careful()(text, 0) !== null),
    matches: (text) => every(careful(), text),
    names: parsed.names,
  }
}

/** One factor of the length is for the places where a match may start. */
const cheap = (cost: Cost, length: number): boolean =>
  cost.ways * (length + 1) ** (cost.stars + 1) <= MAX_TRIES

type Search = (text: string, from: number) => Spans | null

function carefulSearch(parsed: Parsed): () => Search {
  let search: Search | undefined
  return () => {
    search ??= linearSearch(parsed) ?? backtracker(parsed.node, parsed.groups)
    return search
  }
}

function linearSearch(parsed: Parsed): Search | null {
  try {
    const re2 = RE2JS.compile(write(parsed.node, 're2'))
    return (text, from) => {
      const matcher = re2.matcher(text)
      if (!matcher.find(from)) return null
      const spans: number[] = []
      for (let i = 0; i <= parsed.groups; i++) spans.push(matcher.start(i), matcher.end(i))
      return spans
    }
  } catch {
    return null
  }
}

function* every(search: Search, text: string): Iterable<Spans> {
  let from = 0
  while (from <= text.length) {
    const spans = search(text, from)
    if (spans === null) return
    yield spans
    const end = spans[1] ?? from
    from = end === spans[0] ? end + 1 : end
  }
}
