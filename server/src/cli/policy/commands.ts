import { evaluateJson } from '../../policy/exchange/evaluate.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { checkCommand } from './check.ts'
import { diffCommand } from './diff.ts'
import { effectiveCommand } from './effective.ts'
import { readJson, readJsonOrLines } from './files.ts'
import { packCommand } from './pack.ts'
import { questionCommands } from './questions.ts'
import { sqlCommand } from './sql.ts'

/** `rankan policy …`: works on files alone; no server is asked. */
export const policyCommands: CommandGroup = (program, cli) => {
  const policy = program
    .command('policy')
    .description('IAM policies, SCPs, RCPs and management policies: check, evaluate, compare, pack, merge')
  checkCommand(policy, cli)
  policy
    .command('eval')
    .description('evaluate requests against policies; docs/guide/policy.md describes both files')
    .requiredOption(
      '--request <file>',
      'a request, or many (a list, or one on each line); `-` reads standard input',
    )
    .option('--policies <file>', 'the set of policies (a request may carry its own)')
    .option('--explain', 'with every layer, statement and reason')
    .action((options: { request: string; policies?: string; explain?: boolean }) => evaluate(cli(), options))
  diffCommand(policy, cli)
  packCommand(policy, cli)
  effectiveCommand(policy, cli)
  sqlCommand(policy, cli)
  questionCommands(policy, cli)
}

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
  const results: readonly Answer[] = evaluateJson(readJsonOrLines(options.request), policies, {
    explain: options.explain === true,
  })
  cli.print({ results }, () => results.flatMap(answerLines))
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 2
}

function answerLines({ id, verdict, why, by, error }: Answer): readonly string[] {
  if (error !== undefined)
    return [
      `${String(id)}: ${error.message}`,
      ...error.issues.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`),
    ]
  return [
    `${String(id)}: ${verdict} (${why}${by === undefined || by.length === 0 ? '' : ` by ${by.join(', ')}`})`,
  ]
}
