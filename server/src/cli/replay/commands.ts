import path from 'node:path'
import { replay } from '../../analytics/replay/answer.ts'
import { applied, type Proposal, proposalsOf } from '../../analytics/replay/exemption.ts'
import { type PolicyFile, readFolder } from '../../analytics/replay/folder.ts'
import type { Report } from '../../analytics/replay/report.ts'
import type { World } from '../../analytics/replay/world.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { digestLines, ingestLines, reportLines } from './lines.ts'
import { isS3, type Places } from './places.ts'
import { type Read, readTrail } from './trail.ts'
import { periodOf, treeIn, worldOf } from './world.ts'

interface Options {
  readonly trail?: string
  readonly policies: string
  readonly tree?: string
  readonly since?: string
  readonly until?: string
  readonly facts?: string
  readonly against?: string
  readonly exempt?: string
  readonly limit: string
  /** `undefined`: neither `--verify` nor `--no-verify`. */
  readonly verify?: boolean
  readonly keys?: string
}

/** `rankan replay`: works on files alone; no server is asked, and AWS only for a trail in S3. */
export const replayCommands =
  (places: Places): CommandGroup =>
  (program, cli) => {
    program
      .command('replay')
      .description(
        'what would these SCPs and RCPs have denied, for whom and how often, by CloudTrail history',
      )
      .option(
        '--trail <place>',
        'folder of CloudTrail files, one file, or `s3://bucket/prefix`; without it the facts as they are',
      )
      .requiredOption('--policies <dir>', 'folder of SCPs and RCPs as JSON files')
      .option('--tree <file>', 'OUs, accounts and attachments; without it all policies are at the root')
      .option('--since <day>', 'first day, as 2026-10-01')
      .option('--until <day>', 'last day')
      .option(
        '--facts <dir>',
        'where facts are kept from run to run (default: beside the trail, `<trail>-facts`)',
      )
      .option('--against <dir>', 'the policies as they are now, to see what becomes denied and allowed')
      .option(
        '--exempt <arn>',
        'spare this caller from what denies it, and compare with the policies as given',
      )
      .option('--limit <n>', 'lines of each table', '20')
      .option('--verify', 'check the files against CloudTrail’s digests (a folder that has digests: always)')
      .option('--no-verify', 'do not check them')
      .option('--keys <file>', 'answer of `aws cloudtrail list-public-keys`, for the signatures of digests')
      .action((options: Options) => run(cli(), places, options))
  }

async function run(cli: Cli, places: Places, options: Options): Promise<void> {
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1)
    throw invalid(
      'bad_limit',
      `\`--limit ${options.limit}\` is no number of lines; give a whole number from 1.`,
    )
  const period = periodOf(options)
  const tree = options.tree === undefined ? null : treeIn(options.tree)
  const files = readFolder(options.policies)
  const world = worldOf(files, tree)
  const before = options.against === undefined ? undefined : worldOf(readFolder(options.against), tree)
  const dir = factsFolder(options)
  const read = await readTrail(cli, places, { ...options, ...period, dir })
  const ask = async (one: World, against: World | undefined) => {
    const bar = cli.progress(100)
    try {
      return await replay({
        dir,
        world: one,
        ...(against === undefined ? {} : { against }),
        period,
        limit,
        onProgress: (done, total) =>
          bar.update(total === 0 ? 100 : Math.floor((100 * done) / total), '% facts'),
      })
    } finally {
      bar.stop()
    }
  }
  const first = await ask(world, before)
  const exempt = options.exempt === undefined ? null : exemptionFor(options.exempt, first)
  const changed = exempt === null ? files : applied(files, exempt)
  const report = exempt === null ? first : await ask(worldOf(changed, tree), world)
  const proposals = proposalsOf(report, limit)
  cli.print(
    {
      ingest: ingestOf(read),
      digests: read.digests,
      ...report,
      proposals,
      exemption: exempt === null ? null : { ...exempt, policies: changesOf(files, changed) },
    },
    () => [
      ...(read.ingest === null ? [] : ingestLines(read.ingest, dir)),
      ...(read.digests === null ? [] : digestLines(read.digests)),
      ...reportLines(report, proposals, exempt),
    ],
  )
}

const changesOf = (before: readonly PolicyFile[], after: readonly PolicyFile[]) =>
  after
    .filter(({ document }, index) => document !== before[index]?.document)
    .map(({ name, file, document }) => ({ name, file, document }))

function factsFolder({ facts, trail }: Options): string {
  if (facts !== undefined) return facts
  if (trail === undefined || isS3(trail))
    throw invalid(
      'no_facts_folder',
      'Name the folder of the facts with `--facts`; only a trail in a folder has one beside it.',
    )
  return `${path.resolve(trail)}-facts`
}

const ingestOf = ({ ingest }: Read) =>
  ingest === null
    ? null
    : {
        ...ingest,
        refused: ingest.refused.map(({ name, refused }) => ({ name, ...refused })),
        partly: ingest.partly.map(({ name, events, foreign }) => ({ name, events, foreign })),
      }

/** The statements that deny this caller, with the condition that spares it. */
function exemptionFor(arn: string, report: Report): Proposal {
  const proposed = proposalsOf(report, Number.POSITIVE_INFINITY).find(({ exemption }) =>
    exemption.values.includes(arn),
  )
  if (proposed !== undefined) return proposed
  const groups = report.denied.groups.filter(({ principal }) => principal === arn)
  const statements = groups.flatMap((group) => group.statements)
  if (statements.length === 0)
    throw invalid(
      'nothing_to_exempt',
      `No Deny statement denies \`${arn}\` in this period; see the proposals of a run without \`--exempt\`.`,
    )
  return {
    exemption: { operator: 'ArnNotLike', key: 'aws:PrincipalArn', values: [arn] },
    statements: [...new Map(statements.map((one) => [`${one.policy} ${one.index}`, one])).values()],
    calls: groups.reduce((sum, { calls, already }) => sum + calls - already, 0),
  }
}
