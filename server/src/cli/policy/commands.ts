import { readFileSync } from 'node:fs'
import { RankanError } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import { checkText } from '../../policy/exchange/check.ts'
import { evaluateJson } from '../../policy/exchange/evaluate.ts'
import { parseJson } from '../../policy/parse/json.ts'
import type { PolicyProblem } from '../../policy/parse/problem.ts'
import type { PolicyKind } from '../../policy/policies.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { diskFacts } from './facts.ts'

const KINDS: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'boundary', 'session', 'scp', 'rcp']

/** `rankan policy …`: works on files alone; no server is asked. */
export const policyCommands: CommandGroup = (program, cli) => {
  const policy = program
    .command('policy')
    .description('IAM policies, SCPs and RCPs: check documents, evaluate requests')
  policy
    .command('check <files...>')
    .description('find what is wrong in policy documents, with line and column; `-` reads standard input')
    .option('--kind <kind>', `what they are: ${KINDS.join(', ')} (default: guessed from the document)`)
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
}

function kindOf(text: string | undefined): PolicyKind | undefined {
  if (text === undefined) return undefined
  const kind = KINDS.find((known) => known === text.toLowerCase())
  if (kind !== undefined) return kind
  throw new RankanError(
    'invalid',
    'unknown_kind',
    `\`${text}\` is no kind of policy; known are ${KINDS.join(', ')}.`,
  )
}

function check(cli: Cli, files: readonly string[], kind: PolicyKind | undefined): void {
  const facts = diskFacts()
  const results = files.map((file) => {
    const { documents, problems } = checkText(readText(file), kind, facts)
    return {
      file,
      problems,
      documents: documents.map(({ at, kind: actual, policy, problems: own, size }) => ({
        at,
        kind: actual,
        valid: policy !== null,
        statements: policy?.statements.length ?? 0,
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

function readText(file: string): string {
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

function readJson(file: string): unknown {
  const text = readText(file)
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
