import type { Command } from 'commander'
import { RankanError } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import { checkText } from '../../policy/exchange/check.ts'
import { checkLevels } from '../../policy/exchange/check-levels.ts'
import type { CheckedDocument } from '../../policy/exchange/checked.ts'
import type { Facts } from '../../policy/facts.ts'
import type { PolicyProblem } from '../../policy/parse/problem.ts'
import type { PolicyKind } from '../../policy/policies.ts'
import type { Cli } from '../app.ts'
import { diskFacts } from './facts.ts'
import { jsonFilesIn, KINDS_TEXT, kindOf, readText } from './files.ts'

/** `rankan policy check …` */
export function checkCommand(policy: Command, cli: () => Cli): void {
  policy
    .command('check <files...>')
    .description(
      'find what is wrong in policy documents, with line and column; `-` reads standard input, a folder stands for its `.json` files',
    )
    .option('--kind <kind>', `what they are: ${KINDS_TEXT} (default: guessed from the document)`)
    .action((files: readonly string[], options: { kind?: string }) =>
      check(cli(), files, kindOf(options.kind)),
    )
}

interface CheckedFile {
  readonly file: string
  /** Problems of the file around the documents. */
  readonly problems: readonly PolicyProblem[]
  readonly documents: readonly Omit<CheckedDocument, 'policy'>[]
}

function check(cli: Cli, files: readonly string[], kind: PolicyKind | undefined): void {
  const facts = diskFacts()
  const results = files.flatMap((given) => {
    const inside = jsonFilesIn(given)
    return inside === null ? [checkFile(given, kind, facts)] : checkFolder(given, inside, kind, facts)
  })
  const all = results.flatMap(problemsOf)
  const errors = all.filter(({ severity }) => severity === 'error').length
  const warnings = all.length - errors
  cli.print({ files: results, errors, warnings }, () => [
    ...results.flatMap((one) => problemsOf(one).map((problem) => problemLine(one.file, problem))),
    `${counted(results.length, 'file')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`,
  ])
  if (errors > 0) process.exitCode = 2
}

const problemsOf = ({ problems, documents }: CheckedFile): readonly PolicyProblem[] => [
  ...problems,
  ...documents.flatMap((one) => one.problems),
]

/** A file that cannot be read is a problem of its own: the others are checked all the same. */
function checkFile(file: string, kind: PolicyKind | undefined, facts: Facts): CheckedFile {
  try {
    const text = readText(file)
    const { documents, problems } = checkText(text, kind, facts)
    return {
      file,
      problems: [...problems, ...checkLevels(text)],
      documents: documents.map(({ policy: _, ...shown }) => shown),
    }
  } catch (error) {
    if (!(error instanceof RankanError) || error.code !== 'file_not_readable') throw error
    return { file, problems: [ofFile(error.code, error.message, null)], documents: [] }
  }
}

/** Folders hold other JSON, too: only files with policies count, and those that are no JSON. */
function checkFolder(
  folder: string,
  files: readonly string[],
  kind: PolicyKind | undefined,
  facts: Facts,
): readonly CheckedFile[] {
  const found = files
    .map((file) => checkFile(file, kind, facts))
    .filter(
      ({ problems, documents }) => documents.length > 0 || problems.some(({ code }) => code !== 'no_policy'),
    )
  if (found.length > 0) return found
  const hint = 'Name the files, or a folder with `.json` files that are policies.'
  return [
    {
      file: folder,
      problems: [ofFile('no_policy', 'There is no policy document in this folder.', hint)],
      documents: [],
    },
  ]
}

const ofFile = (code: string, message: string, hint: string | null): PolicyProblem => ({
  severity: 'error',
  code,
  message,
  hint,
  path: '$',
  line: 0,
  column: 0,
})

const problemLine = (
  file: string,
  { severity, code, message, hint, path, line, column }: PolicyProblem,
): string =>
  `${file}:${line}:${column}: ${severity} ${code} at ${path}: ${message}${hint === null ? '' : ` ${hint}`}`
