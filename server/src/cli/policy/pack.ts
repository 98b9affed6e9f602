import type { Command } from 'commander'
import { invalid } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import { pack } from '../../policy/pack/pack.ts'
import type { Cli } from '../app.ts'
import { diskFacts } from './facts.ts'
import { KINDS_TEXT, kindOf, readTogether } from './files.ts'

interface Options {
  readonly kind?: string
  readonly collapse?: boolean
  readonly characters?: string
  readonly slots?: string
}

/** `rankan policy pack …` */
export function packCommand(policy: Command, cli: () => Cli): void {
  policy
    .command('pack <files...>')
    .description('the same decisions in fewer and shorter documents, for policies that stand side by side')
    .option('--kind <kind>', `what they are: ${KINDS_TEXT} (default: guessed from the document)`)
    .option('--collapse', 'names of actions into wildcards that are equal over the actions of today')
    .option('--characters <n>', 'longest document (default: the quota of the kind)')
    .option('--slots <n>', 'documents that may be attached (default: the quota of the kind)')
    .action((files: readonly string[], options: Options) => run(cli(), files, options))
}

function run(cli: Cli, files: readonly string[], options: Options): void {
  const kind = kindOf(options.kind)
  const packed = pack(readTogether(files, kind).flat(), {
    ...numberOf('characters', options.characters),
    ...numberOf('slots', options.slots),
    ...(options.collapse === true ? { collapseWith: diskFacts() } : {}),
  })
  cli.print(packed, () => [
    ...packed.documents.map(({ text }) => text),
    `${counted(packed.before.statements, 'statement')} in ${counted(packed.before.documents, 'document')} before, ` +
      `${counted(packed.documents.flatMap(({ statements }) => statements).length, 'statement')} in ${counted(packed.documents.length, 'document')} now` +
      `${packed.fits ? '' : '; this is over the quota'}`,
  ])
  if (!packed.fits) process.exitCode = 2
}

function numberOf(
  name: 'characters' | 'slots',
  text: string | undefined,
): { characters?: number; slots?: number } {
  if (text === undefined) return {}
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw invalid('bad_number', `\`--${name} ${text}\` is no whole number above 0.`)
  return { [name]: value }
}
