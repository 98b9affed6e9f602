import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { textIn } from '../../catalog/imports/files.ts'
import { invalid } from '../../kernel/errors.ts'

const LARGEST_BYTES = 50_000_000

/** The bytes of a file; `invalid` with its name when it cannot be read. */
export function bytesOf(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file)
    if (bytes.length <= LARGEST_BYTES) return bytes
  } catch (error) {
    throw invalid(
      'unreadable',
      `\`${file}\` cannot be read: ${error instanceof Error ? error.message : error}`,
    )
  }
  throw invalid('file_too_large', `\`${file}\` is larger than ${LARGEST_BYTES} bytes.`)
}

/** A text in UTF-8, or in Shift_JIS as spreadsheets of Japanese Windows are saved. */
export const textOf = (file: string): string => textIn({ name: file, bytes: bytesOf(file) })

/** Every file below a folder (or the one file) whose name ends so, by name. */
export function filesBelow(place: string, ending: string): readonly string[] {
  if (place.endsWith(ending)) return [place]
  try {
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
  } catch (error) {
    throw invalid(
      'unreadable',
      `\`${place}\` cannot be read: ${error instanceof Error ? error.message : error}`,
    )
  }
}

export function writeJson(file: string, value: unknown): void {
  try {
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  } catch (error) {
    throw invalid(
      'unwritable',
      `\`${file}\` cannot be written: ${error instanceof Error ? error.message : error}`,
    )
  }
}

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
