import { invalid } from '../kernel/errors.ts'
import type { Parameter } from './record.ts'

export type Values = Readonly<Record<string, string | readonly string[]>>

export const defaultsOf = (parameters: Readonly<Record<string, Parameter>>): Values =>
  Object.fromEntries(Object.entries(parameters).map(([name, { default: value }]) => [name, value]))

const WHOLE = /^\{\{(\w+)\}\}$/

/**
 * The document with `{{name}}` replaced. A list stands where a text or a member of a list stands; a text also inside
 * another text. `invalid` for a name without a value.
 */
export function fill(document: unknown, values: Values): unknown {
  if (typeof document === 'string') return fillText(document, values)
  if (Array.isArray(document))
    return document.flatMap((item) => {
      const filled = fill(item, values)
      return Array.isArray(filled) && typeof item === 'string' ? filled : [filled]
    })
  if (document === null || typeof document !== 'object') return document
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, fill(value, values)]))
}

function fillText(text: string, values: Values): unknown {
  const whole = WHOLE.exec(text)?.[1]
  if (whole !== undefined) return valueNamed(whole, values)
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = valueNamed(name, values)
    if (typeof value === 'string') return value
    throw invalid(
      'list_inside_text',
      `The parameter \`${name}\` is a list and cannot stand inside \`${text}\`.`,
    )
  })
}

function valueNamed(name: string, values: Values): string | readonly string[] {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  if (value !== undefined) return value
  throw invalid('parameter_missing', `The parameter \`${name}\` has no value. Declare it in \`parameters\`.`)
}
