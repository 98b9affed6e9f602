import type { z } from 'zod'
import { invalid } from '../../kernel/errors.ts'
import { textOf } from './exchange-files.ts'

/** A JSON file of a shape; `invalid` with the path of each wrong member. */
export function readJson<T>(file: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parsed(file))
  if (result.success) return result.data
  throw invalid(
    'bad_file',
    `\`${file}\` is not as it should be.`,
    result.error.issues.map(({ path, code, message }) => ({
      path: path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
      code,
      message,
    })),
  )
}

function parsed(file: string): unknown {
  const text = textOf(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid('bad_json', `\`${file}\` is no JSON: ${error instanceof Error ? error.message : error}`)
  }
}
