import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FactsIndex, ServiceFile } from '../../policy/facts.ts'
import { catalogue, catalogueSource } from '../../policy/trail/catalogue.ts'
import type { IamFacts } from '../../policy/trail/facts.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'

const FOLDER = new URL('../../../data/cloudtrail/', import.meta.url)
const FILES = ['actions', 'resources', 'keys', 'implied'] as const
const IAM = new URL('../../../data/iam/generated/', import.meta.url)

/**
 * Raised by one whenever code makes other facts of the same trail, or reads or refuses other files: facts of before are
 * then made anew.
 */
const READER = 3

export interface LoadedTables {
  readonly tables: TrailTables
  readonly iam: IamFacts
  /** Digest of all of them and of the version of the code: facts that were made otherwise are made anew. */
  readonly digest: string
}

/** The dated tables of this version. AWS's actions are read service by service, when an event speaks of one. */
export function loadTables(): LoadedTables {
  const texts = FILES.map((name) => readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))
  const [actions, resources, keys, implied] = texts.map((text) => JSON.parse(text))
  const index = iamIndex()
  return {
    tables: { actions, resources, keys, implied },
    iam: catalogue(catalogueSource(Object.keys(index.services), iamService)),
    digest: createHash('sha256')
      .update([`${READER}`, ...texts, index.digest].join('\n'))
      .digest('hex')
      .slice(0, 16),
  }
}

/** Every action that AWS has: `s3:GetObject`. */
export const allActionNames = (): readonly string[] =>
  Object.keys(iamIndex().services).flatMap((service) =>
    Object.keys(iamService(service).actions).map((name) => `${service}:${name}`),
  )

const iamIndex = (): FactsIndex => JSON.parse(readFileSync(new URL('index.json', IAM), 'utf8'))
const iamService = (prefix: string): ServiceFile =>
  JSON.parse(readFileSync(new URL(`services/${prefix}.json`, IAM), 'utf8'))
