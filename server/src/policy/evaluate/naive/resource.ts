import type { PatternElement, Policy } from '../../policies.ts'
import type { Request } from '../../request.ts'
import { any, not, type Truth, truthOf } from '../../truth.ts'
import { matchesTokens, ONE, ONE_IN_PART, resolve, STAR, STAR_IN_PART, type Token } from './pattern.ts'

/** `Resource` or `NotResource`; `null` (trust policies, some resource policies) is the resource itself. */
export function evaluateResource(
  element: PatternElement | null,
  request: Request,
  version: Policy['version'],
): Truth {
  if (element === null) return 'yes'
  const arn = request.resource.arn
  const each = element.patterns.map((pattern): Truth | 'unresolvable' => {
    if (pattern === '*') return 'yes'
    const resolved = resolve(pattern, request, version)
    if (resolved.state === 'unresolvable') return 'unresolvable'
    if (arn === null || resolved.state === 'unknown') return 'unknown'
    const tokens = withinParts(resolved.tokens)
    return request.resource.isBeginning === true
      ? matchesBeginning(tokens, arn)
      : truthOf(matchesTokens(tokens, arn))
  })
  const matched = any(each.map((result) => (result === 'unresolvable' ? 'no' : result)))
  if (!element.negated) return matched
  // A variable that cannot be resolved makes the statement invalid; with `NotResource` it must not widen it.
  if (matched !== 'yes' && each.includes('unresolvable')) return 'no'
  return not(matched)
}

/** The ARN goes on with some text without a colon: a star at the end takes any, else what is left decides whether one fits. */
function matchesBeginning(tokens: readonly Token[], beginning: string): Truth {
  if (tokens.at(-1) === STAR && matchesTokens(tokens, beginning)) return 'yes'
  const cuts = Array.from({ length: tokens.length + 1 }, (_, cut) => cut)
  return cuts.some(
    (cut) => matchesTokens(tokens.slice(0, cut), beginning) && !tokens.slice(cut).includes(':'),
  )
    ? 'unknown'
    : 'no'
}

/**
 * "You can use wildcard characters (* and ?) within the individual segments of an ARN. If the * wildcard is the last
 * character of a resource ARN segment, it can expand to match beyond the colon boundaries." (IAM User Guide,
 * Resource) So elsewhere in the first five parts it stops at a colon.
 */
function withinParts(tokens: readonly Token[]): readonly Token[] {
  let colons = 0
  return tokens.map((token, i) => {
    if (token === ':') colons++
    if (colons >= 5) return token
    const last = tokens[i + 1] === ':' || tokens[i + 1] === undefined
    if (token === STAR && !last) return STAR_IN_PART
    return token === ONE ? ONE_IN_PART : token
  })
}

/** Variables of the patterns that the request does not tell. */
export const openResourceKeys = (
  element: PatternElement | null,
  request: Request,
  version: Policy['version'],
): readonly string[] =>
  (element?.patterns ?? []).flatMap((pattern) => {
    const resolved = resolve(pattern, request, version)
    return resolved.state === 'unknown' ? resolved.keys : []
  })
