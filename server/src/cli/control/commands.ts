import type { Command } from 'commander'
import { documentOf, runCases } from '../../catalog/cases.ts'
import { checkControl } from '../../catalog/check.ts'
import { coverageOf, frameworkNamed } from '../../catalog/coverage.ts'
import { type Control, type Form, formsOf, isFileForm } from '../../catalog/record.ts'
import { CONTROL_TYPES } from '../../catalog/types.ts'
import { notFound } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { diskFacts } from '../policy/facts.ts'
import { readLibrary } from './library.ts'

interface Where {
  readonly library?: string
}

/** `rankan control …`: works on files alone; no server is asked. */
export const controlCommands: CommandGroup = (program, cli) => {
  const control = program
    .command('control')
    .description('the library of controls: list, show, check, coverage')
  const withLibrary = (command: Command): Command =>
    command.option('--library <dir>', 'another folder of controls than the one that comes with Rankan')
  withLibrary(control.command('list'))
    .description('every control with its severity and title')
    .action((where: Where) => list(cli(), readLibrary(where.library)))
  withLibrary(control.command('show <control>'))
    .description('one control: purpose, frameworks, its policy with parameters filled in, and its cases')
    .action((id: string, where: Where) => show(cli(), find(readLibrary(where.library), id)))
  withLibrary(control.command('check'))
    .description('framework edges, policy documents and cases of every control')
    .action((where: Where) => check(cli(), readLibrary(where.library)))
  withLibrary(control.command('coverage [framework]'))
    .description('which elements of a framework the controls serve, and the gaps (default: nist-csf-2.0)')
    .action((framework: string | undefined, where: Where) =>
      coverage(cli(), framework ?? 'nist-csf-2.0', readLibrary(where.library)),
    )
}

function find(library: readonly Control[], id: string): Control {
  const found = library.find(({ record }) => record.id === id)
  if (found === undefined) throw notFound('control', id)
  return found
}

function list(cli: Cli, library: readonly Control[]): void {
  cli.print(
    library.map(({ record }) => record),
    () => [
      ...library.map(
        ({ record }) => `${record.id.padEnd(34)} ${record.severity.padEnd(8)} ${record.title.en}`,
      ),
      counted(library.length, 'control'),
    ],
  )
}

function show(cli: Cli, control: Control): void {
  const { record } = control
  const forms = formsOf(record).map((form) => ({
    ...form,
    ...(isFileForm(form) ? { document: documentOf(control, form) } : {}),
  }))
  const cases = runCases(control)
  cli.print({ ...record, forms, cases }, () => [
    `${record.id} (${record.severity})`,
    record.title.en,
    record.objective.en,
    '',
    `Why: ${record.rationale.en}`,
    `Instead: ${record.guidance.en}`,
    `Behind it: ${record.frameworks.map(({ framework, element }) => `${framework} ${element}`).join(', ')}`,
    ...forms.flatMap((form) => ['', ...formLines(form)]),
    '',
    ...cases.map(({ passed, name, found }) => `${passed ? 'ok    ' : 'FAILED'} ${found.padEnd(8)} ${name}`),
  ])
}

/** Kind and document of a form; what has no file shows its identifiers. */
function formLines({ document, ...form }: Form & { readonly document?: unknown }): readonly string[] {
  if (document === undefined) {
    const { kind, ...rest } = form
    return [`${kind.toUpperCase()}: ${Object.values(rest).map(shown).join(' ')}`]
  }
  return [
    `${form.kind.toUpperCase()}:`,
    typeof document === 'string' ? document.trimEnd() : JSON.stringify(document, null, 2),
  ]
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function check(cli: Cli, library: readonly Control[]): void {
  const facts = diskFacts()
  const results = library.map((control) => ({ id: control.record.id, issues: checkControl(control, facts) }))
  const wrong = results.flatMap(({ id, issues }) =>
    issues.map((one) => ({ ...one, path: [id, ...one.path] })),
  )
  cli.print({ controls: results, wrong: wrong.length }, () => [
    ...wrong.map(({ path, message }) => `${path.join('/')}: ${message}`),
    `${counted(library.length, 'control')}, ${counted(wrong.length, 'problem')}`,
  ])
  if (wrong.length > 0) process.exitCode = 2
}

function coverage(cli: Cli, id: string, library: readonly Control[]): void {
  const framework = frameworkNamed(id)
  const rows = coverageOf(framework, library)
  const gaps = rows.filter(({ controls }) => CONTROL_TYPES.every((type) => controls[type].length === 0))
  cli.print({ framework: id, elements: rows, gaps: gaps.length }, () => [
    ...rows.map(({ element, controls }) => {
      const counts = CONTROL_TYPES.map((type) => String(controls[type].length).padStart(3)).join(' ')
      return `${element.id.padEnd(12)} ${counts}  ${element.title?.en ?? ''}`
    }),
    `${counted(rows.length, 'element')}, ${gaps.length} without a control (columns: ${CONTROL_TYPES.join(', ')})`,
  ])
}
