import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { IMPORT_LIMITS } from '../../domain/organisations/import/limits.ts'
import { CHANGES } from '../../domain/organisations/import/plan.ts'
import type {
  AttentionItem,
  ImportView,
  OrganisationPage,
  OrganisationRow,
} from '../../domain/organisations/view.ts'
import { invalid } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import type { Cli, CommandGroup } from '../app.ts'

interface ImportOptions {
  readonly profile?: string
  readonly asOf?: string
  readonly apply?: boolean
  readonly accept: readonly string[]
  readonly skip: readonly string[]
  readonly withKnown?: boolean
  readonly keepMissing?: boolean
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** `rankan org …` */
export const organisationCommands: CommandGroup = (program: Command, cli: () => Cli) => {
  const org = program.command('org').description('the register of organisations')
  org
    .command('import <file>')
    .description(
      'compare a list (CSV, UTF-8 or Shift_JIS) with the register; --apply writes exactly the plan',
    )
    .option('--profile <name>', 'how the columns are read (default: the profile that fits)')
    .option('--as-of <day>', 'the day that the list is true for, YYYY-MM-DD (default: today)')
    .option('--apply', 'apply the plan')
    .option('--with-known', 'also take the known official changes that the list does not show')
    .option('--keep-missing', 'keep organisations that the list does not name: it is only a part')
    .option('--accept <key>', 'accept an item (or group) of the plan; again for more', collect, [])
    .option('--skip <key>', 'leave out an item (or group) of the plan; again for more', collect, [])
    .action((file: string, options: ImportOptions) => importList(cli(), file, options))
  org
    .command('search <text...>')
    .description('find organisations by name, reading or code')
    .option('--on <day>', 'as of that day')
    .action((text: string[], options: { on?: string }) => search(cli(), text.join(' '), options.on))
  org
    .command('show <code>')
    .description('an organisation with its history')
    .option('--on <day>', 'as of that day')
    .action((code: string, options: { on?: string }) => show(cli(), code, options.on))
  org
    .command('attention')
    .description('ownerless accounts, dead contacts, people who left')
    .action(() => attention(cli()))
}

async function importList(cli: Cli, file: string, options: ImportOptions): Promise<void> {
  const query = new URLSearchParams({ fileName: path.basename(file) })
  if (options.profile !== undefined) query.set('profile', options.profile)
  if (options.asOf !== undefined) query.set('asOf', options.asOf)
  const bytes = await readList(file)
  let plan = await cli.api.upload<ImportView>(`/api/organisation-imports?${query}`, bytes, 'text/csv')
  const decisions = decisionsOf(plan, options)
  if (Object.keys(decisions).length > 0)
    plan = await cli.api.send<ImportView>('PUT', `/api/organisation-imports/${plan.id}/decisions`, {
      decisions,
    })
  if (options.apply === true)
    plan = await cli.api.send<ImportView>('POST', `/api/organisation-imports/${plan.id}/apply`)
  cli.print(plan, () => planLines(plan))
}

async function readList(file: string): Promise<Uint8Array> {
  const info = await stat(file).catch(() => null)
  if (info === null || !info.isFile()) throw invalid('no_such_file', `There is no file \`${file}\`.`)
  if (info.size > IMPORT_LIMITS.fileBytes)
    throw invalid(
      'file_too_large',
      `\`${file}\` has ${info.size} bytes; at most ${IMPORT_LIMITS.fileBytes} are read. Split it.`,
    )
  return readFile(file)
}

type Verdict = { readonly verdict: 'accept' | 'skip' }

function decisionsOf(plan: ImportView, options: ImportOptions): Record<string, Verdict> {
  const known =
    options.withKnown === true ? plan.items.filter((i) => i.state === 'proposed').map((i) => i.key) : []
  const missing =
    options.keepMissing === true ? plan.items.filter((i) => i.change === 'gone').map((i) => i.key) : []
  return Object.fromEntries([
    ...[...missing, ...options.skip].map((key) => [key, { verdict: 'skip' }] as const),
    ...[...known, ...options.accept].map((key) => [key, { verdict: 'accept' }] as const),
  ])
}

const STATES = { planned: 'Plan', applied: 'Applied', discarded: 'Discarded' } as const
/** A first import has thousands of new organisations: the count says it. */
const SHOWN_NEW = 5

function planLines(plan: ImportView): readonly string[] {
  const counts = CHANGES.filter((change) => (plan.counts[change] ?? 0) > 0).map(
    (change) => `${change} ${plan.counts[change]}`,
  )
  const fresh = plan.items.filter((item) => item.change === 'new' && item.state === 'included')
  const rest = plan.items.filter((item) => item.change !== 'new' || item.state !== 'included')
  const shown = [...fresh.slice(0, SHOWN_NEW), ...rest]
  return [
    `${STATES[plan.state]} ${plan.id}: ${plan.fileName} (${plan.encoding}, ${counted(plan.rows, 'row')}) as of ${plan.asOf}, profile ${plan.profile}`,
    `unchanged ${plan.unchanged}${counts.map((c) => `, ${c}`).join('')}`,
    ...shown.map((item) => `  [${item.state}] ${item.key}: ${item.words.en}`),
    ...(fresh.length > SHOWN_NEW ? [`  … and ${fresh.length - SHOWN_NEW} more new organisations`] : []),
    ...plan.outdated.map(
      (row) =>
        `  line ${row.line}: ${row.nameJa} (${row.code}) is out of date; now ${row.nowNameJa ?? 'gone'}`,
    ),
    ...hints(plan),
  ]
}

function hints(plan: ImportView): readonly string[] {
  if (plan.state !== 'planned') return []
  if (plan.unconfirmed > 0)
    return [`${plan.unconfirmed} item(s) wait for --accept KEY, --skip KEY or --keep-missing.`]
  const known =
    plan.proposed > 0
      ? [`${plan.proposed} known official change(s) are not in the list: --with-known takes them.`]
      : []
  return [...known, plan.empty ? 'Nothing to apply.' : 'Nothing was changed yet: run again with --apply.']
}

async function search(cli: Cli, text: string, on: string | undefined): Promise<void> {
  const found = await find(cli, text, on)
  cli.print(found, () =>
    found.items.length === 0
      ? [`Nothing is called \`${text}\`.`]
      : found.items.map(
          (o) => `${o.code}  ${o.name.ja}  ${o.name.en}${o.foundAs === null ? '' : `  (was ${o.foundAs})`}`,
        ),
  )
}

function find(
  cli: Cli,
  text: string,
  on: string | undefined,
): Promise<{ items: OrganisationRow[]; total: number }> {
  const query = new URLSearchParams({ text, limit: '50', ...(on === undefined ? {} : { on }) })
  return cli.api.get(`/api/organisations?${query}`)
}

async function show(cli: Cli, code: string, on: string | undefined): Promise<void> {
  const found = await find(cli, code, on)
  const id = code.startsWith('org_') ? code : found.items[0]?.id
  if (id === undefined)
    throw invalid('no_such_organisation', `No organisation has the code or name \`${code}\`.`)
  const page = await cli.api.get<OrganisationPage>(
    `/api/organisations/${id}${on === undefined ? '' : `?on=${on}`}`,
  )
  cli.print(page, () => [
    `${page.now?.code ?? '—'}  ${page.now?.name.ja ?? '(does not exist on that day)'}  ${page.now?.name.en ?? ''}  ${page.id}`,
    ...page.timeline.map((v) => `  ${v.from ?? '…'} – ${v.to ?? ''}  ${v.code}  ${v.name.ja}`),
    ...page.predecessors.map((p) => `  took over ${p.organisation.name.ja} on ${p.day}`),
    ...page.successors.map((s) => `  merged into ${s.organisation.name.ja} on ${s.day}`),
    ...page.contacts.map((c) => `  contact ${c.purpose}  ${c.email}  ${c.reachability}  ${c.id}`),
    ...page.systems.map((s) => `  system ${s.code}  ${s.name.ja}  ${s.useMode}  ${s.id}`),
    ...page.contracts.map((c) => `  contract ${c.number}  ${c.operator.name.ja}  until ${c.to}  ${c.id}`),
    ...page.people.map(
      (p) => `  ${p.name}  ${p.grants.map((g) => `${g.role} (${g.id})`).join(', ')}  ${p.id}`,
    ),
  ])
}

async function attention(cli: Cli): Promise<void> {
  const { items } = await cli.api.get<{ items: AttentionItem[] }>('/api/organisations/attention')
  cli.print(items, () =>
    items.length === 0 ? ['Nothing waits.'] : items.map((i) => `[${i.severity}] ${i.words.en}`),
  )
}
