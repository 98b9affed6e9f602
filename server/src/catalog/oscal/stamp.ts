import { v5 } from 'uuid'
import type { Bilingual, Language } from '../../kernel/text.ts'
import { type Metadata, OSCAL_VERSION, type Property } from './model.ts'

/** Of properties whose names are ours. */
export const NAMESPACE = 'urn:rankan:oscal'

const IDENTIFIERS = '823c26d8-9b5d-4d5a-9929-06901a803886'

/** What a document says of itself; the caller knows the day and the version. */
export interface Stamp {
  /** RFC 3339 with a time zone. */
  readonly lastModified: string
  readonly version: string
  readonly language: Language
}

/** A version 5 UUID of what is named: the same thing has the same UUID in every document. */
export const uuidOf = (...name: readonly string[]): string => v5(JSON.stringify(name), IDENTIFIERS)

/** A document is another one when its content's version or its language is. */
export const documentUuid = (
  kind: string,
  name: string,
  { version, lastModified, language }: Stamp,
): string => uuidOf(kind, name, version, lastModified, language)

export const metadataOf = (title: Bilingual, { lastModified, version, language }: Stamp): Metadata => ({
  title: title[language],
  'last-modified': lastModified,
  version,
  'oscal-version': OSCAL_VERSION,
  props: [own('language', language)],
})

export const own = (name: string, value: string): Property => ({ name, ns: NAMESPACE, value })
