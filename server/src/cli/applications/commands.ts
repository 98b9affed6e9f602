import type { Command } from 'commander'
import type {
  ApplicationPage,
  ApplicationRow,
  ApplicationView,
  Decision,
} from '../../domain/applications/view.ts'
import { counted } from '../../kernel/text.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { applyBatch, applyFile, readJson, writeTemplate } from './apply.ts'
import { detailLines, rowLine } from './lines.ts'
import { watch } from './watch.ts'

const pathOf = (id: string) => `/api/applications/${encodeURIComponent(id)}`

/** `rankan apply …` and `rankan application …` */
export const applicationCommands: CommandGroup = (program: Command, cli: () => Cli) => {
  const apply = program.command('apply').description('apply for accounts')
  apply
    .command('file', { isDefault: true, hidden: true })
    .option('--file <json>', 'an application as JSON; `-` reads standard input')
    .option('--draft', 'keep it as a draft')
    .option('--check', 'only say what schema, rules and register say of it')
    .action((options: { file?: string; draft?: boolean; check?: boolean }) => applyFile(cli(), options))
  apply
    .command('batch <file>')
    .description(
      'apply with a CSV file (UTF-8 or Shift_JIS), one row for each environment: all of it or nothing',
    )
    .option('--check', 'only check the file')
    .action((file: string, options: { check?: boolean }) => applyBatch(cli(), file, options.check ?? false))
  apply
    .command('template')
    .description('print a batch file to begin with')
    .option('--language <ja|en>', 'language of the headings', 'ja')
    .action((options: { language: string }) => writeTemplate(cli(), options.language))

  const application = program.command('application').description('look at applications and decide on them')
  application
    .command('list')
    .description('applications, last change first')
    .option('--state <state>', 'only in this state')
    .option('--view <view>', 'all, mine, waiting or open', 'open')
    .option('--text <words>', 'organisation, system or id')
    .option('--limit <n>', 'at most this many', '50')
    .action((options: ListOptions) => list(cli(), options))
  application
    .command('show <id>')
    .description('one application: whose turn it is, verdicts, orders')
    .action(async (id: string) => {
      const view = await cli().api.get<ApplicationView>(pathOf(id))
      cli().print(view, () => detailLines(view))
    })
  for (const decision of ['approve', 'return', 'reject'] as const) addDecision(application, cli, decision)
  application
    .command('withdraw <id>')
    .description('take an application back before it is approved')
    .action((id: string) => change(cli(), id, 'withdraw', {}))
  application
    .command('submit <id>')
    .description('hand in a draft')
    .action((id: string) => change(cli(), id, 'submit', {}))
  application
    .command('change <id>')
    .description('write a draft or a returned application anew')
    .requiredOption('--file <json>', 'the whole application as JSON; `-` reads standard input')
    .action(async (id: string, { file }: { file: string }) => {
      const form = await readJson(file)
      const { version } = await cli().api.get<ApplicationView>(pathOf(id))
      const view = await cli().api.send<ApplicationView>('PUT', pathOf(id), { version, form })
      cli().print(view, () => [`${id}: ${view.state}`])
    })
  application
    .command('comment <id> <text>')
    .description('write into the thread')
    .action(async (id: string, text: string) => {
      const view = await cli().api.send<ApplicationView>('POST', `${pathOf(id)}/comments`, { body: text })
      cli().print(view, () => [`${id}: ${counted(view.comments.length, 'comment')}`])
    })
  application
    .command('watch <id>')
    .description('follow an application until it is over')
    .action((id: string) => watch(cli(), id))
}

function addDecision(application: Command, cli: () => Cli, decision: Decision): void {
  const texts = { approve: 'agree', return: 'send back to the applicant', reject: 'turn down' }
  application
    .command(`${decision} <id...>`)
    .description(`${texts[decision]}; several ids are decided each for itself`)
    .option('--comment <text>', 'what the applicant is told')
    .action(async (ids: string[], options: { comment?: string }) => {
      const [first] = ids
      if (ids.length === 1 && first !== undefined)
        return change(cli(), first, 'decision', { decision, comment: options.comment ?? '' })
      await decideMany(cli(), ids, decision, options.comment ?? '')
    })
}

/** The version that is decided on is the one that was just read. */
async function change(cli: Cli, id: string, action: string, body: object): Promise<void> {
  const { version } = await cli.api.get<ApplicationView>(pathOf(id))
  const view = await cli.api.send<ApplicationView>('POST', `${pathOf(id)}/${action}`, { ...body, version })
  cli.print(view, () => [`${id}: ${view.state}`])
}

interface Results {
  readonly results: readonly {
    id: string
    state: string | null
    code: string | null
    message: string | null
  }[]
}

async function decideMany(
  cli: Cli,
  ids: readonly string[],
  decision: Decision,
  comment: string,
): Promise<void> {
  const items = []
  for (const id of ids) {
    const { version } = await cli.api.get<ApplicationView>(pathOf(id))
    items.push({ id, version })
  }
  const answer = await cli.api.send<Results>('POST', '/api/applications/decisions', {
    items,
    decision,
    comment,
  })
  cli.print(answer, () => answer.results.map((r) => `${r.id}: ${r.state ?? `${r.code}: ${r.message}`}`))
  if (answer.results.some((r) => r.code !== null)) process.exitCode = 4
}

interface ListOptions {
  readonly state?: string
  readonly view: string
  readonly text?: string
  readonly limit: string
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const wanted = Math.max(1, Number(options.limit) || 50)
  const items: ApplicationRow[] = []
  let cursor: string | null = null
  do {
    const query: URLSearchParams = new URLSearchParams({
      view: options.view,
      limit: String(Math.min(200, wanted - items.length)),
    })
    if (options.state) query.set('state', options.state)
    if (options.text) query.set('text', options.text)
    if (cursor) query.set('cursor', cursor)
    const page: ApplicationPage = await cli.api.get(`/api/applications?${query}`)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor && items.length < wanted)
  cli.print({ items }, () => (items.length === 0 ? ['No application found.'] : items.map(rowLine)))
}
