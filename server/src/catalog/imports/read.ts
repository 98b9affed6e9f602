import type { ControlSetBody } from '../../domain/controls/sets.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { frameworkOf } from '../oscal/framework-of.ts'
import { type OscalDocument, readOscal } from '../oscal/read.ts'
import { resolveProfile } from '../oscal/resolve-profile.ts'
import type { Control } from '../record.ts'
import { conformancePackLibrary } from './conformance-pack.ts'
import { controlTowerLibrary } from './control-tower.ts'
import { baseName, type ImportFile, textIn } from './files.ts'
import type { ImportedLibrary, ImportKind } from './imported.ts'
import type { OwnFramework } from './own-framework.ts'
import { isDefinitions, securityHubDefinitions, securityHubLibrary } from './security-hub.ts'
import { sheetOf } from './sheet.ts'
import { readSpreadsheet, type SpreadsheetMapping } from './spreadsheet.ts'

/** The controls of another's library, from its files. `source` says where they came from. */
export function foreignLibrary(
  kind: ImportKind,
  files: readonly ImportFile[],
  version: string,
  source: string,
): ImportedLibrary {
  if (kind === 'control-tower') return controlTowerLibrary(ruleFiles(files, source), version, source)
  const file = only(files)
  if (kind === 'conformance-pack')
    return conformancePackLibrary(textIn(file), baseName(file.name), version, source)
  const text = textIn(file)
  return isDefinitions(text)
    ? securityHubDefinitions(text, version, source)
    : securityHubLibrary(catalogIn(file), source)
}

function ruleFiles(files: readonly ImportFile[], source: string) {
  const rules = files.filter(({ name }) => name.endsWith('.guard'))
  if (rules.length === 0) throw invalid('no_rules', `There is no file \`*.guard\` in \`${source}\`.`)
  return rules.map((file) => ({ name: file.name, text: textIn(file) }))
}

function only(files: readonly ImportFile[]): ImportFile {
  const [file] = files
  if (file !== undefined && files.length === 1) return file
  throw invalid('one_file', `${files.length} files were given; this import reads one.`)
}

/** A framework out of an OSCAL catalog. */
export const frameworkIn = (file: ImportFile, id: string): OwnFramework => {
  const { elements, ...framework } = frameworkOf(catalogIn(file), id, file.name)
  return { framework: { ...framework, elements: elements.map((one) => ({ ...one })) }, edges: [] }
}

/** A framework out of a spreadsheet, with the edges that it gives. */
export async function spreadsheetIn(
  file: ImportFile,
  mapping: SpreadsheetMapping,
  library: readonly Control[],
): Promise<OwnFramework> {
  const { headings, rows } = await sheetOf(file)
  const controls = new Set(library.map(({ record }) => record.id))
  const { framework, edges } = readSpreadsheet(headings, rows, mapping, controls)
  return {
    framework: { ...framework, elements: framework.elements.map((one) => ({ ...one })) },
    edges: [...edges],
  }
}

/**
 * The control set that an OSCAL profile chooses of our catalog. Documents that the profile imports are looked for
 * among `documents` by the last part of their address, or are the one given.
 */
export function setIn(
  file: ImportFile,
  documents: readonly ImportFile[],
  library: readonly Control[],
): ControlSetBody {
  const { body } = documentOf(file, 'profile')
  const { controls, parameters } = resolveProfile(body, (href) => documentAt(href, documents))
  const own = new Map(library.map(({ record }) => [record.id, record]))
  const { title } = body.metadata
  return {
    title: { ja: title, en: title },
    description: { ja: title, en: title },
    controls: controls.map(({ id }) => {
      const record = own.get(id)
      if (record === undefined) throw notFound('control', id)
      const values = Object.entries(record.parameters).flatMap(([name, { type }]) => {
        const given = parameters[`${id}_${name}`]
        if (given === undefined) return []
        return [[name, type === 'list' ? [...given] : (given[0] ?? '')] as const]
      })
      return { control: id, ...(values.length > 0 ? { values: Object.fromEntries(values) } : {}) }
    }),
  }
}

function documentAt(href: string, documents: readonly ImportFile[]): OscalDocument {
  const name = href.replace(/^.*\//, '')
  const file =
    documents.find((one) => one.name === href || one.name.endsWith(name)) ??
    (documents.length === 1 ? documents[0] : undefined)
  if (file === undefined)
    throw invalid('import_unknown', `The profile imports \`${href}\`. Give that document, too.`)
  return readOscal(textIn(file), file.name)
}

const catalogIn = (file: ImportFile) => documentOf(file, 'catalog').body

function documentOf<K extends OscalDocument['kind']>(
  file: ImportFile,
  kind: K,
): Extract<OscalDocument, { kind: K }> {
  const document = readOscal(textIn(file), file.name)
  if (isKind(document, kind)) return document
  throw invalid('wrong_oscal', `\`${file.name}\` is a ${document.kind} of OSCAL; a ${kind} is wanted.`)
}

const isKind = <K extends OscalDocument['kind']>(
  document: OscalDocument,
  kind: K,
): document is Extract<OscalDocument, { kind: K }> => document.kind === kind
