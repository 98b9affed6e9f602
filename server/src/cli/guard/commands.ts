import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import type { Verdict } from '../../guard/guard.ts'
import { invalid, RankanError } from '../../kernel/errors.ts'
import { type Cli, type CommandGroup, errorLines } from '../app.ts'
import { compileFiles, type RuleFileReady } from './compiled.ts'
import { belongsTo, testFile } from './expectations.ts'
import { DATA_ENDINGS, type Order, RULE_ENDINGS, readFiles, readText, type TextFile } from './files.ts'
import { type Format, structured, summaryLines } from './lines.ts'
import { type RuleFileTest, testLines, testReport } from './test.ts'
import { type DataResult, readInputs, validateFiles } from './validate.ts'

/** Exit codes of cfn-guard 3.1.1, tried with its binary (asOf 2026-11-22). */
const EXIT = { failingRules: 19, badRules: 5, failingTests: 7, badRulesOfTest: 1, error: 255 } as const

const FORMATS = ['single-line-summary', 'json', 'yaml', 'junit', 'sarif'] as const
type Output = (typeof FORMATS)[number]

/** `rankan guard …`: rules of AWS CloudFormation Guard on files; no server is asked. */
export const guardCommands: CommandGroup = (program, cli) => {
  const guard = program
    .command('guard')
    .description('rules of AWS CloudFormation Guard: validate documents, test rules')
  validateCommand(guard, cli)
  testCommand(guard, cli)
}

const format = (): Option =>
  new Option('-o, --output-format <format>', 'how to show the result')
    .choices(FORMATS)
    .default('single-line-summary')

const ordered = (command: Command): Command =>
  command
    .option('-a, --alphabetical', 'files of a folder by name (this is the default)')
    .option('-m, --last-modified', 'files of a folder by the time of their last change')

const orderOf = (options: { lastModified?: boolean }): Order =>
  options.lastModified === true ? 'last_modified' : 'alphabetical'

interface ValidateOptions {
  readonly rules?: readonly string[]
  readonly data?: readonly string[]
  readonly inputParams?: readonly string[]
  readonly inputParameters?: readonly string[]
  readonly outputFormat: Output
  readonly showSummary: ReadonlySet<Verdict>
  readonly lastModified?: boolean
  readonly payload?: boolean
  readonly structured?: boolean
}

function validateCommand(guard: Command, cli: () => Cli): void {
  ordered(
    guard
      .command('validate')
      .description(
        'evaluate rules on documents in JSON or YAML; options and exit codes are those of `cfn-guard validate`',
      )
      .option('-r, --rules <paths...>', `rule files, or folders of them (${RULE_ENDINGS.join(', ')})`)
      .option(
        '-d, --data <paths...>',
        `documents, or folders of them (${DATA_ENDINGS.join(', ')}); default: standard input`,
      )
      .option('-i, --input-params <paths...>', 'documents that are merged into each of the others')
      // The name that cfn-guard's own help uses in its example.
      .addOption(new Option('--input-parameters <paths...>').hideHelp())
      .addOption(
        new Option('-t, --type <type>', 'kind of the documents; they are recognised anyway').choices([
          'CFNTemplate',
        ]),
      )
      .addOption(format())
      .option(
        '-S, --show-summary <which>',
        'all, none, or some of pass, fail, skip with commas',
        shown,
        new Set<Verdict>(['FAIL']),
      )
      .option(
        '-P, --payload',
        'read {"rules": […], "data": […]} with texts of rules and documents from standard input',
      )
      .option('-z, --structured', 'one document in the output format for everything'),
  ).action((options: ValidateOptions) => guarded(cli(), (c) => validate(c, options)))
}

const VERDICTS: readonly Verdict[] = ['PASS', 'FAIL', 'SKIP']

function shown(text: string): ReadonlySet<Verdict> {
  if (text === 'none') return new Set()
  if (text === 'all') return new Set(VERDICTS)
  const wanted = text.split(',').map((word) => word.trim().toUpperCase())
  const known = VERDICTS.filter((v) => wanted.includes(v))
  if (known.length !== wanted.length)
    throw new InvalidArgumentError('Say all, none, or some of pass, fail, skip.')
  return new Set(known)
}

const payloadSchema = z.object({ rules: z.array(z.string()), data: z.array(z.string()) })

/** What to evaluate, from files, folders and standard input. */
function sources(options: ValidateOptions): {
  readonly rules: readonly TextFile[]
  readonly data: readonly TextFile[]
} {
  const order = orderOf(options)
  if (options.payload === true) return payload(options)
  if (options.rules === undefined)
    throw invalid('no_rules', 'Say which rules with `--rules`, or send both with `--payload`.')
  const data =
    options.data === undefined
      ? [{ name: 'STDIN', text: readText('-') }]
      : readFiles(options.data, DATA_ENDINGS, order)
  return { rules: readFiles(options.rules, RULE_ENDINGS, order), data }
}

