import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { readFolder } from '../../analytics/replay/folder.ts'
import { COLUMNS, exportFacts, tableSql } from '../../analytics/sql/columns.ts'
import { DIALECTS } from '../../analytics/sql/dialect.ts'
import { eventLines, eventRows } from '../../analytics/sql/events.ts'
import {
  ATHENA_MAX_BYTES,
  QUESTIONS,
  type Query,
  type QueryOptions,
  type Question,
  queryOf,
} from '../../analytics/sql/query.ts'
import { loadTables } from '../../analytics/trail/tables.ts'
import { invalid, RankanError } from '../../kernel/errors.ts'
import type { Cli } from '../app.ts'
import { writeText } from '../files.ts'
import { periodOf, treeIn, worldOf } from '../replay/world.ts'

interface Options {
  readonly policies: string
  readonly tree?: string
  readonly dialect: string
  readonly table?: string
  readonly facts?: string
  readonly trailTable?: string
  readonly question: string
  readonly since?: string
  readonly until?: string
  readonly accounts?: string
}

const TABLE = 'rankan_facts'
const ACCOUNTS_TABLE = 'rankan_accounts'
const EVENTS_TABLE = 'rankan_events'

/** `rankan policy sql`: prints the query; nothing is run. `rankan policy facts`: writes the table that it asks. */
export function sqlCommand(policy: Command, cli: () => Cli): void {
  policy
    .command('sql')
    .description('SCPs and RCPs as one SQL query over the facts of a trail, for Athena or DuckDB')
    .requiredOption('--policies <dir>', 'folder of SCPs and RCPs as JSON files')
    .option('--tree <file>', 'OUs, accounts and attachments; without it all policies are at the root')
    .option('--dialect <name>', 'athena or duckdb', 'athena')
    .option('--question <name>', `what to ask: ${QUESTIONS.join(', ')}`, 'groups')
    .option('--table <name>', `table of the facts (default: ${TABLE})`)
    .option('--facts <dir>', 'for duckdb: a folder of facts in place of a table')
    .option(
      '--trail-table <name>',
      `ask the organisation trail itself, with the table ${EVENTS_TABLE} beside it`,
    )
    .option('--since <day>', 'first day, as 2026-10-01')
    .option('--until <day>', 'last day')
    .option(
      '--accounts <file>',
      `write the accounts as CSV for a table ${ACCOUNTS_TABLE}, not into the query`,
    )
    .action((options: Options) => sql(cli(), options))
  policy
    .command('events')
    .description(`write what events of CloudTrail stand for, as lines of JSON for the table ${EVENTS_TABLE}`)
    .requiredOption('--to <file>', 'new file')
    .action(({ to }: { to: string }) => events(cli(), to))
  policy
    .command('facts')
    .description('write a folder of facts as the partitioned Parquet table that `policy sql` asks')
    .requiredOption('--facts <dir>', 'folder of facts, as `rankan replay` keeps it')
    .requiredOption('--to <dir>', 'new folder for `day=…/*.parquet`')
    .action((options: { facts: string; to: string }) => facts(cli(), options))
}

function sql(cli: Cli, options: Options): void {
  const dialect = oneOf('dialect', options.dialect, ['athena', 'duckdb'] as const)
  if (options.facts !== undefined && dialect !== 'duckdb')
    throw invalid(
      'facts_need_duckdb',
      '`--facts` names a folder here, which Athena cannot read; see `rankan policy facts`.',
    )
  if (options.trailTable !== undefined && (options.facts ?? options.table) !== undefined)
    throw invalid(
      'two_sources',
      'Give `--trail-table`, or `--table` or `--facts`: one thing is asked at a time.',
    )
  const period = periodOf(options)
  const tree = options.tree === undefined ? null : treeIn(options.tree)
  const query = queryOf({
    dialect: DIALECTS[dialect],
    world: worldOf(readFolder(options.policies), tree),
    question: oneOf<Question>('question', options.question, QUESTIONS),
    facts: asked(options),
    ...period,
    ...(options.accounts === undefined ? {} : { accountsTable: ACCOUNTS_TABLE }),
  })
  writeAccounts(query, options.accounts)
  const bytes = Buffer.byteLength(query.sql)
  if (dialect === 'athena' && bytes > ATHENA_MAX_BYTES)
    throw invalid(
      'query_too_long',
      `The query has ${bytes} bytes, Athena takes ${ATHENA_MAX_BYTES}. Put the accounts into a table with \`--accounts FILE\`, or ask fewer policies at a time.`,
    )
  cli.print({ dialect, bytes, sql: query.sql, columns: Object.fromEntries(COLUMNS) }, () => [query.sql])
}

function asked({ facts, table, trailTable }: Options): QueryOptions['facts'] {
  if (trailTable !== undefined)
    return { trail: nameOf(trailTable), events: EVENTS_TABLE, tables: loadTables().tables }
  return facts === undefined ? nameOf(table ?? TABLE) : tableSql(path.resolve(facts))
}

function events(cli: Cli, to: string): void {
  const rows = eventRows(loadTables())
  writeText(to, eventLines(rows))
  cli.print({ rows: rows.length, to }, () => [
    `${rows.length} rows → \`${to}\` / ${rows.length} 行を書き出しました`,
  ])
}

function writeAccounts({ accounts }: Query, file: string | undefined): void {
  if (file === undefined) return
  if (accounts === null)
    throw invalid('no_accounts', '`--accounts` needs a `--tree`: without one there are no accounts to write.')
  writeText(file, [...accounts].map(([id, profile]) => `${id},${profile}\n`).join(''))
}

async function facts(cli: Cli, { facts: dir, to }: { facts: string; to: string }): Promise<void> {
  if (!existsSync(path.join(dir, 'parts')))
    throw new RankanError('not_found', 'no_facts', `There are no facts in \`${dir}\`.`)
  if (existsSync(to))
    throw invalid(
      'folder_exists',
      `\`${to}\` exists already; name a new folder, so that no day is written twice.`,
    )
  const rows = await exportFacts(path.resolve(dir), path.resolve(to))
  cli.print({ rows, to }, () => [`${rows} rows → \`${to}\` / ${rows} 行を書き出しました`])
}

function nameOf(table: string): string {
  if (/^[A-Za-z_][\w]*(\.[A-Za-z_][\w]*){0,2}$/.test(table)) return table
  throw invalid('bad_table', `\`${table}\` is no name of a table; write it as \`database.table\`.`)
}

function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  throw invalid(
    `bad_${option}`,
    `\`--${option} ${text}\` is none of ${choices.map((one) => `\`${one}\``).join(', ')}.`,
  )
}
