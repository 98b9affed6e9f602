import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Note } from '../../checks/finding.ts'
import { type Input, inputOf, inputsOfAssembly, looksLikeTemplate } from '../../checks/inputs.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { GivenValues } from '../../templates/cloudformation/parameters.ts'

const ENDINGS = ['.yaml', '.yml', '.json', '.jsn', '.template'] as const
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.terraform', 'dist'])

export interface Found {
  readonly inputs: readonly Input[]
  readonly notes: readonly Note[]
}

/** Everything under the paths that can be checked; a file that is named must be one. @throws {RankanError} */
export function findInputs(places: readonly string[], given: GivenValues): Found {
  const found = places.map((place) => inputsAt(place, given))
  return { inputs: found.flatMap(({ inputs }) => inputs), notes: found.flatMap(({ notes }) => notes) }
}

function inputsAt(place: string, given: GivenValues): Found {
  if (isFolder(place)) return inFolder(place, given)
  if (path.basename(place) === 'manifest.json' && isAssembly(path.dirname(place)))
    return assembly(path.dirname(place), given)
  const input = inputOf(named(place), textOf(place), given)
  if (input !== null) return { inputs: [input], notes: [] }
  throw new RankanError(
    'invalid',
    'not_a_template',
    `\`${place}\` is neither a CloudFormation template, nor a CDK assembly, nor a Terraform plan in JSON.`,
  )
}

function inFolder(folder: string, given: GivenValues): Found {
  if (isAssembly(folder)) return assembly(folder, given)
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  const found = entries.map((entry): Found => {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? NOTHING : inFolder(place, given)
    if (!entry.isFile() || !ENDINGS.some((ending) => entry.name.endsWith(ending))) return NOTHING
    return perhaps(place, given)
  })
  return { inputs: found.flatMap(({ inputs }) => inputs), notes: found.flatMap(({ notes }) => notes) }
}

const NOTHING: Found = { inputs: [], notes: [] }

/** A file that was not named may be anything; what looks like a template must be readable, all else is passed over. */
function perhaps(place: string, given: GivenValues): Found {
  const text = textOf(place)
  try {
    const input = inputOf(named(place), text, given)
    return input === null ? NOTHING : { inputs: [input], notes: [] }
  } catch (error) {
    if (!(error instanceof RankanError) || looksLikeTemplate(text)) throw error
    return { inputs: [], notes: [{ kind: 'not_read', file: named(place), why: error.message }] }
  }
}

function isAssembly(folder: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
      version?: unknown
      artifacts?: unknown
    }
    return typeof manifest.version === 'string' && manifest.artifacts !== undefined
  } catch {
    return false
  }
}

const assembly = (folder: string, given: GivenValues): Found => ({
  notes: [],
  inputs: inputsOfAssembly(
    named(folder),
    (file) => {
      try {
        return readFileSync(path.join(folder, file), 'utf8')
      } catch {
        return null
      }
    },
    given,
  ),
})

/** As reports name it: from the working folder, with `/`. */
function named(place: string): string {
  const relative = path.relative(process.cwd(), path.resolve(place))
  const name = relative === '' ? '.' : relative.startsWith('..') ? path.resolve(place) : relative
  return name.split(path.sep).join('/')
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory()
  } catch {
    throw new RankanError('not_found', 'file_not_readable', `The path \`${place}\` does not exist.`)
  }
}

export function textOf(place: string): string {
  try {
    return readFileSync(place, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RankanError('not_found', 'file_not_readable', `\`${place}\` cannot be read: ${why}.`)
  }
}
