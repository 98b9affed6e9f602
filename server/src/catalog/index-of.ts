import type { Bilingual } from '../kernel/text.ts'
import { type Control, type ControlRecord, formsOf } from './record.ts'

export interface IndexEntry {
  readonly id: string
  readonly version: number
  readonly title: Bilingual
  readonly severity: ControlRecord['severity']
  readonly services: readonly string[]
  /** Type of control → kinds of its forms. */
  readonly forms: Readonly<Record<string, readonly string[]>>
  /** Framework → elements. */
  readonly edges: Readonly<Record<string, readonly string[]>>
}

export interface LibraryIndex {
  readonly note: string
  readonly controls: readonly IndexEntry[]
  /** Kind → number of forms. */
  readonly forms: Readonly<Record<string, number>>
}

/** `server/data/controls/index.json`: what there is, for those who do not want to read every folder. */
export const indexOf = (library: readonly Control[]): LibraryIndex => ({
  note: 'Written by tools/generate.mjs out of the folders beside it.',
  forms: counts(library.flatMap(({ record }) => formsOf(record).map(({ kind }) => kind))),
  controls: library.map(({ record }) => ({
    id: record.id,
    version: record.version,
    title: record.title,
    severity: record.severity,
    services: record.services,
    forms: Object.fromEntries(
      Object.entries(record.forms).map(([type, forms]) => [type, distinct(forms.map(({ kind }) => kind))]),
    ),
    edges: Object.fromEntries(
      distinct(record.frameworks.map(({ framework }) => framework)).map((framework) => [
        framework,
        distinct(record.frameworks.flatMap((edge) => (edge.framework === framework ? [edge.element] : []))),
      ]),
    ),
  })),
})

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)]

const counts = (values: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    distinct(values)
      .toSorted()
      .map((value) => [value, values.filter((one) => one === value).length]),
  )
