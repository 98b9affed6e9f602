import path from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import type { Verdict } from '../../guard/guard.ts'
import { traceJson, traceLines } from '../../guard/report/trace.ts'
import { invalid, RankanError } from '../../kernel/errors.ts'
import { type Cli, type CommandGroup, errorLines } from '../app.ts'
import { compileFile, compileFiles, type RuleFileReady } from './compiled.ts'
import { belongsTo, readCases, testCase } from './expectations.ts'
import { DATA_ENDINGS, type Order, RULE_ENDINGS, readFiles, readText, type TextFile } from './files.ts'
import { type Format, findingLines, structured, summaryLines, yamlText } from './lines.ts'
import { folderLines, type RuleFileTest, testLines, testReport } from './test.ts'
import { type DataResult, type RuleResult, readInputs, validateFiles } from './validate.ts'

/** Exit codes of cfn-guard 3.1.1, tried with its binary (asOf 2026-11-22). */
const EXIT = {
  failingRules: 19,
  badRules: 5,
  failingTests: 7,
  badRulesOfTest: 1,
  usage: 2,
  error: 255,
} as const

/** Options that do not go together; cfn-guard ends as for options that it does not know. */
const USAGE = new Set(['no_rules', 'payload_and_files', 'no_tests', 'two_orders', 'structured_and_trace'])

const FORMATS = ['single-line-summary', 'json', 'yaml', 'junit', 'sarif'] as const
type Output = (typeof FORMATS)[number]

/** `rankan guard …`: rules of AWS CloudFormation Guard on files; no server is asked. */
export const guardCommands: CommandGroup = (program, cli) => {
  const guard = program
    .command('guard')
    .description('rules of AWS CloudFormation Guard: validate documents, test rules')
    // Commands that are added below take this over.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.usage))
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

function orderOf(options: { readonly lastModified?: boolean; readonly alphabetical?: boolean }): Order {
  if (options.lastModified !== true) return 'alphabetical'
  if (options.alphabetical === true)
    throw invalid('two_orders', '`--alphabetical` and `--last-modified` cannot both be.')
  return 'last_modified'
}

const verbose = (): Option =>
  new Option('-v, --verbose', 'draw the tree of rules and of everything that they looked at')

interface ValidateOptions {
  readonly rules?: readonly string[]
  readonly data?: readonly string[]
  readonly inputParams?: readonly string[]
  readonly inputParameters?: readonly string[]
  readonly outputFormat: Output
  readonly showSummary: ReadonlySet<Verdict>
  readonly lastModified?: boolean
  readonly alphabetical?: boolean
  readonly verbose?: boolean
  readonly printJson?: boolean
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
      .addOption(verbose())
      .option('-p, --print-json', 'print that tree as JSON')
      .option(
        '-P, --payload',
        'read {"rules": […], "data": […]} with texts of rules and documents from standard input',
      )
      .option('-z, --structured', 'one document in the output format for everything'),
  ).action((options: ValidateOptions) => guarded(cli(), (c) => validate(c, options)))
}

const VERDICTS: readonly Verdict[] = ['PASS', 'FAIL', 'SKIP']

