import { parseTemplate } from '../../parse/variables.ts'
import type { Policy } from '../../policies.ts'
import { lookup, type Request } from '../../request.ts'

/** A pattern as a list: characters that stand for themselves, and wildcards. */
export const STAR = Symbol('*')
export const ONE = Symbol('?')
/** Like `STAR` and `ONE`, but they stop at a colon. */
export const STAR_IN_PART = Symbol('* within a part of an ARN')
export const ONE_IN_PART = Symbol('? within a part of an ARN')
export type Token = string | typeof STAR | typeof ONE | typeof STAR_IN_PART | typeof ONE_IN_PART

/** The obvious table: `reached[j]` = the tokens so far can match the first j characters. */
export function matchesTokens(tokens: readonly Token[], text: string): boolean {
  const characters = [...text]
  let reached = [true, ...characters.map(() => false)]
  for (const token of tokens) {
    const next = characters.map(() => false)
    next.push(false)
    for (let j = 0; j <= characters.length; j++) {
      if (token === STAR || token === STAR_IN_PART)
        next[j] =
          reached[j] === true || (j > 0 && next[j - 1] === true && accepts(token, characters[j - 1] ?? ''))
      else next[j] = j > 0 && reached[j - 1] === true && accepts(token, characters[j - 1] ?? '')
    }
    reached = next
  }
  return reached[characters.length] === true
}

function accepts(token: Token, character: string): boolean {
  if (token === STAR || token === ONE) return true
  if (token === STAR_IN_PART || token === ONE_IN_PART) return character !== ':'
  return token === character
}

export const wildcards = (text: string): readonly Token[] =>
  [...text].map((c) => (c === '*' ? STAR : c === '?' ? ONE : c))

/** A policy value with its variables replaced by what the request says. */
export type Resolved =
  | { readonly state: 'known'; readonly tokens: readonly Token[] }
  /** A variable has no value, several values, and no default: "any attempt to match it fails". */
  | { readonly state: 'unresolvable' }
  | { readonly state: 'unknown'; readonly keys: readonly string[] }

/**
 * What a variable stands for is text: an `*` in a tag's value is no wildcard. Source: IAM User Guide, "IAM policy
 * elements: Variables and tags" (`${*}` "use where you need an * character"; multivalued keys cannot be variables).
 */
export function resolve(value: string, request: Request, version: Policy['version']): Resolved {
  if (version === '2008-10-17') return { state: 'known', tokens: wildcards(value) }
  const tokens: Token[] = []
  const unknown: string[] = []
  for (const part of parseTemplate(value)) {
    if (part.kind === 'text') tokens.push(...wildcards(part.text))
    else if (part.kind === 'escaped') tokens.push(part.text)
    else {
      const entry = lookup(request, part.key)
      const text = entry.state === 'known' && entry.values.length === 1 ? entry.values[0] : part.fallback
      if (entry.state === 'unknown') unknown.push(part.key)
      else if (text === null || text === undefined) return { state: 'unresolvable' }
      else tokens.push(...text)
    }
  }
  return unknown.length > 0 ? { state: 'unknown', keys: unknown } : { state: 'known', tokens }
}

/** For operators without wildcards: the text itself. */
export const textOf = (tokens: readonly Token[]): string =>
  tokens.map((token) => (token === STAR ? '*' : token === ONE ? '?' : String(token))).join('')
