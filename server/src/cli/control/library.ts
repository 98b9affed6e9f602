import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Control, controlCase, controlRecord, formsOf, isFileForm } from '../../catalog/record.ts'
import { invalid } from '../../kernel/errors.ts'

// From src/cli/control and from dist/cli/control alike.
const HOME = fileURLToPath(new URL('../../../data/controls/', import.meta.url))

/** The controls that come with Rankan, or those of another folder; one folder for each. */
export function readLibrary(folder = HOME): readonly Control[] {
  return foldersIn(folder)
    .map(readControl)
    .sort((a, b) => (a.record.id < b.record.id ? -1 : 1))
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name))
  } catch (error) {
    throw unreadable(folder, error)
  }
}

const unreadable = (place: string, error: unknown) =>
  invalid('unreadable', `\`${place}\` cannot be read: ${error instanceof Error ? error.message : error}`)

function readControl(folder: string): Control {
  const record = read(folder, 'control.json', controlRecord)
  if (record.id !== path.basename(folder))
    throw invalid('wrong_folder', `\`${folder}\` holds the control \`${record.id}\`. Give both one name.`)
  const present = new Set(readdirSync(folder))
  const files = formsOf(record)
    .filter(isFileForm)
    .map(({ file }) => file)
    .filter((file) => present.has(file))
  return {
    record,
    documents: Object.fromEntries(files.map((file) => [file, documentOf(folder, file)])),
    cases: read(folder, 'cases.json', z.array(controlCase)),
  }
}

const documentOf = (folder: string, file: string): unknown =>
  file.endsWith('.json') ? read(folder, file, z.unknown()) : readFileSync(path.join(folder, file), 'utf8')

function read<T>(folder: string, name: string, schema: z.ZodType<T>): T {
  const file = path.join(folder, name)
  const parsed = schema.safeParse(jsonOf(file))
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path: at, code, message }) => ({
    path: at.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    code,
    message,
  }))
  throw invalid('bad_control', `\`${file}\` is not as it should be.`, issues)
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw unreadable(file, error)
  }
}
