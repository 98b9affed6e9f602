import { existsSync } from 'node:fs'
import { z } from 'zod'
import type { Framework } from '../../catalog/frameworks.ts'
import { conformancePackLibrary } from '../../catalog/imports/conformance-pack.ts'
import { controlTowerLibrary } from '../../catalog/imports/control-tower.ts'
import { type ImportedLibrary, type ImportKind, importedLibrary } from '../../catalog/imports/imported.ts'
import { securityHubLibrary } from '../../catalog/imports/security-hub.ts'
import {
  readSpreadsheet,
  type SpreadsheetImport,
  spreadsheetMapping,
} from '../../catalog/imports/spreadsheet.ts'
import { frameworkOf } from '../../catalog/oscal/framework-of.ts'
import { type OscalDocument, readOscal } from '../../catalog/oscal/read.ts'
import { resolveProfile } from '../../catalog/oscal/resolve-profile.ts'
import { type Control, frameworkEdge } from '../../catalog/record.ts'
import type { ControlSetBody } from '../../domain/controls/sets.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { filesBelow, readJson, textOf } from './files.ts'
import { sheetOf } from './sheet.ts'

const bilingual = z.object({ ja: z.string(), en: z.string() })

/** A framework of the operator's own with edges to it, as `control import` writes it and `control coverage --with` reads it. */
export const ownFramework = z.object({
  framework: z.object({
    id: z.string(),
    title: bilingual,
    source: z.string(),
    asOf: z.string(),
    elements: z.array(
      z.object({
        id: z.string(),
        parent: z.string().nullable(),
        title: bilingual.optional(),
        withdrawn: z.boolean().optional(),
      }),
    ),
  }),
  edges: z.array(z.object({ control: z.string(), edge: frameworkEdge })),
})

/** The controls of another's library, from the file or folder where it is. */
export function importedFrom(kind: ImportKind, place: string, version: string | undefined): ImportedLibrary {
  if (kind === 'security-hub') return securityHubLibrary(oscal(place, 'catalog').body, place)
  if (kind === 'conformance-pack')
    return conformancePackLibrary(textOf(place), baseName(place), version ?? '', place)
  const files = filesBelow(place, '.guard').map((name) => ({ name, text: textOf(name) }))
  if (files.length === 0) throw invalid('no_rules', `There is no file \`*.guard\` in \`${place}\`.`)
  return controlTowerLibrary(files, version ?? '', place)
}

const baseName = (place: string): string => place.replace(/^.*[/\\]|\.[^.]*$/g, '')

/** What an earlier import wrote; null when there is none yet. */
export const earlier = (file: string | undefined): ImportedLibrary | null =>
  file === undefined || !existsSync(file) ? null : readJson(file, importedLibrary)

/** A framework out of an OSCAL catalog. */
export const frameworkFrom = (file: string, id: string): { framework: Framework; edges: [] } => ({
  framework: frameworkOf(oscal(file, 'catalog').body, id, file),
  edges: [],
})

/** A framework out of a spreadsheet, with the edges that it gives. */
export function spreadsheetFrom(
  file: string,
  mapping: string,
  library: readonly Control[],
): SpreadsheetImport {
  const { headings, rows } = sheetOf(file)
  const controls = new Set(library.map(({ record }) => record.id))
  return readSpreadsheet(headings, rows, readJson(mapping, spreadsheetMapping), controls)
}

/** The library with the edges of an own framework added to its controls; `not_found` for a control that is gone. */
export function withEdges(
  library: readonly Control[],
  { edges }: Pick<SpreadsheetImport, 'edges'>,
): readonly Control[] {
  const ids = new Set(library.map(({ record }) => record.id))
  for (const { control } of edges) if (!ids.has(control)) throw notFound('control', control)
  return library.map(({ record, ...control }) => {
    const added = edges.filter((one) => one.control === record.id).map(({ edge }) => edge)
    return { ...control, record: { ...record, frameworks: [...record.frameworks, ...added] } }
  })
}

/**
 * The control set that an OSCAL profile chooses of our catalog. Documents that the profile imports are looked for
 * among `files` by the last part of their address, or are the one file given.
 */
export function setFrom(file: string, files: readonly string[], library: readonly Control[]): ControlSetBody {
  const { body } = oscal(file, 'profile')
  const { controls, parameters } = resolveProfile(body, (href) => documentAt(href, files))
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

function documentAt(href: string, files: readonly string[]): OscalDocument {
  const name = href.replace(/^.*\//, '')
  const file =
    files.find((one) => one === href || one.endsWith(name)) ?? (files.length === 1 ? files[0] : undefined)
  if (file === undefined)
    throw invalid(
      'import_unknown',
      `The profile imports \`${href}\`. Give that document with \`--catalog FILE\`.`,
    )
  return readOscal(textOf(file), file)
}

function oscal<K extends OscalDocument['kind']>(file: string, kind: K): Extract<OscalDocument, { kind: K }> {
  const document = readOscal(textOf(file), file)
  if (isKind(document, kind)) return document
  throw invalid('wrong_oscal', `\`${file}\` is a ${document.kind} of OSCAL; a ${kind} is wanted.`)
}

const isKind = <K extends OscalDocument['kind']>(
  document: OscalDocument,
  kind: K,
): document is Extract<OscalDocument, { kind: K }> => document.kind === kind
