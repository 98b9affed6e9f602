import { readFolder } from '../../analytics/replay/folder.ts'
import type {
  ReplayDetail,
  ReplayPage,
  ReplayRequestInput,
  ReplayResult,
  ReplayView,
} from '../../domain/policies/replays.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Cli, CommandGroup } from '../app.ts'

interface StartOptions {
  readonly policies: string
  readonly title?: string
  readonly target: readonly string[]
  readonly onTop?: boolean
  readonly againstInForce?: boolean
  readonly since?: string
  readonly until?: string
  readonly wait?: boolean
}

/** `rankan replays`: replays that a server's workers run, over the trail that is configured there (`rankan replay` works on files alone). */
export const replaysCommands: CommandGroup = (program, cli) => {
  const replays = program.command('replays').description('replays on the server: start, list, show, cancel')
  replays
    .command('start <aws-organization>')
    .description('what would these SCPs and RCPs have denied, by the trail of that AWS organisation')
    .requiredOption('--policies <dir>', 'folder of SCPs and RCPs as JSON files')
    .option('--title <text>', 'what it is called (default: the folder)')
    .option('--target <id>', 'root, OU or account where all are attached; may be repeated', collect, [])
    .option('--on-top', 'on top of the policies in force, in the place of those of the same name')
    .option('--against-in-force', 'compare with the policies in force')
    .option('--since <day>', 'first day, as 2026-10-01')
    .option('--until <day>', 'last day')
    .option('--wait', 'wait for the end and print the result')
    .action((organization: string, options: StartOptions) => start(cli(), organization, options))
  replays
    .command('list')
    .description('replays, newest first')
    .option('--limit <n>', 'how many', '20')
    .action(async ({ limit }: { readonly limit: string }) => {
      const page = await cli().api.get<ReplayPage>(`/api/replays?limit=${encodeURIComponent(limit)}`)
      cli().print(page, () => page.items.map(lineOf))
    })
  replays
    .command('show <id>')
    .description('one replay; with its result when it is done')
    .action((id: string) => show(cli(), id))
  replays
    .command('cancel <id>')
    .description('end a replay that waits or runs')
    .action(async (id: string) => {
      const replay = await cli().api.send<ReplayView>('POST', `${pathOf(id)}/cancel`)
      cli().print(replay, () => [lineOf(replay)])
    })
}

const collect = (value: string, before: readonly string[]) => [...before, value]
const pathOf = (id: string) => `/api/replays/${encodeURIComponent(id)}`

async function start(cli: Cli, awsOrganizationId: string, options: StartOptions): Promise<void> {
  const policies = readFolder(options.policies).map(({ name, kind, document }) => ({
    name,
    kind,
    document: JSON.stringify(document, null, 2),
    targets: [...options.target],
  }))
  const request: ReplayRequestInput = {
    awsOrganizationId,
    title: options.title ?? options.policies,
    policies,
    withInForce: options.onTop === true,
    against: options.againstInForce === true ? { what: 'in_force' } : null,
    since: options.since ?? null,
    until: options.until ?? null,
  }
  const replay = await cli.api.send<ReplayView>('POST', '/api/replays', request)
  if (options.wait !== true) return cli.print(replay, () => [lineOf(replay)])
  await ended(cli, replay.id)
  await show(cli, replay.id)
}

const LOOK_EVERY_MS = 1_000

async function ended(cli: Cli, id: string): Promise<void> {
  const bar = cli.progress(100)
  try {
    for (;;) {
      const { state, progress } = await cli.api.get<ReplayDetail>(pathOf(id))
      if (state !== 'queued' && state !== 'running') return
      const { phase, filesTotal, filesRead, factsTotal, factsAsked } = progress
      const [done, total] = phase === 'reading' ? [filesRead, filesTotal] : [factsAsked, factsTotal]
      bar.update(total === null || total === 0 ? 0 : Math.floor((100 * done) / total), `% ${phase}`)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  } finally {
    bar.stop()
  }
}

async function show(cli: Cli, id: string): Promise<void> {
  const replay = await cli.api.get<ReplayDetail>(pathOf(id))
  const result = replay.state === 'done' ? await cli.api.get<ReplayResult>(`${pathOf(id)}/result`) : null
  cli.print({ replay, result }, () => [lineOf(replay), ...resultLines(result)])
  if (replay.error !== null) throw invalid(replay.error.code, replay.error.message)
}

const lineOf = ({ id, state, awsOrganizationId, title, totals, createdAt }: ReplayView): string =>
  `${id}  ${createdAt}  ${state}  ${awsOrganizationId}  ${title}${totals === null ? '' : `  denied ${totals.denied} of ${totals.calls} calls (${totals.already} already then), unknown ${totals.unknown}`}`

const SHOWN = 20

function resultLines(result: ReplayResult | null): readonly string[] {
  if (result === null) return []
  const { denied } = result.report
  return [
    ...denied.groups
      .slice(0, SHOWN)
      .map(
        (group) =>
          `  ${group.calls} × ${group.action} by ${group.principal} ← ${group.statements.map((one) => `${one.policy} ${one.sid ?? `#${one.index + 1}`}`).join(', ') || 'implicit deny'}`,
      ),
    ...result.proposals
      .slice(0, SHOWN)
      .map(({ exemption, calls }) => `  exempt ${exemption.values.join(', ')}: ${calls} calls fewer`),
  ]
}
