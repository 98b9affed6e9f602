import { controlNamed } from '../../catalog/library.ts'
import type { Stamp } from '../../catalog/oscal/stamp.ts'
import { catalogDocument } from '../../catalog/oscal/write-catalog.ts'
import { componentsDocument } from '../../catalog/oscal/write-components.ts'
import { mappingDocument } from '../../catalog/oscal/write-mapping.ts'
import type { Choice } from '../../catalog/oscal/write-profile.ts'
import { profileDocument } from '../../catalog/oscal/write-profile.ts'
import type { Control } from '../../catalog/record.ts'
import { controlSetBody } from '../../domain/controls/sets.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Language } from '../../kernel/text.ts'
import { readJson } from './files.ts'

export const EXPORTS = ['catalog', 'profile', 'component-definition', 'mapping-collection'] as const
export type ExportKind = (typeof EXPORTS)[number]

export interface ExportOptions {
  readonly lang?: string
  readonly set?: string
  readonly catalogHref: string
  readonly documentVersion: string
}

/** The library, or a control set of it, as an OSCAL document. */
export function exported(
  kind: ExportKind,
  library: readonly Control[],
  options: ExportOptions,
  now: Date,
): unknown {
  const stamp: Stamp = {
    lastModified: now.toISOString(),
    version: options.documentVersion,
    language: languageOf(options.lang),
  }
  if (kind === 'catalog') return catalogDocument(library, stamp)
  if (kind === 'component-definition') return componentsDocument(library, stamp)
  if (kind === 'mapping-collection') return mappingDocument(library, options.catalogHref, stamp)
  return profileDocument(choiceOf(options.set, library), options.catalogHref, stamp)
}

function languageOf(given = 'ja'): Language {
  if (given === 'ja' || given === 'en') return given
  throw invalid('bad_language', `\`${given}\` is no language of Rankan. Give \`ja\` or \`en\`.`)
}

function choiceOf(file: string | undefined, library: readonly Control[]): Choice {
  if (file === undefined)
    throw invalid(
      'no_set',
      'A profile needs a control set. Give its file: `--set server/data/control-sets/data-perimeter.json`',
    )
  const { title, controls } = readJson(file, controlSetBody)
  return {
    id: file.replace(/^.*[/\\]|\.json$/g, ''),
    title,
    controls: controls.map(({ control, values }) => ({
      id: controlNamed(library, control).record.id,
      values: values ?? {},
    })),
  }
}