function payload({ rules, data }: ValidateOptions): ReturnType<typeof sources> {
  if (rules !== undefined || data !== undefined)
    throw invalid('payload_and_files', '`--payload` goes with neither `--rules` nor `--data`.')
  const sent = payloadSchema.safeParse(jsonOf(readText('-')))
  if (!sent.success) throw invalid('bad_payload', 'The payload must be `{"rules": ["…"], "data": ["…"]}`.')
  const named = (kind: string) => (text: string, i: number) => ({ name: `${kind}_STDIN[${i + 1}]`, text })
  return { rules: sent.data.rules.map(named('RULES')), data: sent.data.data.map(named('DATA')) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function validate(cli: Cli, options: ValidateOptions): void {
  if (options.outputFormat === 'single-line-summary' && options.structured === true)
    throw invalid('no_format', '`--structured` needs `--output-format` json, yaml, sarif or junit.')
  if ((options.outputFormat === 'sarif' || options.outputFormat === 'junit') && options.structured !== true)
    throw invalid('not_structured', `\`--output-format ${options.outputFormat}\` needs \`--structured\`.`)
  const { rules, data } = sources(options)
  const { ready, errors } = compileFiles(rules)
  for (const line of errors) cli.say(line)
  const inputs = readInputs(
    readFiles([...(options.inputParams ?? []), ...(options.inputParameters ?? [])], DATA_ENDINGS),
  )
  const results = validateFiles(data, inputs, ready, now())
  show(cli, results, options)
  if (errors.length > 0) process.exitCode = EXIT.badRules
  else if (results.some(({ report }) => report.status === 'FAIL')) process.exitCode = EXIT.failingRules
}

/** What stops an evaluation ends with cfn-guard's code, not with those of other commands. */
function guarded(cli: Cli, run: (cli: Cli) => void): void {
  try {
    run(cli)
  } catch (error) {
    if (!(error instanceof RankanError)) throw error
    for (const line of errorLines(error)) process.stderr.write(`${line}\n`)
    process.exitCode = EXIT.error
  }
}

const now = (): number => Math.floor(Date.now() / 1000)

function show(
  cli: Cli,
  results: readonly DataResult[],
  { outputFormat, showSummary }: ValidateOptions,
): void {
  if (outputFormat === 'single-line-summary') {
    cli.print(
      results.map(({ report }) => report),
      () => results.flatMap((result) => summaryLines(result, showSummary)),
    )
    return
  }
  const { value, text } = structured(results, outputFormat)
  cli.print(value, () => [text])
}

interface TestOptions {
  readonly rulesFile?: string
  readonly testData?: string
  readonly dir?: string
  readonly outputFormat: Output
  readonly lastModified?: boolean
}

function testCommand(guard: Command, cli: () => Cli): void {
  ordered(
    guard
      .command('test')
      .description(
        'test rules against cases with expectations; options and exit codes are those of `cfn-guard test`',
      )
      .option('-r, --rules-file <file>', 'a rule file')
      .option('-t, --test-data <path>', 'its cases: a file in JSON or YAML, or a folder of them')
      .option(
        '-d, --dir <folder>',
        'a folder of rule files, each with its cases in `tests/<name of the rule file>*`',
      )
      .addOption(format()),
  ).action((options: TestOptions) => guarded(cli(), (c) => test(c, options)))
}

function test(cli: Cli, options: TestOptions): void {
  const pairs = testPairs(options)
  const { ready, errors } = compileFiles(pairs.map(({ rules }) => rules))
  if (errors.length > 0) {
    for (const line of errors) cli.say(line)
    process.exitCode = EXIT.badRulesOfTest
    return
  }
  const tests = ready.map((rules, i) => testOf(rules, pairs[i]?.tests ?? []))
  showTests(cli, tests, options.outputFormat)
  if (tests.some(({ cases }) => cases.some(({ failed }) => failed.length > 0)))
    process.exitCode = EXIT.failingTests
}

const testOf = (rules: RuleFileReady, files: readonly TextFile[]): RuleFileTest => ({
  ruleFile: rules.name,
  cases: files.flatMap((file) => testFile(file, rules, now())),
})

interface TestPair {
  readonly rules: TextFile
  readonly tests: readonly TextFile[]
}

function testPairs(options: TestOptions): readonly TestPair[] {
  const order = orderOf(options)
  if (options.dir !== undefined) {
    const tests = readFiles([options.dir], DATA_ENDINGS, order)
    return readFiles([options.dir], RULE_ENDINGS, order).map((rules) => ({
      rules,
      tests: tests.filter(({ name }) => belongsTo(name, rules.name)),
    }))
  }
  if (options.rulesFile === undefined || options.testData === undefined)
    throw invalid('no_tests', 'Say `--rules-file` and `--test-data`, or `--dir`.')
  const [rules] = readFiles([options.rulesFile], RULE_ENDINGS, order)
  if (rules === undefined) throw invalid('no_rules', `There is no rule file in \`${options.rulesFile}\`.`)
  return [{ rules, tests: readFiles([options.testData], DATA_ENDINGS, order) }]
}

function showTests(cli: Cli, tests: readonly RuleFileTest[], output: Output): void {
  if (output === 'sarif') throw invalid('bad_format', '`guard test` has no SARIF output.')
  const { value, text } = testReport(tests, formatOf(output))
  cli.print(value, () => (output === 'single-line-summary' ? tests.flatMap(testLines) : [text]))
}

const formatOf = (output: Exclude<Output, 'sarif'>): Exclude<Format, 'sarif'> =>
  output === 'single-line-summary' ? 'json' : output
