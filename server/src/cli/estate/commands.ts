import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { failureText } from '../../domain/accounts/failure-texts.ts'
import { stepTitle } from '../../domain/accounts/steps.ts'
import type { AccountDetail, AccountPage, AwsOrganizationView } from '../../domain/accounts/view.ts'
import type { ApplicationTimeline, QueueView, WorkView } from '../../domain/accounts/work-view.ts'
import type { DriftPage, DriftRow } from '../../domain/drift/view.ts'
import { invalid } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { quotaCommands } from './quotas.ts'
import { settingCommands } from './settings.ts'

interface Filter {
  readonly status?: string
  readonly environment?: string
  readonly org?: string
  readonly awsOrg?: string
  readonly drifted?: boolean
  readonly limit?: string
  readonly output?: string
}

/** `rankan account …`, `rankan aws-org …`, `rankan queue`, `rankan work …`, `rankan drift …`, `rankan quotas …` */
export const estateCommands: CommandGroup = (program: Command, cli: () => Cli) => {
  accountCommands(program, cli)
  awsOrganizationCommands(program, cli)
  workCommands(program, cli)
  driftCommands(program, cli)
  quotaCommands(program, cli)
}

const withFilter = (command: Command): Command =>
  command
    .option('--status <status>', 'vending, active, suspended, closing, post_closure, closed, departed')
    .option('--environment <environment>', 'production, staging, development, operation')
    .option('--org <id>', 'organisation, `org_…`')
    .option('--aws-org <id>', 'AWS organisation, `aws_…`')
    .option('--drifted', 'only accounts with open drift')

function queryOf(text: readonly string[], filter: Filter): URLSearchParams {
  const query = new URLSearchParams()
  const set = (name: string, value: string | undefined) => value !== undefined && query.set(name, value)
  set('text', text.length > 0 ? text.join(' ') : undefined)
  set('status', filter.status)
  set('environment', filter.environment)
  set('organisationId', filter.org)
  set('awsOrganizationId', filter.awsOrg)
  set('drifted', filter.drifted ? 'true' : undefined)
  return query
}

function accountCommands(program: Command, cli: () => Cli): void {
  const account = program.command('account').description('the register of AWS accounts')
  withFilter(account.command('list [text...]'))
    .description('accounts by name; the text looks in numbers, names, e-mails, organisations and systems')
    .option('--limit <n>', 'how many at most', '100')
    .action((text: string[], filter: Filter) => listAccounts(cli(), text, filter))
  account
    .command('show <account>')
    .description('one account, by `acc_…` or twelve digits')
    .action((id: string) => showAccount(cli(), id))
  withFilter(account.command('export [text...]'))
    .description('the accounts of a filter as CSV')
    .option('--output <file>', 'write to this file instead of standard output')
    .action((text: string[], filter: Filter) => exportAccounts(cli(), text, filter))
}

async function listAccounts(cli: Cli, text: readonly string[], filter: Filter): Promise<void> {
  const query = queryOf(text, filter)
  query.set('limit', filter.limit ?? '100')
  const page = await cli.api.get<AccountPage>(`/api/accounts?${query}`)
  cli.print(page, () => [
    ...page.items.map(
      (row) =>
        `${row.accountId}  ${row.status.padEnd(12)}  ${row.name.padEnd(32)}  ${row.organisationName?.ja ?? '-'}`,
    ),
    `${page.items.length} of ${page.total}`,
  ])
}

async function showAccount(cli: Cli, id: string): Promise<void> {
  const account = await cli.api.get<AccountDetail>(`/api/accounts/${encodeURIComponent(id)}`)
  cli.print(account, () => [
    `${account.accountId}  ${account.name}  <${account.email}>`,
    `${account.status} (AWS: ${account.awsState})  ${account.ouName}  ${account.awsOrganizationId}`,
    `${account.organisationName?.ja ?? '-'} / ${account.systemName?.ja ?? '-'} / ${account.environment ?? '-'}`,
    ...account.contacts.map((one) => `  ${one.type}: ${one.name} <${one.email}>`),
    ...Object.entries(account.facts).map(([key, value]) => `  ${key}: ${value}`),
    ...(account.suspension ? [`  suspended: ${account.suspension.reason}`] : []),
    ...(account.closure ? [`  closed; AWS keeps it until ${account.closure.windowEndsAt}`] : []),
    ...account.works.map((work) => `  ${work.at}  ${work.kind}  ${work.state}  ${work.workId}`),
  ])
}

async function exportAccounts(cli: Cli, text: readonly string[], filter: Filter): Promise<void> {
  const response = await cli.api.fetch(`/api/accounts/export?${queryOf(text, filter)}`)
  if (response.body === null) throw invalid('empty_export', 'The server sent no file.')
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
  if (filter.output === undefined) return pipeline(body, process.stdout, { end: false })
  await pipeline(body, createWriteStream(filter.output))
  cli.print({ file: filter.output }, () => [`Written to \`${filter.output}\`.`])
}

