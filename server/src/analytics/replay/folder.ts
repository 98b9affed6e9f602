import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Issue, invalid, RankanError } from '../../kernel/errors.ts'
import { documentOf } from '../../policy/exchange/document.ts'
import { parseJson } from '../../policy/parse/json.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import type { Policy } from '../../policy/policies.ts'
import type { Sourced } from './exemption.ts'

export type GuardKind = 'scp' | 'rcp'
export interface PolicyFile extends Sourced {
  readonly kind: GuardKind
  /** For messages. */
  readonly file: string
}

/** All SCPs and RCPs of a folder and its folders: `*.json`, each a document or an answer of `describe-policy`. */
export function readFolder(dir: string): readonly PolicyFile[] {
  const files = listing(dir)
  if (files.length === 0)
    throw new RankanError('not_found', 'no_policies', `There is no \`.json\` file in \`${dir}\`.`)
  const found = files.map((file) => readOne(dir, file))
  const twice = found.find(({ name }, index) => found.findIndex((other) => other.name === name) < index)
  if (twice !== undefined)
    throw invalid(
      'same_name',
      `Two files of \`${dir}\` have the name \`${twice.name}\`; a tree could not tell them apart.`,
    )
  return found
}

function listing(dir: string): readonly string[] {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === false)
    throw invalid('not_a_folder', `\`${dir}\` is a file; name the folder that holds the policies.`)
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch (error) {
    throw new RankanError(
      'not_found',
      'folder_not_readable',
      `The folder \`${dir}\` cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}

function readOne(dir: string, file: string): PolicyFile {
  // Editors on Windows put a byte order mark before it.
  const text = readFileSync(path.join(dir, file), 'utf8').replace(/^\ufeff/, '')
  const value = jsonOf(file, text)
  const found = documentOf(value)
  const document = typeof found?.source === 'string' ? (JSON.parse(found.source) as unknown) : found?.source
  if (document === undefined)
    throw invalid(
      'not_a_policy',
      `There is no policy document in \`${file}\`. Every \`.json\` file of the folder is read as an SCP or RCP: keep others elsewhere.`,
    )
  const name =
    found?.name ??
    file
      .replace(/\.json$/, '')
      .split(path.sep)
      .join('/')
  return { name, document, kind: kindOf(file, text, document), file }
}

/** What a key that is there twice says first would be lost: that is a fault, like what is no JSON. */
function jsonOf(file: string, text: string): unknown {
  const faults = parseJson(text).problems.filter(({ severity }) => severity === 'error')
  if (faults.length > 0)
    throw invalid(
      'not_json',
      `\`${file}\` cannot be read as JSON.`,
      faults.map(({ path: at, code, line, column, message }) => ({
        path: [file, at],
        code,
        message: `line ${line}, column ${column}: ${message}`,
      })),
    )
  return JSON.parse(text)
}

/** `rcps/…`, `….rcp.json`, AWS's own word, or a document that speaks of principals. */
function kindOf(file: string, text: string, document: unknown): GuardKind {
  if (/(^|[/\\])rcps?[/\\]|[._-]rcp\.json$/i.test(file) || text.includes('"RESOURCE_CONTROL_POLICY"'))
    return 'rcp'
  if (/(^|[/\\])scps?[/\\]|[._-]scp\.json$/i.test(file) || text.includes('"SERVICE_CONTROL_POLICY"'))
    return 'scp'
  return JSON.stringify(document).includes('"Principal":') ? 'rcp' : 'scp'
}

/** Parsed policies; what AWS would refuse is an error, with every place. */
export function parsedOf(files: readonly PolicyFile[]): readonly Policy[] {
  const issues: Issue[] = []
  const policies = files.flatMap(({ name, kind, document, file }) => {
    const { policy, problems } = parsePolicy(document as object, kind, { name })
    for (const { severity, code, message, path: at } of problems)
      if (severity === 'error' && code !== 'too_long') issues.push({ path: [file, at], code, message })
    return policy === null ? [] : [policy]
  })
  if (issues.length > 0)
    throw invalid(
      'bad_policy',
      `The policies have ${issues.length} fault(s); \`rankan policy check\` tells more.`,
      issues,
    )
  return policies
}
