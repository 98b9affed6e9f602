import { parseTemplate, type TemplatePart } from '../parse/variables.ts'
import { lookup, type Request } from '../request.ts'
import { codesOf, patternCodes } from './glob.ts'

/** A value with policy variables, read once. */
export interface Template {
  /** Keys of the variables, in lower case. */
  readonly keys: readonly string[]
  /** Codes with the variables filled in; or why not. */
  resolve(request: Request): readonly number[] | 'unresolvable' | 'unknown'
}

/** `null` when the value has no variables (or escapes), so that it can be compiled for good. */
export function compileTemplate(value: string): Template | null {
  const parts = parseTemplate(value)
  if (parts.every(({ kind }) => kind === 'text')) return null
  const pieces = parts.map((part) => (part.kind === 'text' ? patternCodes(part.text) : null))
  return {
    keys: parts.flatMap((part) => (part.kind === 'variable' ? [part.key] : [])),
    resolve(request) {
      const codes: number[] = []
      let unknown = false
      for (let i = 0; i < parts.length; i++) {
        const piece = pieces[i] ?? fill(parts[i] as TemplatePart, request)
        if (piece === 'unresolvable') return piece
        if (piece === 'unknown') unknown = true
        else for (const code of piece) codes.push(code)
      }
      return unknown ? 'unknown' : codes
    },
  }
}

function fill(part: TemplatePart, request: Request): readonly number[] | 'unresolvable' | 'unknown' {
  if (part.kind !== 'variable') return codesOf(part.text)
  const entry = lookup(request, part.key)
  if (entry.state === 'unknown') return 'unknown'
  const value = entry.state === 'known' && entry.values.length === 1 ? entry.values[0] : part.fallback
  return value === null || value === undefined ? 'unresolvable' : codesOf(value)
}
