import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Control, controlCase, controlRecord, formsOf, isFileForm } from '../../catalog/record.ts'
import { invalid } from '../../kernel/errors.ts'
import { readJson, textOf } from './files.ts'

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
  const record = readJson(path.join(folder, 'control.json'), controlRecord)
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
    cases: readJson(path.join(folder, 'cases.json'), z.array(controlCase)),
  }
}

const documentOf = (folder: string, file: string): unknown =>
  file.endsWith('.json') ? readJson(path.join(folder, file), z.unknown()) : textOf(path.join(folder, file))
