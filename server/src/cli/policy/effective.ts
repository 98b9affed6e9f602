import type { Command } from 'commander'
import { RankanError } from '../../kernel/errors.ts'
import { effectiveAnswers, type GivenLevel } from '../../policy/exchange/effective.ts'
import { createReader, isFields, settle } from '../../policy/exchange/reader.ts'
import type { Cli } from '../app.ts'
import { readJson, readText } from './files.ts'

/** `rankan policy effective …` */
export function effectiveCommand(policy: Command, cli: () => Cli): void {
  policy
    .command('effective <files...>')
    .description(
      'merge tag, backup, EC2 and other management policies down the tree; files from the root to the account',
    )
    .action((files: readonly string[]) => effective(cli(), files))
}

function effective(cli: Cli, files: readonly string[]): void {
  const reader = createReader()
  const answers = effectiveAnswers(levelsOf(files), reader)
  settle(reader, 'The tree of policies')
  cli.print({ policies: answers }, () =>
    answers.flatMap(({ type, effective: document, ignored, missing }) => [
      `${type}:`,
      JSON.stringify(document, null, 2),
      ...ignored.map((one) => `ignored: ${JSON.stringify(one)}`),
      ...missing.map((path) => `missing: ${path}`),
    ]),
  )
}

/** One file may hold all levels; otherwise each file is a level. */
function levelsOf(files: readonly string[]): readonly GivenLevel[] {
  const [only] = files
  const given = files.length === 1 && only !== undefined ? readJson(only) : null
  if (isFields(given) && Array.isArray(given.levels)) return given.levels.map(levelOf)
  // Texts, not values: faults are told with their lines.
  return files.map((file) => {
    const value = readJson(file)
    return { target: file, policies: Array.isArray(value) ? value : [readText(file)] }
  })
}

function levelOf(value: unknown, i: number): GivenLevel {
  if (!isFields(value) || !Array.isArray(value.policies))
    throw new RankanError(
      'invalid',
      'bad_input',
      `\`levels[${i}]\` is no \`{"target": …, "policies": […]}\`.`,
    )
  return { target: typeof value.target === 'string' ? value.target : String(i), policies: value.policies }
}
