import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Issue, invalid, RankanError } from '../../kernel/errors.ts'
import { checkText } from '../../policy/exchange/check.ts'
import { parseJson } from '../../policy/parse/json.ts'
import type { Policy, PolicyKind } from '../../policy/policies.ts'
import { whyOf } from '../files.ts'
import { repeatedKeys } from './repeated-keys.ts'

export function readText(file: string): string {
  try {
    // Editors on Windows put a byte order mark before it.
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new RankanError(
      'not_found',
      'file_not_readable',
      `\`${file}\` cannot be read: ${whyOf(error, 'file')}.`,
    )
  }
}

/** The `.json` files below a folder, in the order of their names; `null` when it is none. */
export function jsonFilesIn(folder: string): readonly string[] | null {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return null
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.toLowerCase().endsWith('.json') && !/(^|[\\/])(\.|node_modules)/.test(name))
    .map((name) => path.join(folder, name))
    .sort()
}

/** JSON, or JSON on each line. */
export function readJsonOrLines(file: string): unknown {
  const text = readText(file)
  const lines = text.split(/\r?\n/).flatMap((line, index) => (line.trim() === '' ? [] : [{ line, index }]))
  const [first] = lines
  // The first line of a document over several lines is none by itself.
  if (lines.length < 2 || first === undefined || !isJson(first.line)) return parsedJson(file, text)
  const issues = lines.flatMap(({ line, index }) => (isJson(line) ? [] : issuesOf(line, index)))
  if (issues.length > 0)
    throw new RankanError('invalid', 'not_json', `\`${file}\` has lines that are not JSON.`, { issues })
  refuse(
    file,
    lines.flatMap(({ line, index }) => repeatedKeys(line, index)),
  )
  return lines.map(({ line }): unknown => JSON.parse(line))
}

export const readJson = (file: string): unknown => parsedJson(file, readText(file))

function parsedJson(file: string, text: string): unknown {
  if (!isJson(text))
    throw new RankanError('invalid', 'not_json', `\`${file}\` is not JSON.`, { issues: issuesOf(text) })
  refuse(file, repeatedKeys(text))
  return JSON.parse(text)
}

function refuse(file: string, repeated: readonly Issue[]): void {
  if (repeated.length > 0)
    throw invalid('duplicate_key', `\`${file}\` has objects with the same key twice.`, repeated)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Faults of a text that begins after so many lines of its file. */
const issuesOf = (text: string, linesBefore = 0): readonly Issue[] =>
  parseJson(text).problems.map(({ path, code, line, column, message }) => ({
    path: [path],
    code,
    message: `line ${line + linesBefore}, column ${column}: ${message}`,
  }))

/** All policies of a file; a file with a fault, or with none, is an error with every place. */
export function readPolicies(file: string, kind: PolicyKind | undefined): readonly Policy[] {
  const { documents, problems } = checkText(readText(file), kind)
  const faults = [...problems, ...documents.flatMap((one) => one.problems)].filter(
    ({ severity, code }) => severity === 'error' && code !== 'too_long',
  )
  if (faults.length > 0)
    throw invalid(
      'bad_policy',
      `\`${file}\` has ${faults.length} fault(s); \`rankan policy check\` tells more.`,
      faults.map(({ path, code, line, column, message }) => ({
        path: [file, path],
        code,
        message: `line ${line}, column ${column}: ${message}`,
      })),
    )
  const policies = documents.flatMap(({ policy, at }) =>
    policy === null ? [] : [{ ...policy, name: at === '$' ? file : `${file} ${at}` }],
  )
  if (policies.length === 0) throw invalid('no_policy', `There is no IAM policy, SCP or RCP in \`${file}\`.`)
  return policies
}

/**
 * The policies of files that are to be taken together. Where the kind was guessed for each document (an SCP that only denies, one
 * that allows), all are read as the kind that takes them all.
 */
export function readTogether(
  files: readonly string[],
  kind: PolicyKind | undefined,
): readonly (readonly Policy[])[] {
  const read = files.map((file) => readPolicies(file, kind))
  const kinds = new Set(read.flat().map((policy) => policy.kind))
  const common = kind === undefined && kinds.size > 1 ? commonKind([...kinds]) : undefined
  return common === undefined ? read : files.map((file) => readPolicies(file, common))
}

const commonKind = (kinds: readonly PolicyKind[]): PolicyKind | undefined =>
  [
    { common: 'identity' as const, of: ['identity', 'scp'] },
    { common: 'resource' as const, of: ['resource', 'rcp', 'trust'] },
  ].find(({ of }) => kinds.every((kind) => of.includes(kind)))?.common

const KINDS: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'boundary', 'session', 'scp', 'rcp']
export const KINDS_TEXT = KINDS.join(', ')

export function kindOf(text: string | undefined): PolicyKind | undefined {
  if (text === undefined) return undefined
  const kind = KINDS.find((known) => known === text.toLowerCase())
  if (kind !== undefined) return kind
  throw invalid('unknown_kind', `\`${text}\` is no kind of policy; known are ${KINDS_TEXT}.`)
}
