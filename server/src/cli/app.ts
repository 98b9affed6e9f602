import { Command, CommanderError } from 'commander'
import { RankanError } from '../kernel/errors.ts'
import type { ApiClient } from './client.ts'

/** What a command gets. Output goes through it, so that `--json` means one JSON document on standard output and nothing else. */
export interface Cli {
  readonly api: ApiClient
  readonly json: boolean
  /** Result of the command: JSON as it is, or the lines for people. */
  print(value: unknown, lines: () => readonly string[]): void
  /** For people, on standard error; silent with --json. */
  say(line: string): void
  /** Progress of long work on standard error; silent with --json or without a terminal. */
  progress(total: number): { update(done: number, note?: string): void; stop(): void }
}

export type CommandGroup = (program: Command, cli: () => Cli) => void

export function createProgram(
  groups: readonly CommandGroup[],
  makeCli: (options: GlobalOptions) => Cli,
): Command {
  const program = new Command('rankan')
    .description('Rankan: governance portal for very large AWS estates')
    .option('--server <url>', 'address of the server (default: RANKAN_SERVER, or the one started last here)')
    .option('--as <persona>', 'sign in as this demo persona (id or role)')
    .option('--json', 'print one JSON document on standard output')
    .version('0.1.0')
    .showSuggestionAfterError()
    .showHelpAfterError('`--help` behind the command tells how it is used.')
    .exitOverride()
  let cli: Cli | undefined
  const get = () => {
    cli ??= makeCli(program.opts<GlobalOptions>())
    return cli
  }
  for (const group of groups) group(program, get)
  refuseTwice(program)
  return program
}

/** A value that is given twice would silently be the last one. Options that may be repeated take many, or have a list to begin with. */
function refuseTwice(command: Command): void {
  for (const option of command.options) {
    if (!option.required || option.variadic || Array.isArray(option.defaultValue)) continue
    let given = false
    command.on(`option:${option.name()}`, () => {
      if (given) command.error(`error: option '${option.long}' is given twice, and one value is asked for`)
      given = true
    })
  }
  for (const one of command.commands) refuseTwice(one)
}

export interface GlobalOptions {
  readonly server?: string
  readonly as?: string
  readonly json?: boolean
}

/** Exit codes: 2 the input was wrong, 3 not allowed, 4 the world moved or is busy, 1 all else. */
export function exitCodeOf(error: unknown): number {
  // Help and the version that somebody asked for are no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof RankanError)) return 1
  if (error.kind === 'invalid' || error.kind === 'not_found') return 2
  if (error.kind === 'denied') return 3
  return error.kind === 'conflict' || error.kind === 'throttled' ? 4 : 1
}

/** Commander has said it on standard error, or has shown what was asked for. */
export const isSaid = (error: unknown): boolean => error instanceof CommanderError

export function errorLines(error: unknown): readonly string[] {
  if (!(error instanceof RankanError)) return [error instanceof Error ? error.message : String(error)]
  return [
    error.message,
    ...error.issues.map((issue) => `  ${issue.path.join('.') || '(whole)'}: ${issue.message}`),
  ]
}
