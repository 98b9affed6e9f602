import { existsSync } from 'node:fs'
import type { ImportFile } from '../../catalog/imports/files.ts'
import { type ImportedLibrary, type ImportKind, importedLibrary } from '../../catalog/imports/imported.ts'
import type { OwnFramework } from '../../catalog/imports/own-framework.ts'
import { foreignLibrary, frameworkIn, setIn, spreadsheetIn } from '../../catalog/imports/read.ts'
import { spreadsheetMapping } from '../../catalog/imports/spreadsheet.ts'
import type { Control } from '../../catalog/record.ts'
import type { ControlSetBody } from '../../domain/controls/sets.ts'
import { bytesOf, filesBelow, readJson } from './files.ts'

const fileAt = (name: string): ImportFile => ({ name, bytes: bytesOf(name) })

/** The controls of another's library, from the file or folder where it is. */
export function importedFrom(kind: ImportKind, place: string, version: string | undefined): ImportedLibrary {
  const names = kind === 'control-tower' ? filesBelow(place, '.guard') : [place]
  return foreignLibrary(kind, names.map(fileAt), version ?? '', place)
}

/** What an earlier import wrote; null when there is none yet. */
export const earlier = (file: string | undefined): ImportedLibrary | null =>
  file === undefined || !existsSync(file) ? null : readJson(file, importedLibrary)

/** A framework out of an OSCAL catalog. */
export const frameworkFrom = (file: string, id: string): OwnFramework => frameworkIn(fileAt(file), id)

/** A framework out of a spreadsheet, with the edges that it gives. */
export const spreadsheetFrom = (
  file: string,
  mapping: string,
  library: readonly Control[],
): Promise<OwnFramework> => spreadsheetIn(fileAt(file), readJson(mapping, spreadsheetMapping), library)

/** The control set that an OSCAL profile chooses; `files` are the documents that it imports. */
export const setFrom = (
  file: string,
  files: readonly string[],
  library: readonly Control[],
): ControlSetBody => setIn(fileAt(file), files.map(fileAt), library)
