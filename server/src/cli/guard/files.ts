import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { RankanError } from '../../kernel/errors.ts'

export const RULE_ENDINGS: readonly string[] = ['.guard', '.ruleset']
export const DATA_ENDINGS: readonly string[] = ['.yaml', '.yml', '.json', '.jsn', '.template']

export interface TextFile {
  /** As the reports name it. */
  readonly name: string
  /** Where it lies, from the root and without links; left out for what came from standard input. */
  readonly file?: string
  readonly text: string
}

export type Order = 'alphabetical' | 'last_modified'

/** Files that were named, and in folders those with one of the endings. */
export function readFiles(
  places: readonly string[],
  endings: readonly string[],
  order: Order = 'alphabetical',
): readonly TextFile[] {
  return places
    .flatMap((place) => inOrder(filesAt(place, endings), order))
    .map((file) => ({ name: file, text: readText(file), ...placeOf(file) }))
}

const placeOf = (file: string): { file?: string } => (file === '-' ? {} : { file: realpathSync(file) })

const inOrder = (files: readonly string[], order: Order): readonly string[] =>
  [...files].sort(order === 'alphabetical' ? undefined : (a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs)

function filesAt(place: string, endings: readonly string[]): readonly string[] {
  if (!isFolder(place)) return [place]
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(place, name))
    .filter((file) => endings.some((ending) => file.endsWith(ending)) && statSync(file).isFile())
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory()
  } catch {
    throw new RankanError('not_found', 'file_not_readable', `The path \`${place}\` does not exist.`)
  }
}

/** `-` is standard input. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RankanError('not_found', 'file_not_readable', `\`${file}\` cannot be read: ${why}.`)
  }
}
