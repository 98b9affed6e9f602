import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from 'zod'
import type { ReportSection, ReportTable } from '../../domain/policies/kinds.ts'
import { proposal, type ReplayResult } from '../../domain/policies/replays.ts'
import { replayReport } from '../../domain/policies/report.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { replayRow } from './replay-rows.ts'

const kept = z.object({ report: replayReport, proposals: z.array(proposal) })

/** The whole result as it was kept, at most `KEPT_LINES` of each table. */
export async function replayResult(tx: Tx, id: string): Promise<ReplayResult> {
  const { state } = await replayRow(tx, id)
  const row = await tx.sql
    .selectFrom('replay_result')
    .select('body')
    .where('replay_id', '=', id)
    .executeTakeFirst()
  if (row === undefined)
    throw conflict('replay_not_done', `The replay \`${id}\` is ${state}; it has no result.`)
  return { id, ...kept.parse(JSON.parse(row.body)) }
}

/** All lines of a table that is longer than the result keeps, as CSV; null: the result has all of it. */
export async function wholeTable(
  tx: Tx,
  id: string,
  section: ReportSection,
  table: ReportTable,
): Promise<string | null> {
  const row = await tx.sql
    .selectFrom('replay_table')
    .select('csv_gz')
    .where('replay_id', '=', id)
    .where('section', '=', section)
    .where('name', '=', table)
    .executeTakeFirst()
  return row === undefined ? null : (await unpacked(row.csv_gz)).toString('utf8')
}

const unpacked = promisify(gunzip)
