import { Argument, type Command } from 'commander'
import {
  differenceOf,
  IMPORT_KINDS,
  type ImportedLibrary,
  type ImportKind,
  oursLike,
} from '../../catalog/imports/imported.ts'
import type { Control } from '../../catalog/record.ts'
import { invalid } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import type { Cli } from '../app.ts'
import { EXPORTS, type ExportKind, type ExportOptions, exported } from './export.ts'
import { writeJson } from './files.ts'
import { earlier, frameworkFrom, importedFrom, setFrom, spreadsheetFrom } from './import.ts'
import { readLibrary } from './library.ts'

const FRAMEWORK_KINDS = ['framework', 'spreadsheet', 'profile'] as const

interface ImportOptions {
  readonly library?: string
  readonly into?: string
  readonly sourceVersion?: string
  readonly id?: string
  readonly mapping?: string
  readonly catalog?: readonly string[]
}

/** `rankan control export|import`: OSCAL out and in, and the controls of others. Works on files alone. */
export function exchangeCommands(
  control: Command,
  withLibrary: (command: Command) => Command,
  cli: () => Cli,
): void {
  withLibrary(control.command('export'))
    .addArgument(new Argument('<document>', 'which OSCAL 1.2 document').choices(EXPORTS))
    .description('the library, or a control set, as OSCAL')
    .option('--lang <ja|en>', 'language of the texts', 'ja')
    .option('--set <file>', 'control set of a profile, in JSON')
    .option(
      '--catalog-href <uri>',
      'where the catalog can be had, for what refers to it',
      'rankan-catalog.json',
    )
    .option('--document-version <text>', 'version that the document says it has', '1')
    .option('--into <file>', 'write here instead of standard output')
    .action((kind: ExportKind, options: ExportOptions & { library?: string; into?: string }) => {
      const document = exported(kind, readLibrary(options.library), options, new Date())
      if (options.into !== undefined) writeJson(options.into, document)
      cli().print(options.into === undefined ? document : { written: options.into }, () => [
        options.into === undefined ? JSON.stringify(document, null, 2) : `Written: ${options.into}`,
      ])
    })
  withLibrary(control.command('import'))
    .addArgument(new Argument('<kind>', 'what it is').choices([...IMPORT_KINDS, ...FRAMEWORK_KINDS]))
    .argument('<place>', 'file, or folder of rule files')
    .description(
      'controls of others with what changed since the last import; frameworks and profiles from OSCAL, .xlsx or CSV',
    )
    .option('--into <file>', 'keep it here in JSON; without it nothing is written')
    .option('--source-version <text>', 'version of a source that does not say it itself')
    .option('--id <id>', 'id of a framework read from an OSCAL catalog')
    .option('--mapping <file>', 'how the columns of a spreadsheet are read')
    .option('--catalog <file...>', 'documents that a profile imports')
    .action(async (kind: string, place: string, options: ImportOptions) => {
      const library = readLibrary(options.library)
      const foreign = IMPORT_KINDS.find((one) => one === kind)
      if (foreign === undefined) await own(cli(), kind, place, options, library)
      else others(cli(), foreign, place, options, library)
    })
}

function others(
  cli: Cli,
  kind: ImportKind,
  place: string,
  options: ImportOptions,
  library: readonly Control[],
): void {
  const now = importedFrom(kind, place, options.sourceVersion)
  const before = earlier(options.into)
  if (before !== null && before.kind !== now.kind)
    throw invalid(
      'other_kind',
      `\`${options.into}\` holds an import of \`${before.kind}\`. Give another file.`,
    )
  const difference = differenceOf(before ?? { ...now, controls: [] }, now)
  if (options.into !== undefined) writeJson(options.into, now)
  const alike = now.controls.filter((one) => oursLike(one, library).length > 0).length
  cli.print({ import: now, difference, alsoOurs: alike }, () => [
    `${now.name} ${now.version}: ${counted(now.controls.length, 'control')}, ${alike} of them also in the library`,
    ...difference.added.map((id) => `+ ${id} ${titleOf(now, id)}`),
    ...difference.removed.map((id) => `- ${id}`),
    ...difference.changed.map(({ id, members }) => `~ ${id}: ${members.join(', ')}`),
    ...now.notes.map((note) => `Note: ${note}`),
    writtenLine(options.into),
  ])
}

const titleOf = ({ controls }: ImportedLibrary, id: string): string =>
  controls.find((one) => one.id === id)?.title ?? ''

const writtenLine = (into: string | undefined): string =>
  into === undefined ? 'Nothing was written: give --into FILE to keep it.' : `Written: ${into}`

async function own(
  cli: Cli,
  kind: string,
  place: string,
  options: ImportOptions,
  library: readonly Control[],
): Promise<void> {
  const result = await ownFrom(kind, place, options, library)
  if (options.into !== undefined) writeJson(options.into, result)
  cli.print(result, () => [
    'controls' in result
      ? counted(result.controls.length, 'control')
      : `${result.framework.id}: ${counted(result.framework.elements.length, 'element')}, ${counted(result.edges.length, 'edge')}`,
    writtenLine(options.into),
  ])
}

function ownFrom(kind: string, place: string, options: ImportOptions, library: readonly Control[]) {
  if (kind === 'profile') return setFrom(place, options.catalog ?? [], library)
  if (kind === 'spreadsheet')
    return spreadsheetFrom(place, needed(options.mapping, '--mapping FILE'), library)
  return frameworkFrom(place, needed(options.id, '--id ID'))
}

function needed(value: string | undefined, option: string): string {
  if (value !== undefined) return value
  throw invalid('option_missing', `This import needs \`${option}\`.`)
}
