import type { Command } from 'commander'
import type { QuotaList, QuotaRow } from '../../domain/quotas/view.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Cli } from '../app.ts'

interface ChangeOptions {
  readonly reason: string
  readonly from?: string
}

/** `rankan quotas …` */
export function quotaCommands(program: Command, cli: () => Cli): void {
  const quotas = program.command('quotas').description('the quotas of an AWS organisation')
  quotas
    .command('list <aws-org>')
    .description('what AWS publishes, what was granted, and what holds today')
    .action(async (id: string) => print(cli(), await cli().api.get<QuotaList>(pathOf(id))))
  withReason(quotas.command('set <aws-org> <quota> <limit>'))
    .description('enter a quota that AWS granted, or a lower one of our own')
    .action((id: string, quota: string, limit: string, options: ChangeOptions) =>
      change(cli(), id, quota, wholeNumber(limit), options),
    )
  withReason(quotas.command('reset <aws-org> <quota>'))
    .description('what AWS publishes holds again')
    .action((id: string, quota: string, options: ChangeOptions) => change(cli(), id, quota, null, options))
}

const withReason = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why; it goes into the ledger')
    .option('--from <day>', 'from this day on, as `2026-04-01` (default: today)')

const pathOf = (id: string) => `/api/aws-organizations/${encodeURIComponent(id)}/quotas`

async function change(cli: Cli, id: string, quota: string, limit: number | null, options: ChangeOptions) {
  const body = {
    limit,
    reason: options.reason,
    ...(options.from === undefined ? {} : { effectiveFrom: options.from }),
  }
  const path = `${pathOf(id)}/${encodeURIComponent(quota)}`
  const list = await cli.api.send<QuotaList>('PUT', path, body)
  print(cli, { ...list, items: list.items.filter((row) => row.quota === quota) })
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw invalid('limit', `The limit \`${text}\` must be a whole number.`)
}

const print = (cli: Cli, list: QuotaList): void => cli.print(list, () => list.items.flatMap(lines))

const lines = (row: QuotaRow): readonly string[] => [
  `${row.quota.padEnd(34)}  ${String(row.limit).padStart(6)}  ${row.title.en}${row.limit === row.published ? '' : ` (AWS: ${row.published})`}`,
  ...(row.override ? [`    since ${row.override.effectiveFrom}: ${row.override.reason}`] : []),
  ...row.upcoming.map(
    (one) => `    from ${one.effectiveFrom}: ${one.limit ?? 'as AWS publishes'}, ${one.reason}`,
  ),
]
