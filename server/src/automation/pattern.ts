/**
 * Patterns of our own documents only: a document from outside is never run here, so that a pattern that would take
 * exponential time is a fault of the document and not a way in. Texts are cut at what SSM takes for a parameter.
 */
const MAX_CHARACTERS = 4096

export const compiledPattern = (pattern: string): RegExp | null => {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u')
  } catch {
    return null
  }
}

export const matchesWhole = (pattern: string, value: string): boolean =>
  value.length <= MAX_CHARACTERS && compiledPattern(pattern)?.test(value) === true
