import { type Issue, invalid } from '../../kernel/errors.ts'
import { didYouMean } from '../parse/nearest.ts'

export type Path = readonly (string | number)[]
export type Fields = Readonly<Record<string, unknown>>

/** Collects what is wrong with an input, so that one run tells everything. */
export interface Reader {
  readonly issues: readonly Issue[]
  fail(path: Path, code: string, message: string): null
  /** The object at `path` with only the fields that are known, or `null` (reported). */
  fields(value: unknown, path: Path, known: readonly string[]): Fields | null
  text(value: unknown, path: Path): string | null
}

export function createReader(): Reader {
  const issues: Issue[] = []
  const fail = (path: Path, code: string, message: string): null => {
    issues.push({ path, code, message })
    return null
  }
  return {
    issues,
    fail,
    fields(value, path, known) {
      if (!isFields(value)) return fail(path, 'not_an_object', `Expected an object, found ${kindOf(value)}.`)
      for (const key of Object.keys(value))
        if (!known.includes(key))
          fail(
            [...path, key],
            'unknown_field',
            `There is no field \`${key}\`. ${didYouMean(key, known, `Known are ${known.join(', ')}.`)}`,
          )
      return value
    },
    text: (value, path) =>
      typeof value === 'string' ? value : fail(path, 'not_text', `Expected a text, found ${kindOf(value)}.`),
  }
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return '`null`'
  return Array.isArray(value)
    ? 'a list'
    : typeof value === 'object'
      ? 'an object'
      : `the ${typeof value} \`${String(value)}\``
}

/** Throws what was collected. */
export function settle(reader: Reader, what: string): void {
  if (reader.issues.length > 0)
    throw invalid('bad_input', `${what} has ${reader.issues.length} fault(s).`, reader.issues)
}
