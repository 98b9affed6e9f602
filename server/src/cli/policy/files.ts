import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { invalid, RankanError } from '../../kernel/errors.ts'
import { checkText } from '../../policy/exchange/check.ts'
import { parseJson } from '../../policy/parse/json.ts'
import type { Policy, PolicyKind } from '../../policy/policies.ts'

export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new RankanError(
      'not_found',
      'file_not_readable',
      `\`${file}\` cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
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
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  if (lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line)))
    try {
      return lines.map((line): unknown => JSON.parse(line))
    } catch {
      // One document over several lines may look like that; its own faults are told.
    }
  return parsedJson(file, text)
}

export const readJson = (file: string): unknown => parsedJson(file, readText(file))

function parsedJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const problems = parseJson(text).problems
    throw new RankanError('invalid', 'not_json', `\`${file}\` is not JSON.`, {
      issues: problems.map(({ path, code, line, column, message }) => ({
        path: [path],
        code,
        message: `line ${line}, column ${column}: ${message}`,
      })),
    })
  }
}

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

const KINDS: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'boundary', 'session', 'scp', 'rcp']
export const KINDS_TEXT = KINDS.join(', ')

export function kindOf(text: string | undefined): PolicyKind | undefined {
  if (text === undefined) return undefined
  const kind = KINDS.find((known) => known === text.toLowerCase())
  if (kind !== undefined) return kind
  throw invalid('unknown_kind', `\`${text}\` is no kind of policy; known are ${KINDS_TEXT}.`)
}