/** `all` wins over the others, and `none` adds nothing. */
function shown(text: string): ReadonlySet<Verdict> {
  const wanted = text.split(',').map((word) => word.trim().toUpperCase())
  if (!wanted.every((word) => word === 'ALL' || word === 'NONE' || VERDICTS.some((v) => v === word)))
    throw new InvalidArgumentError('Say all, none, or some of pass, fail, skip.')
  return new Set(VERDICTS.filter((v) => wanted.includes(v) || wanted.includes('ALL')))
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

function refuse(options: ValidateOptions): void {
  if (options.structured === true && (options.verbose === true || options.printJson === true))
    throw invalid('structured_and_trace', '`--structured` goes with neither `--verbose` nor `--print-json`.')
  if (options.outputFormat === 'single-line-summary' && options.structured === true)
    throw invalid('no_format', '`--structured` needs `--output-format` json, yaml, sarif or junit.')
  if ((options.outputFormat === 'sarif' || options.outputFormat === 'junit') && options.structured !== true)
    throw invalid('not_structured', `\`--output-format ${options.outputFormat}\` needs \`--structured\`.`)
  if (options.structured === true && options.showSummary.size > 0)
    throw invalid('summary_and_structured', '`--structured` needs `--show-summary none`, as cfn-guard does.')
}

function validate(cli: Cli, options: ValidateOptions): void {
  refuse(options)
  const { rules, data } = sources(options)
  const { files, ready, errors } = compileFiles(rules)
  for (const line of errors) cli.say(line)
  const inputs = readInputs(
    readFiles([...(options.inputParams ?? []), ...(options.inputParameters ?? [])], DATA_ENDINGS),
  )
  const results = validateFiles(data, inputs, ready, now())
  show(cli, results, options)
  process.exitCode = exitOfRules(files, results, options)
}

/**
 * Of rule files that fail and rule files that cannot be parsed the last one tells; in structured output one that fails,
 * but in JUnit one that cannot be parsed.
 */
function exitOfRules(
  files: readonly (RuleFileReady | string)[],
  results: readonly DataResult[],
  { structured: whole, outputFormat }: ValidateOptions,
): number {
  const ready = files.filter((file) => typeof file !== 'string')
  const codes = files.flatMap((file): readonly number[] => {
    if (typeof file === 'string') return [EXIT.badRules]
    const n = ready.indexOf(file)
    return results.some(({ rules }) => rules[n]?.report.status === 'FAIL') ? [EXIT.failingRules] : []
  })
  const first = outputFormat === 'junit' ? EXIT.badRules : EXIT.failingRules
  return whole === true && codes.includes(first) ? first : (codes.at(-1) ?? 0)
}

/** What stops an evaluation ends with cfn-guard's code, not with those of other commands. */
function guarded(cli: Cli, run: (cli: Cli) => void): void {
  try {
    run(cli)
  } catch (error) {
    if (!(error instanceof RankanError)) throw error
    for (const line of errorLines(error)) process.stderr.write(`${line}\n`)
    process.exitCode = USAGE.has(error.code) ? EXIT.usage : EXIT.error
  }
}

const now = (): number => Math.floor(Date.now() / 1000)

function show(cli: Cli, results: readonly DataResult[], options: ValidateOptions): void {
  const { outputFormat, showSummary } = options
  const reports = results.map(({ report }) => report)
  if (options.structured === true && outputFormat !== 'single-line-summary') {
    const { value, text } = structured(results, outputFormat)
    cli.print(value, () => [text])
    return
  }
  const lines = byRuleFile(results, (data, rule) => [
    ...summaryLines(data, rule, showSummary),
    ...reportOf(data, rule, outputFormat),
    ...traceOf(rule, options),
  ])
  if (cli.json || lines.length > 0) cli.print(reports, () => lines)
}

/** What one rule file says of one document. */
function reportOf(
  { name, place }: DataResult,
  { report, findings }: RuleResult,
  format: Output,
): readonly string[] {
  const placed = { ...report, name: place }
  if (format === 'json') return [JSON.stringify(placed, null, 2)]
  return format === 'yaml' ? [yamlText(placed)] : findings.flatMap((finding) => findingLines(name, finding))
}

/** One rule file after the other, each on all documents, as cfn-guard goes through them. */
const byRuleFile = (
  results: readonly DataResult[],
  lines: (data: DataResult, rule: RuleResult) => readonly string[],
): readonly string[] =>
  (results[0]?.rules ?? []).flatMap((_, n) =>
    results.flatMap((data) => {
      const rule = data.rules[n]
      return rule === undefined || rule.verdicts.length === 0 ? [] : lines(data, rule)
    }),
  )

function traceOf(
  rule: RuleResult,
  { verbose = false, printJson = false }: ValidateOptions,
): readonly string[] {
  const trace = verbose || printJson ? rule.trace() : null
  if (trace === null) return []
  return [
    ...(verbose ? traceLines(trace) : []),
    ...(printJson ? [JSON.stringify(traceJson(trace), null, 2)] : []),
  ]
}

interface TestOptions {
  readonly rulesFile?: string
  readonly testData?: string
  readonly dir?: string
  readonly verbose?: boolean
  readonly outputFormat: Output
  readonly lastModified?: boolean
  readonly alphabetical?: boolean
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
      .addOption(verbose())
      .addOption(format()),
  ).action((options: TestOptions) => guarded(cli(), (c) => test(c, options)))
}

