const fold = (text: string, ignoreCase: boolean) => (ignoreCase ? text.toLowerCase() : text)

/** `abc*`: the one star stands at the end, where it also reaches over colons. */
const isPrefix = (pattern: string) => pattern !== '' && pattern.indexOf('*') === pattern.length - 1

const isSpecial = (pattern: string) => pattern.includes('?') || pattern.includes('$'.concat('{'))

/** Whether every word that `narrow` can match is matched by `wide`. */
export const coversPattern = (wide: string, narrow: string, ignoreCase: boolean): boolean =>
  coveringIn([wide], ignoreCase)(narrow).length > 0

/**
 * The patterns of a list that match every word that `narrow` can match, in their order: certain for plain patterns, else only
 * when equal. Of patterns that differ in case alone the first. Looked up by their beginnings, as lists of AWS have thousands.
 */
export function coveringIn(
  patterns: readonly string[],
  ignoreCase: boolean,
): (narrow: string) => readonly string[] {
  const whole = new Map<string, number>()
  const beginnings = new Map<string, number>()
  const add = (to: Map<string, number>, key: string, i: number) => void (to.has(key) || to.set(key, i))
  for (const [i, pattern] of patterns.entries()) {
    add(whole, fold(pattern, ignoreCase), i)
    // A pattern without variables matches the text of a narrower pattern as if its wildcards were characters.
    if (isPrefix(pattern) && !isSpecial(pattern)) add(beginnings, fold(pattern.slice(0, -1), ignoreCase), i)
  }
  const lengths = [...new Set([...beginnings.keys()].map((text) => text.length))]
  return (narrow) => {
    const text = fold(narrow, ignoreCase)
    // Of what has variables or `?` in it, only everything and the same are certain to cover it.
    const known = isSpecial(narrow) ? [0] : lengths
    const found = known.flatMap((n) => (n > text.length ? [] : (beginnings.get(text.slice(0, n)) ?? [])))
    const same = whole.get(text)
    const places = [...new Set(same === undefined ? found : [...found, same])]
    return places.sort((a, b) => a - b).map((i) => patterns[i] ?? '')
  }
}
