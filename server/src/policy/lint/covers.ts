/** Whether every word that `narrow` can match is matched by `wide`: certain for plain patterns, else only when equal. */
export function coversPattern(wide: string, narrow: string, ignoreCase: boolean): boolean {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  if (wide === '*' || fold(wide) === fold(narrow)) return true
  // A pattern without variables matches the text of a narrower pattern as if its wildcards were characters.
  return (
    isPrefix(wide) &&
    !isSpecial(wide) &&
    !isSpecial(narrow) &&
    fold(narrow).startsWith(fold(wide.slice(0, -1)))
  )
}

/** `abc*`: the one star stands at the end, where it also reaches over colons. */
export const isPrefix = (pattern: string) => pattern.indexOf('*') === pattern.length - 1

const isSpecial = (pattern: string) => pattern.includes('?') || pattern.includes('$'.concat('{'))
