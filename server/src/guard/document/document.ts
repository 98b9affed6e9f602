import { GUARD_LIMITS } from '../limits.ts'
import { lineFinder, type Position, positionAt } from './positions.ts'
import { GuardSyntaxError } from './problem.ts'
import { scanJson } from './scan-json.ts'
import { type Dialect, DOCUMENT, scanYaml, TESTS } from './scan-yaml.ts'
import type { GuardValue } from './value.ts'

/** A document that rules are evaluated on. Its places are found only when somebody asks (a failed clause). */
export interface GuardDocument {
  readonly value: GuardValue
  /** Line and column, both from 0 as cfn-guard prints them, of the value at this path. */
  locate(path: readonly string[]): { readonly line: number; readonly column: number }
}

/** The documents in a text: JSON has one; YAML may have several, of which cfn-guard reads the first. */
export function readDocuments(text: string): readonly GuardDocument[] {
  const source = bounded(text)
  const json = readJson(source)
  return json === null ? readYaml(source, DOCUMENT) : [json]
}

const readYaml = (source: string, dialect: Dialect): readonly GuardDocument[] =>
  scanYaml(source, dialect).map(({ value, position }) => located(value, source, () => position))

function bounded(text: string): string {
  if (text.length > GUARD_LIMITS.documentText)
    throw new GuardSyntaxError('document_too_long', {
      line: 1,
      column: 1,
      message: `The document has ${text.length} characters; the limit is ${GUARD_LIMITS.documentText}.`,
      hint: null,
    })
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/** The first document, as cfn-guard reads it. */
export const readDocument = (text: string): GuardDocument => firstOf(readDocuments(text))

/** A file of tests, which cfn-guard reads as another YAML than its documents. */
export const readTests = (text: string): GuardDocument => firstOf(readYaml(bounded(text), TESTS))

function firstOf([first]: readonly GuardDocument[]): GuardDocument {
  if (first !== undefined) return first
  throw new GuardSyntaxError('empty_document', {
    line: 1,
    column: 1,
    message: 'There is no document in this text.',
    hint: null,
  })
}

/** A document without a text, e.g. an item that came over the wire; every place is the start. */
export const documentOf = (value: GuardValue): GuardDocument => ({
  value,
  locate: () => ({ line: 0, column: 0 }),
})

function located(value: GuardValue, text: string, position: () => Position): GuardDocument {
  let find: ReturnType<typeof lineFinder> | undefined
  return {
    value,
    locate(path) {
      find ??= lineFinder(text)
      return find(positionAt(position(), path).offset)
    },
  }
}

/** What `JSON.parse` cannot tell: `1.0` and `1e2` are floats, and ints have 64 bits. */
const NUMBERS_LOST = /\d(?:\.\d*(?:0\b|[eE])|[eE])[-+\d]*\s*[,}\]]|\d{16}/

function readJson(text: string): GuardDocument | null {
  if (!/^\s*[[{]/.test(text)) return null
  try {
    const value = NUMBERS_LOST.test(text) ? scanJson(text).value : (JSON.parse(text) as GuardValue)
    let position: Position | undefined
    return shallow(value, GUARD_LIMITS.depth)
      ? located(value, text, () => {
          position ??= scanJson(text).position
          return position
        })
      : null
  } catch {
    return null // YAML in flow style; its reader says what is wrong
  }
}

function shallow(value: GuardValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((inner) => shallow(inner as GuardValue, depth - 1))
}
