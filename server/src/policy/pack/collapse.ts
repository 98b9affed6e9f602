import { compileGlob, patternCodes } from '../compile/glob.ts'
import type { Facts } from '../facts.ts'
import type { Piece } from './piece.ts'

/**
 * Names of actions into wildcards, only where the wildcard takes exactly the names that the statement takes among AWS's
 * actions of today. An action that AWS adds later may fall under the wildcard: what was collapsed is marked.
 */
export function collapsed(piece: Piece, facts: Facts): Piece {
  if (piece.action.patterns.includes('*')) return piece
  const services = new Map<string, string[]>()
  for (const pattern of piece.action.patterns) {
    const service = pattern.slice(0, Math.max(0, pattern.indexOf(':'))).toLowerCase()
    services.set(service, [...(services.get(service) ?? []), pattern])
  }
  const all = [...services].map(([service, patterns]) => collapseService(service, patterns, facts))
  return {
    ...piece,
    action: { ...piece.action, patterns: all.flatMap(({ patterns }) => patterns) },
    collapsed: [...piece.collapsed, ...all.flatMap(({ wildcards }) => wildcards)],
  }
}

interface Collapsed {
  readonly patterns: readonly string[]
  readonly wildcards: readonly string[]
}

function collapseService(service: string, patterns: readonly string[], facts: Facts): Collapsed {
  const known = facts.service(service)
  const names = [...(known?.actions.values() ?? [])].map(({ name }) => name)
  const tests = patterns.map((pattern) =>
    compileGlob(patternCodes(pattern.toLowerCase().slice(service.length + 1))),
  )
  const taken = new Set(names.filter((name) => tests.some((test) => test(name.toLowerCase()))))
  const isKnown = (pattern: string) =>
    known?.actions.has(pattern.toLowerCase().slice(service.length + 1)) === true
  // Wildcards that somebody wrote may take actions to come: they stay.
  const written = patterns.filter((pattern) => !isKnown(pattern))
  const literal = patterns.filter(isKnown)
  const shorter = prefixesFor(names, taken).map((name) => `${service}:${name}`)
  const wildcards = shorter.filter(
    (pattern) => pattern.endsWith('*') && !written.some((own) => own.toLowerCase() === pattern.toLowerCase()),
  )
  const result = { patterns: [...new Set([...written, ...shorter])], wildcards }
  const kept = { patterns, wildcards: [] }
  return literal.length > 1 && lengthOf(result.patterns) < lengthOf(patterns) ? result : kept
}

const lengthOf = (patterns: readonly string[]): number =>
  patterns.reduce((sum, pattern) => sum + pattern.length + 3, 0)

/** The fewest names and `Word*` prefixes that take exactly these names; prefixes end where a word ends. */
function prefixesFor(names: readonly string[], taken: ReadonlySet<string>, prefix = ''): readonly string[] {
  const under = names.filter((name) => name.startsWith(prefix))
  const inside = under.filter((name) => taken.has(name))
  if (inside.length === 0) return []
  if (inside.length === under.length && inside.length > 1 && onlyThese(names, prefix, inside))
    return [`${prefix}*`]
  const exact = inside.filter((name) => name === prefix)
  const next = new Set(inside.filter((name) => name !== prefix).map((name) => nextWord(name, prefix)))
  return [
    ...exact,
    ...[...next].flatMap((longer) =>
      inside.filter((name) => name.startsWith(longer)).length === 1
        ? inside.filter((name) => name.startsWith(longer))
        : prefixesFor(names, taken, longer),
    ),
  ]
}

/** Actions are compared without regard to case, names are not: `Get*` must not take `getOther`. */
const onlyThese = (names: readonly string[], prefix: string, inside: readonly string[]): boolean =>
  names.filter((name) => name.toLowerCase().startsWith(prefix.toLowerCase())).length === inside.length

/** The prefix with one more word of the name. */
function nextWord(name: string, prefix: string): string {
  let end = prefix.length + 1
  while (end < name.length && !/[A-Z]/.test(name.charAt(end))) end++
  return name.slice(0, end)
}