function test(cli: Cli, options: TestOptions): void {
  const pairs = testPairs(options)
  const tests = pairs.flatMap(({ rules, tests: files }) => testOf(rules, files, options))
  showTests(cli, tests, options)
  process.exitCode = exitOfTests(tests, options)
}

/** Nothing for a rule file that has no rules. One without tests is not even parsed. */
function testOf(file: TextFile, tests: readonly TextFile[], { dir }: TestOptions): readonly RuleFileTest[] {
  const ready = compileFile(file, dir === undefined ? file.name : stem(file.name))
  const none = { ruleFile: file.name, cases: [] }
  if (tests.length === 0) return [{ ...none, error: null, untested: true }]
  if (typeof ready === 'string') return [{ ...none, error: { in: 'rules', text: ready } }]
  if (ready.rules === null) return []
  const cases = attempted(() => tests.flatMap(readCases))
  return typeof cases === 'string'
    ? [{ ...none, error: { in: 'tests', text: cases } }]
    : [{ ...none, cases: cases.map((one) => testCase(one, ready, now())), error: null }]
}

/** What cfn-guard calls a rule file of a folder with tests. */
const stem = (file: string): string => path.basename(file, path.extname(file))

function attempted<T>(read: () => T): T | string {
  try {
    return read()
  } catch (error) {
    if (error instanceof RankanError) return errorLines(error).join('\n')
    throw error
  }
}

/**
 * A folder shown as text ends as its first rule file that is not well, where rules that cannot be parsed count as tests
 * that fail; a structured report of a folder ends for what cannot be parsed before anything else. A structured report
 * of one file whose rules cannot be parsed says so, and ends with 0: that is cfn-guard's, too.
 */
function exitOfTests(tests: readonly RuleFileTest[], { dir, outputFormat }: TestOptions): number {
  const asText = outputFormat === 'single-line-summary'
  const codes = tests.flatMap(({ error, cases }): readonly number[] => {
    if (error?.in === 'tests') return [EXIT.badRulesOfTest]
    if (error?.in === 'rules') {
      if (dir === undefined) return [asText ? EXIT.badRulesOfTest : 0]
      return [asText ? EXIT.failingTests : EXIT.badRulesOfTest]
    }
    return cases.some((one) => one.failed.length > 0) ? [EXIT.failingTests] : []
  })
  return !asText && codes.includes(EXIT.badRulesOfTest) ? EXIT.badRulesOfTest : (codes[0] ?? 0)
}

interface TestPair {
  readonly rules: TextFile
  readonly tests: readonly TextFile[]
}

function testPairs(options: TestOptions): readonly TestPair[] {
  const order = orderOf(options)
  if (options.dir !== undefined) {
    const files = readFiles([options.dir], RULE_ENDINGS, order)
    const owned = readFiles([options.dir], DATA_ENDINGS, order).map((test) => ({
      test,
      owner: files.find(({ name }) => belongsTo(test.name, name)),
    }))
    return files.map((rules) => ({
      rules,
      tests: owned.filter(({ owner }) => owner === rules).map(({ test }) => test),
    }))
  }
  if (options.rulesFile === undefined || options.testData === undefined)
    throw invalid('no_tests', 'Say `--rules-file` and `--test-data`, or `--dir`.')
  const [rules] = readFiles([options.rulesFile], RULE_ENDINGS, order)
  if (rules === undefined) throw invalid('no_rules', `There is no rule file in \`${options.rulesFile}\`.`)
  return [{ rules, tests: readFiles([options.testData], DATA_ENDINGS, order) }]
}

function showTests(cli: Cli, tests: readonly RuleFileTest[], options: TestOptions): void {
  const { outputFormat, dir, verbose = false } = options
  if (outputFormat === 'sarif') throw invalid('bad_format', '`guard test` has no SARIF output.')
  if (tests.length === 0 && dir === undefined) return
  const tested = tests.filter(({ untested }) => untested !== true)
  const { value, text } = testReport(
    dir === undefined ? tests : tested,
    formatOf(outputFormat),
    dir !== undefined,
  )
  const lines = () =>
    dir === undefined ? tests.flatMap((one) => testLines(one, verbose)) : folderLines(tests, verbose)
  cli.print(value, () => (outputFormat === 'single-line-summary' ? lines() : [text]))
}

const formatOf = (output: Exclude<Output, 'sarif'>): Exclude<Format, 'sarif'> =>
  output === 'single-line-summary' ? 'json' : output
