import { canonicalJson } from '../kernel/json.ts'

/** What stands between `{{` and `}}`: `Parameter`, `step.Output`, `global:REGION`, `automation:EXECUTION_ID`. */
const REFERENCE = /\{\{\s*([A-Za-z0-9_:.]+)\s*\}\}/g
const WHOLE = /^\{\{\s*([A-Za-z0-9_:.]+)\s*\}\}$/

/** Every reference in a value with the path to its text. */
export function referencesIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly { readonly reference: string; readonly path: readonly (string | number)[] }[] {
  if (typeof value === 'string')
    return [...value.matchAll(REFERENCE)].map(([, reference = '']) => ({ reference, path }))
  if (Array.isArray(value)) return value.flatMap((item, i) => referencesIn(item, [...path, i]))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => referencesIn(item, [...path, key]))
}

/** The value with its references replaced; a text that is one reference takes the type of what it refers to. */
export function fillReferences(value: unknown, resolve: (reference: string) => unknown): unknown {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value)?.[1]
    return whole === undefined
      ? value.replace(REFERENCE, (_, reference: string) => textOf(resolve(reference)))
      : resolve(whole)
  }
  if (Array.isArray(value)) return value.map((item) => fillReferences(item, resolve))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillReferences(item, resolve)]))
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : canonicalJson(value))
