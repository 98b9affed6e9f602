/** Offset in the text of a place that a problem names; lines and columns count from 1, outside values are clamped. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n')
  const row = Math.min(Math.max(1, line), lines.length)
  const before = lines.slice(0, row - 1).reduce((sum, one) => sum + one.length + 1, 0)
  return before + Math.min(Math.max(0, column - 1), (lines[row - 1] ?? '').length)
}

export const lineCount = (text: string): number => text.split('\n').length

/** The text as people write policies: two spaces; `null` where it is no JSON. */
export function formatted(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return null
  }
}
