import { writeFileSync } from 'node:fs'
import { InvalidArgumentError, Option } from 'commander'
import { fails, type Threshold } from '../../checks/counts.ts'
import { excused, readBaseline, readWaivers, writeBaseline } from '../../checks/excuses.ts'
import { type Report, SEVERITIES, type Severity } from '../../checks/finding.ts'
import { givenValues } from '../../checks/inputs.ts'
import { humanLines } from '../../checks/output/human.ts'
import { jsonReport } from '../../checks/output/json.ts'
import { junitReport } from '../../checks/output/junit.ts'
import { sarifReport } from '../../checks/output/sarif.ts'
import { type ControlRules, checkable, chosen } from '../../checks/rules.ts'
import { check } from '../../checks/run.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { Language } from '../../kernel/text.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { errorLines } from '../app.ts'
import { readLibrary } from '../control/library.ts'
import { findInputs, textOf } from './files.ts'
import { controlsOfSet } from './sets.ts'

/** 0 clean, 1 findings that count, 2 the input or the usage is wrong. */
const EXIT = { findings: 1, wrong: 2 } as const

const FORMATS = ['human', 'json', 'sarif', 'junit'] as const

interface CheckOptions {
  readonly controls?: readonly string[]
  readonly set?: string
  readonly library?: string
  readonly severityThreshold: Severity
  readonly format: (typeof FORMATS)[number]
  readonly output?: string
  readonly baseline?: string
  readonly writeBaseline?: string
  readonly waivers?: string
  readonly failOnUnknown?: boolean
  readonly parameter?: readonly string[]
  readonly lang: Language
}

/** `rankan check PATH…`: templates and plans against the controls, before anything is deployed; no server is asked. */
export const checkCommands: CommandGroup = (program, cli) => {
  program
    .command('check')
    .description(
      'check CloudFormation templates, CDK assemblies and Terraform plans against the controls; exit codes 0, 1, 2',
    )
    .argument('<paths...>', 'templates, plans (terraform show -json), cdk.out, or folders of them')
    .option('--controls <ids>', 'only these controls, with commas', list)
    .option('--set <name>', 'only the controls of this set')
    .option('--library <folder>', 'another folder of controls')
    .addOption(
      new Option('--severity-threshold <severity>', 'what is less severe is shown, but does not fail')
        .choices(SEVERITIES)
        .default('low'),
    )
    .addOption(new Option('--format <format>', 'how to show the result').choices(FORMATS).default('human'))
    .option('--output <file>', 'write the result there instead of standard output')
    .option('--baseline <file>', 'known findings, which do not fail')
    .option('--write-baseline <file>', 'write the findings of this run as known ones')
    .option('--waivers <file>', 'approved exceptions in YAML or JSON, which expire')
    .option('--fail-on-unknown', 'fail when a control hangs on a value that is not known before deployment')
    .option('--parameter <name=value...>', 'values of template parameters, and of AWS::Region and the like')
    .addOption(
      new Option('--lang <language>', 'of the report').choices(['ja', 'en']).default(usualLanguage()),
    )
    .action((paths: string[], options: CheckOptions) => guarded(() => run(cli(), paths, options)))
}

const usualLanguage = (): Language => (/^ja/.test(process.env.LC_ALL ?? process.env.LANG ?? '') ? 'ja' : 'en')

function list(text: string): readonly string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (ids.length === 0) throw new InvalidArgumentError('Name controls, with commas between them.')
  return ids
}

/** What is wrong with the input ends with 2, so that CI can tell it from findings. */
function guarded(action: () => void): void {
  try {
    action()
  } catch (error) {
    if (!(error instanceof RankanError)) throw error
    for (const line of errorLines(error)) process.stderr.write(`${line}\n`)
    process.exitCode = EXIT.wrong
  }
}

function run(cli: Cli, paths: readonly string[], options: CheckOptions): void {
  const threshold: Threshold = {
    severity: options.severityThreshold,
    unknown: options.failOnUnknown === true,
  }
  const report = reportOf(paths, options)
  if (options.writeBaseline !== undefined)
    writeFileSync(options.writeBaseline, writeBaseline(report.findings))
  show(cli, report, options, threshold)
  if (options.writeBaseline === undefined && fails(report, threshold)) process.exitCode = EXIT.findings
}

function reportOf(paths: readonly string[], options: CheckOptions): Report {
  const now = new Date()
  const { inputs, notes } = findInputs(paths, givenValues(options.parameter ?? []))
  if (inputs.length === 0)
    throw new RankanError(
      'invalid',
      'nothing_to_check',
      `There is nothing to check in ${paths.map((p) => `\`${p}\``).join(', ')}.`,
    )
  const checked = check(inputs, controlsOf(options), Math.floor(now.getTime() / 1000))
  const judged = excused(checked.findings, {
    waivers: options.waivers === undefined ? [] : readWaivers(options.waivers, textOf(options.waivers)),
    baseline:
      options.baseline === undefined ? new Set() : readBaseline(options.baseline, textOf(options.baseline)),
    today: now.toISOString().slice(0, 10),
  })
  return { ...checked, findings: judged.findings, notes: [...notes, ...judged.notes] }
}

function controlsOf({ controls, set, library }: CheckOptions): readonly ControlRules[] {
  const all = checkable(readLibrary(library))
  if (controls !== undefined) return chosen(all, controls)
  if (set === undefined) return all
  const ids = new Set(controlsOfSet(set))
  return all.filter(({ control }) => ids.has(control.id))
}

function show(cli: Cli, report: Report, { format, output, lang }: CheckOptions, threshold: Threshold): void {
  const text = rendered(report, cli.json ? 'json' : format, lang, threshold)
  if (output === undefined) process.stdout.write(text)
  else writeFileSync(output, text)
}

function rendered(
  report: Report,
  format: CheckOptions['format'],
  lang: Language,
  threshold: Threshold,
): string {
  switch (format) {
    case 'human':
      return `${humanLines(report, lang, threshold).join('\n')}\n`
    case 'json':
      return `${JSON.stringify(jsonReport(report, threshold), null, 2)}\n`
    case 'sarif':
      return `${JSON.stringify(sarifReport(report, lang), null, 2)}\n`
    case 'junit':
      return `${junitReport(report, lang, threshold)}\n`
  }
}
