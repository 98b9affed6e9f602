/** Offset in the text of a place that a problem names; lines and columns count from 1, outside values are clamped. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n')
  const row = Math.min(Math.max(1, line), lines.length)
  const before = lines.slice(0, row - 1).reduce((sum, one) => sum + one.length + 1, 0)
  return before + Math.min(Math.max(0, column - 1), (lines[row - 1] ?? '').length)
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
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
