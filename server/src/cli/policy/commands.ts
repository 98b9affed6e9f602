import { counted } from '../../kernel/text.ts'
import { checkText } from '../../policy/exchange/check.ts'
import { checkLevels } from '../../policy/exchange/check-levels.ts'
import { evaluateJson } from '../../policy/exchange/evaluate.ts'
import type { PolicyProblem } from '../../policy/parse/problem.ts'
import type { PolicyKind } from '../../policy/policies.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { diffCommand } from './diff.ts'
import { effectiveCommand } from './effective.ts'
import { diskFacts } from './facts.ts'
import { KINDS_TEXT, kindOf, readJson, readText } from './files.ts'
import { packCommand } from './pack.ts'
import { questionCommands } from './questions.ts'
import { sqlCommand } from './sql.ts'

/** `rankan policy …`: works on files alone; no server is asked. */
export const policyCommands: CommandGroup = (program, cli) => {
  const policy = program
    .command('policy')
    .description('IAM policies, SCPs, RCPs and management policies: check, evaluate, compare, pack, merge')
  policy
    .command('check <files...>')
    .description('find what is wrong in policy documents, with line and column; `-` reads standard input')
    .option('--kind <kind>', `what they are: ${KINDS_TEXT} (default: guessed from the document)`)
    .action((files: readonly string[], options: { kind?: string }) =>
      check(cli(), files, kindOf(options.kind)),
    )
  policy
    .command('eval')
    .description('evaluate requests against policies; docs/guide/policy.md describes both files')
    .requiredOption('--request <file>', 'a request, or many; `-` reads standard input')
    .option('--policies <file>', 'the set of policies (a request may carry its own)')
    .option('--explain', 'with every layer, statement and reason')
    .action((options: { request: string; policies?: string; explain?: boolean }) => evaluate(cli(), options))
  diffCommand(policy, cli)
  packCommand(policy, cli)
  effectiveCommand(policy, cli)
  sqlCommand(policy, cli)
  questionCommands(policy, cli)
}

function check(cli: Cli, files: readonly string[], kind: PolicyKind | undefined): void {
  const facts = diskFacts()
  const results = files.map((file) => {
    const text = readText(file)
    const { documents, problems } = checkText(text, kind, facts)
    return {
      file,
      problems: [...problems, ...checkLevels(text)],
      documents: documents.map(({ at, kind: actual, valid, statements, problems: own, size }) => ({
        at,
        kind: actual,
        valid,
        statements,
        size,
        problems: own,
      })),
    }
  })
  const all = results.flatMap(({ problems, documents }) => [
    ...problems,
    ...documents.flatMap((d) => d.problems),
  ])
  const errors = all.filter(({ severity }) => severity === 'error').length
  const warnings = all.length - errors
  cli.print({ files: results, errors, warnings }, () => [
    ...results.flatMap(({ file, problems, documents }) =>
      [...problems, ...documents.flatMap((d) => d.problems)].map((p) => problemLine(file, p)),
    ),
    `${counted(files.length, 'file')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`,
  ])
  if (errors > 0) process.exitCode = 2
}

const problemLine = (
  file: string,
  { severity, code, message, hint, path, line, column }: PolicyProblem,
): string =>
  `${file}:${line}:${column}: ${severity} ${code} at ${path}: ${message}${hint === null ? '' : ` ${hint}`}`

interface Answer {
  readonly id?: unknown
  readonly verdict?: string
  readonly why?: string
  readonly by?: readonly string[]
  readonly error?: {
    readonly message: string
    readonly issues: readonly { readonly path: string; readonly message: string }[]
  }
}

function evaluate(cli: Cli, options: { request: string; policies?: string; explain?: boolean }): void {
  const policies = options.policies === undefined ? undefined : readJson(options.policies)
  const results: readonly Answer[] = evaluateJson(readJson(options.request), policies, {
    explain: options.explain === true,
  })
  cli.print({ results }, () => results.flatMap(answerLines))
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 2
}

function answerLines({ id, verdict, why, by, error }: Answer): readonly string[] {
  if (error !== undefined)
    return [
      `${String(id)}: ${error.message}`,
      ...error.issues.map(({ path, message }) => `  ${path}: ${message}`),
    ]
  return [
    `${String(id)}: ${verdict} (${why}${by === undefined || by.length === 0 ? '' : ` by ${by.join(', ')}`})`,
  ]
}
