import { invalid } from '../../kernel/errors.ts'
import type { Missing } from '../../policy/decision.ts'
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
    .addHelpText('after', HELP)
    .action((options: { request: string; policies?: string; explain?: boolean }) => evaluate(cli(), options))
  diffCommand(policy, cli)
  packCommand(policy, cli)
  effectiveCommand(policy, cli)
  sqlCommand(policy, cli)
  questionCommands(policy, cli)
}

const HELP = `
A condition key that the request leaves out is read as absent, as AWS reads it, and \`takenAsAbsent\` lists those on which the
verdict rests. Keys that every such request to AWS has (aws:RequestedRegion, aws:SecureTransport, aws:CurrentTime, the
principal's own …) cannot be absent: they are unknown, the verdict may be \`unknown\`, and \`missing\` tells which key would decide.
\`"unlisted": "absent"\` in a request reads all of them as absent, as other simulators do; \`"unlisted": "unknown"\` reads none so.
The exit code is 2 when a request could not be read.`

interface Answer {
  readonly id?: unknown
  readonly verdict?: string
  readonly why?: string
  readonly by?: readonly string[]
  readonly missing?: readonly Missing[]
  readonly takenAsAbsent?: readonly string[]
  readonly error?: {
    readonly message: string
    readonly issues: readonly { readonly path: string; readonly message: string }[]
  }
}

function evaluate(cli: Cli, options: { request: string; policies?: string; explain?: boolean }): void {
  if (options.request === '-' && options.policies === '-')
    throw invalid(
      'one_input',
      'Standard input can be `--request` or `--policies`, not both: name a file for one.',
    )
  const policies = options.policies === undefined ? undefined : readJson(options.policies)
  const results: readonly Answer[] = evaluateJson(readJsonOrLines(options.request), policies, {
    explain: options.explain === true,
  })
  cli.print({ results }, () => results.flatMap(answerLines))
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 2
}

function answerLines({
  id,
  verdict,
  why,
  by,
  missing = [],
  takenAsAbsent = [],
  error,
}: Answer): readonly string[] {
  if (error !== undefined)
    return [
      `${String(id)}: ${error.message}`,
      ...error.issues.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`),
    ]
  return [
    `${String(id)}: ${verdict} (${why}${by === undefined || by.length === 0 ? '' : ` by ${by.join(', ')}`})`,
    ...(missing.length === 0 ? [] : [`  would decide: ${missing.map(missingText).join(', ')}`]),
    ...(takenAsAbsent.length === 0 ? [] : [`  taken as absent: ${takenAsAbsent.join(', ')}`]),
  ]
}

const missingText = (missing: Missing): string =>
  missing.what === 'context'
    ? missing.key
    : missing.what === 'policies'
      ? `${missing.kind} policies`
      : missing.what.replaceAll('_', ' ')
