import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type CatalogueFile, catalogue, catalogueSource } from '../../policy/trail/catalogue.ts'
import type { IamFacts } from '../../policy/trail/facts.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'

const FOLDER = new URL('../../../data/cloudtrail/', import.meta.url)
const FILES = ['actions', 'resources', 'keys', 'implied', 'catalogue.generated'] as const

export interface LoadedTables {
  readonly tables: TrailTables
  readonly iam: IamFacts
  /** Digest of all of them: facts that were made with other tables are made anew. */
  readonly digest: string
}

/** The dated tables of this version. */
export function loadTables(): LoadedTables {
  const texts = FILES.map((name) => readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))
  const [actions, resources, keys, implied, actionsOfIam] = texts.map((text) => JSON.parse(text))
  return {
    tables: { actions, resources, keys, implied },
    iam: catalogue(catalogueSource(actionsOfIam as CatalogueFile)),
    digest: createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16),
  }
}