function awsOrganizationCommands(program: Command, cli: () => Cli): void {
  const group = program.command('aws-org').description('the connected AWS organisations')
  settingCommands(group, cli)
  group
    .command('list')
    .description('with their accounts, ceilings and last sweeps')
    .action(async () => {
      const { items } = await cli().api.get<{ items: AwsOrganizationView[] }>('/api/aws-organizations')
      cli().print(items, () =>
        items.map(
          (one) =>
            `${one.id}  ${one.name}  ${one.engine}  ${one.accounts} of ${counted(one.accountLimit, 'account')}  drift ${one.openDrift}  last sweep ${one.lastSweepAt ?? 'never'}`,
        ),
      )
    })
  group
    .command('sweep <id>')
    .description('compare it with the register now')
    .action(async (id: string) => {
      const result = await cli().api.send<{
        complete: boolean
        listed: number
        opened: number
        vanished: number
      }>('POST', `/api/aws-organizations/${encodeURIComponent(id)}/sweep`)
      cli().print(result, () => [
        `${counted(result.listed, 'account')} looked at, ${result.opened} new drift, ${result.vanished} vanished${result.complete ? '' : '; AWS could not be listed to the end'}`,
      ])
    })
}

function workCommands(program: Command, cli: () => Cli): void {
  program
    .command('queue')
    .description('the queue of the centre: slots, quotas, and work that is not over')
    .action(() => showQueue(cli()))
  const work = program.command('work').description('the workflows of applications')
  work
    .command('timeline <application>')
    .description('every step with attempts, errors and times')
    .action((id: string) => showTimeline(cli(), id))
  work
    .command('retry <work>')
    .description('take work up again that needs repair')
    .option('--from-step <step>', 'from this step on (default: the step that failed)')
    .action((id: string, { fromStep }: { fromStep?: string }) =>
      repair(cli(), id, { action: 'retry', ...(fromStep ? { fromStep } : {}) }),
    )
  work
    .command('correct <work> <field> <value>')
    .description('put a field right (`account.email`, `contacts` as JSON …) and go on')
    .requiredOption('--reason <text>', 'why; it goes into the ledger')
    .action((id: string, field: string, value: string, { reason }: { reason: string }) =>
      repair(cli(), id, { action: 'correct', field, value: parsed(value), reason }),
    )
  work
    .command('give-up <work>')
    .description('end it with a clean estate')
    .requiredOption('--reason <text>', 'why; it goes into the ledger')
    .action((id: string, { reason }: { reason: string }) => repair(cli(), id, { action: 'give_up', reason }))
}

/** JSON where it is JSON, otherwise the text itself. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

async function showQueue(cli: Cli): Promise<void> {
  const queue = await cli.api.get<QueueView>('/api/queue')
  cli.print(queue, () => [
    ...queue.organizations.flatMap((one) => [
      `${one.name}: ${one.counts.queued} queued, ${one.counts.running} running, ${one.counts.needsRepair} need repair, ${one.counts.doneToday} done today`,
      ...one.quotas.map(
        (slot) => `  ${slot.title.en}: ${slot.used} of ${slot.limit}, ${slot.waiting} waiting`,
      ),
    ]),
    ...queue.items.map(
      (item) =>
        `${item.workId}  ${item.state.padEnd(12)}  ${(item.stepTitle?.en ?? '-').padEnd(36)}  ${item.etaAt ?? ''}`,
    ),
  ])
}

async function showTimeline(cli: Cli, id: string): Promise<void> {
  const { works } = await cli.api.get<ApplicationTimeline>(
    `/api/applications/${encodeURIComponent(id)}/timeline`,
  )
  cli.print(works, () => works.flatMap(workLines))
}

const workLines = (work: WorkView): string[] => [
  `${work.workId}  ${work.state}  ${work.accountId ?? ''}`,
  ...work.steps.map(
    (step) =>
      `  ${step.startedAt}  ${step.state.padEnd(8)} x${step.attempts}  ${step.title.en}${step.error ? `  (${step.error.code}: ${step.error.message})` : ''}`,
  ),
  ...(work.failure
    ? [
        `  needs repair: ${stepTitle(work.failure.step).en}. ${failureText(work.failure.code).en}`,
        `  ${work.failure.code}: ${work.failure.message}`,
        `  correctable: ${work.failure.correctable.join(', ') || '-'}`,
      ]
    : []),
]

async function repair(cli: Cli, workId: string, body: object): Promise<void> {
  const work = await cli.api.send<WorkView>('POST', `/api/works/${encodeURIComponent(workId)}/repair`, body)
  cli.print(work, () => workLines(work))
}

function driftCommands(program: Command, cli: () => Cli): void {
  const drift = program.command('drift').description('what no workflow explains')
  drift
    .command('list')
    .description('differences between the register and AWS')
    .option('--all', 'also what was resolved')
    .action(async ({ all }: { all?: boolean }) => {
      const page = await cli().api.get<DriftPage>(`/api/drift?limit=500${all ? '' : '&state=open'}`)
      cli().print(page, () => [
        ...page.items.map(driftLine),
        `${page.items.length} of ${counted(page.total, 'difference')}`,
      ])
    })
  drift
    .command('apply <drift> <action>')
    .description('adopt, move_back, rename_back, record or ignore')
    .requiredOption('--reason <text>', 'why; it goes into the ledger')
    .option('--org <id>', 'adopt: the organisation that the account belongs to')
    .option('--environment <environment>', 'adopt: its environment')
    .action(
      async (id: string, action: string, options: { reason: string; org?: string; environment?: string }) => {
        const row = await cli().api.send<DriftRow>('POST', `/api/drift/${encodeURIComponent(id)}/apply`, {
          action,
          reason: options.reason,
          ...(options.org ? { organisationId: options.org } : {}),
          ...(options.environment ? { environment: options.environment } : {}),
        })
        cli().print(row, () => [driftLine(row)])
      },
    )
}

const driftLine = (row: DriftRow): string =>
  `${row.id}  ${row.kind}  ${row.accountId} ${row.accountName}  ${row.expected ?? '-'} → ${row.actual ?? '-'}  ${row.state}  [${row.actions.join(', ')}]`
