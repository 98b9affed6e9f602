import { z } from 'zod'
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
