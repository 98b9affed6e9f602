export const VARIABLE_HINT = 'A variable looks like `$'.concat('{aws:PrincipalTag/team}`.')

/** A piece of a policy value: literal text, or a policy variable. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `${*}`, `${?}`, `${$}`: the character itself, never a wildcard. */
  | { readonly kind: 'escaped'; readonly text: string }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | null }

// `${aws:PrincipalTag/team, 'none'}`: key, and after a comma a default in single quotes. No two neighbours may share characters:
// a value of many blanks would take hours.
const VARIABLE = /^([^,'{}]*)(?:,\s*'([^']*)')?$/

/**
 * Splits a value at its policy variables. What looks like a variable but is not closed stays text, as does
 * everything in a policy of version 2008-10-17 (the caller's business).
 * Source: IAM User Guide, "IAM policy elements: Variables and tags".
 */
export function parseTemplate(value: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let at = 0
  while (at < value.length) {
    const start = value.indexOf('${', at)
    const end = start < 0 ? -1 : value.indexOf('}', start)
    if (end < 0) break
    if (start > at) parts.push({ kind: 'text', text: value.slice(at, start) })
    parts.push(variableOf(value.slice(start + 2, end), value.slice(start, end + 1)))
    at = end + 1
  }
  if (at < value.length) parts.push({ kind: 'text', text: value.slice(at) })
  return parts
}

function variableOf(inside: string, whole: string): TemplatePart {
  if (inside === '*' || inside === '?' || inside === '$') return { kind: 'escaped', text: inside }
  const [, key = '', fallback = null] = VARIABLE.exec(inside.trim()) ?? []
  if (key.trim() === '') return { kind: 'text', text: whole }
  return { kind: 'variable', key: key.trim().toLowerCase(), fallback }
}

export const hasVariable = (value: string): boolean => value.includes('${')

/** What is wrong with the variables of a value, in words, or `null`. */
export function variableProblem(value: string): string | null {
  for (let start = value.indexOf('${'); start >= 0; start = value.indexOf('${', start + 2)) {
    const end = value.indexOf('}', start)
    if (end < 0) return 'a variable is not closed with `}`'
    const inside = value.slice(start + 2, end)
    if (/^[*?$]$/.test(inside)) continue
    const key = VARIABLE.exec(inside)?.[1]
    if (key === undefined || key === '') return `\`\${${inside}}\` is no variable`
  }
  return null
}
