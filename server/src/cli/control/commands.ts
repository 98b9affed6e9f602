import type { Command } from 'commander'
import { documentOf, runCases } from '../../catalog/cases.ts'
import { checkControl } from '../../catalog/check.ts'
import { type Covered, coverageOf, frameworkNamed } from '../../catalog/coverage.ts'
import { disagreements } from '../../catalog/disagreements.ts'
import type { Framework } from '../../catalog/frameworks.ts'
import { ownFramework, withEdges } from '../../catalog/imports/own-framework.ts'
import { controlNamed } from '../../catalog/library.ts'
import { servingOn, switchedOn } from '../../catalog/live-coverage.ts'
import { type Control, type Form, formsOf, isFileForm } from '../../catalog/record.ts'
import { CONTROL_TYPES } from '../../catalog/types.ts'
import type { ControlPlaces } from '../../catalog/view.ts'
import { counted } from '../../kernel/text.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { diskFacts } from '../policy/facts.ts'
import { exchangeCommands } from './exchange.ts'
import { readJson } from './files.ts'
import { readLibrary } from './library.ts'

interface Where {
  readonly library?: string
}

interface CoverageOptions extends Where {
  readonly with?: string
  readonly live?: boolean
}

/** `rankan control …`: works on files alone; only `coverage --live` asks the server. */
export const controlCommands: CommandGroup = (program, cli) => {
  const control = program
    .command('control')
    .description('the library of controls: list, show, check, coverage, disagreements')
  const withLibrary = (command: Command): Command =>
    command.option('--library <dir>', 'another folder of controls than the one that comes with Rankan')
  withLibrary(control.command('list'))
    .description('every control with its severity and title')
    .action((where: Where) => list(cli(), readLibrary(where.library)))
  withLibrary(control.command('show <control>'))
    .description('one control: purpose, frameworks, its policy with parameters filled in, and its cases')
    .action((id: string, where: Where) => show(cli(), controlNamed(readLibrary(where.library), id)))
  withLibrary(control.command('check'))
    .description('framework edges, policy documents and cases of every control')
    .action((where: Where) => check(cli(), readLibrary(where.library)))
  withLibrary(control.command('coverage [framework]'))
    .description('which elements of a framework the controls serve, and the gaps (default: nist-csf-2.0)')
    .option('--with <file>', 'framework of your own, as `control import` wrote it')
    .option('--live', 'ask the server where the controls are on, and count that, too')
    .action(async (framework: string | undefined, where: CoverageOptions) => {
      const library = readLibrary(where.library)
      const live = where.live === true ? await cli().api.get<ControlPlaces>('/api/control-places') : null
      if (where.with === undefined)
        coverage(cli(), frameworkNamed(framework ?? 'nist-csf-2.0'), library, live)
      else {
        const own = readJson(where.with, ownFramework)
        coverage(cli(), own.framework, withEdges(library, own), live)
      }
    })
  withLibrary(control.command('disagreements'))
    .description('where our framework edges and those of other sources disagree')
    .action((where: Where) => sources(cli(), readLibrary(where.library)))
  exchangeCommands(control, withLibrary, cli)
}

function list(cli: Cli, library: readonly Control[]): void {
  cli.print(
    library.map(({ record }) => record),
    () => [
      ...library.map(
        ({ record }) =>
          `${record.id.padEnd(34)} ${record.severity.padEnd(8)} ${marks(record)} ${record.title.en}`,
      ),
      `${counted(library.length, 'control')} (marks: ${CONTROL_TYPES.join(', ')})`,
    ],
  )
}

/** `pp.r`: a letter for each type in which the control has a form. */
const marks = (record: Control['record']): string =>
  CONTROL_TYPES.map((type) => (record.forms[type] === undefined ? '.' : type.charAt(0))).join('')

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
    ...cases.map(({ passed, name, found }) => `${passed ? 'ok    ' : 'FAILED'} ${found.padEnd(14)} ${name}`),
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

function coverage(
  cli: Cli,
  framework: Framework,
  library: readonly Control[],
  live: ControlPlaces | null,
): void {
  const rows = coverageOf(framework, library)
  const gaps = rows.filter(({ controls }) => CONTROL_TYPES.every((type) => controls[type].length === 0))
  if (live !== null) {
    coverageLive(cli, framework, rows, gaps.length, live)
    return
  }
  cli.print({ framework: framework.id, elements: rows, gaps: gaps.length }, () => [
    ...rows.map(({ element, controls }) => {
      const counts = CONTROL_TYPES.map((type) => String(controls[type].length).padStart(3)).join(' ')
      return `${element.id.padEnd(12)} ${counts}  ${element.title?.en ?? ''}`
    }),
    `${counted(rows.length, 'element')}, ${gaps.length} without a control (columns: ${CONTROL_TYPES.join(', ')})`,
  ])
}

/** `2/5`: two of five controls are on somewhere. */
function coverageLive(
  cli: Cli,
  framework: Framework,
  rows: readonly Covered[],
  gaps: number,
  { organizations, controls: places }: ControlPlaces,
): void {
  const switched = switchedOn(places)
  const elements = rows.map((row) => ({ ...row, on: servingOn(row.controls, switched) }))
  const off = elements.filter(({ on }) => CONTROL_TYPES.every((type) => on[type].length === 0)).length
  cli.print({ framework: framework.id, elements, gaps, off, organizations, places }, () => [
    ...elements.map(({ element, controls, on }) => {
      const counts = CONTROL_TYPES.map((type) => `${on[type].length}/${controls[type].length}`.padStart(7))
      return `${element.id.padEnd(12)} ${counts.join(' ')}  ${element.title?.en ?? ''}`
    }),
    `${counted(rows.length, 'element')}, ${gaps} without a control, ${off} without one that is on (on/all: ${CONTROL_TYPES.join(', ')})`,
    ...organizations.map(
      ({ name, readAt, inPlaceAt }) =>
        `${name}: policies read ${readAt ?? 'never'}, what is in place imported ${inPlaceAt ?? 'never'}`,
    ),
  ])
}

function sources(cli: Cli, library: readonly Control[]): void {
  const found = library.flatMap(({ record }) =>
    disagreements(record).map((one) => ({ control: record.id, ...one })),
  )
  cli.print({ disagreements: found }, () => [
    ...found.map(({ control, framework, element, statements }) => {
      const said = statements.map(({ source, relation }) => `${source}: ${relation ?? 'does not name it'}`)
      return `${control.padEnd(34)} ${framework} ${element.padEnd(12)} ${said.join('; ')}`
    }),
    counted(found.length, 'disagreement'),
  ])
}
