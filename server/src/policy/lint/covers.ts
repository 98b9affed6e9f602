import { compileGlob, patternCodes } from '../compile/glob.ts'

/** Whether every word that `narrow` can match is matched by `wide`: certain for plain patterns, else only when equal. */
export function coversPattern(wide: string, narrow: string, ignoreCase: boolean): boolean {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  if (wide === '*' || fold(wide) === fold(narrow)) return true
  // A pattern without variables matches the text of a narrower pattern as if its wildcards were characters.
  return (
    !`${wide}${narrow}`.includes('?') &&
    !`${wide}${narrow}`.includes('${') &&
    isPrefix(wide) &&
    compileGlob(patternCodes(fold(wide)))(fold(narrow))
  )
}

/** `abc*`: the one star stands at the end, where it also reaches over colons. */
const isPrefix = (pattern: string) => pattern.indexOf('*') === pattern.length - 1
