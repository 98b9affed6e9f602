import { sql } from 'kysely'
import { systemActor } from '../../domain/people/roles.ts'
import { bug } from '../../kernel/errors.ts'
import { nodesToAdd, peaks, type ReadNode, rootOf, type TreeNode } from '../../ledger/tree.ts'
import { type Changes, statement, type Tx, transact } from '../transact.ts'

/** Serialises integrators of all processes. */
const LOCK = 7_265_002
const BATCH = 2_000

/**
 * Gives committed entries their place in the tree and writes a checkpoint. Entries are taken only when no older
 * transaction can still commit before them, so that the order is final. Returns how many were integrated.
 */
export async function integrate(on: Changes): Promise<number> {
  return (await isAnyNew(on)) ? integrateNew(on) : 0
}

/** Asked every few seconds: where nothing happens that costs one statement and no lock. */
const isAnyNew = (on: Changes): Promise<boolean> =>
  statement(on, systemActor('worker'), async (one) => {
    const { rows } = await sql`select from ledger_entry where leaf_index is null limit 1`.execute(one.sql)
    return rows.length > 0
  })

function integrateNew(on: Changes): Promise<number> {
  return transact(on, systemActor('ledger'), async (tx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx.sql)
    const pending = await tx.sql
      .selectFrom('ledger_entry')
      .select(['id', 'leaf_hash'])
      .where('leaf_index', 'is', null)
      .where(sql<boolean>`txid < pg_snapshot_xmin(pg_current_snapshot())`)
      .orderBy('id')
      .limit(BATCH)
      .execute()
    if (pending.length === 0) return 0
    const size = await treeSize(tx)
    const known = await readPeaks(tx, size)
    const nodes = await nodesToAdd(
      size,
      pending.map((entry) => entry.leaf_hash),
      known,
    )
    const all = readerOf(nodes, known)
    await tx.sql
      .insertInto('ledger_node')
      .values(nodes.map((node) => ({ level: node.level, index: String(node.index), hash: node.hash })))
      .execute()
    await placeLeaves(
      tx,
      size,
      pending.map((entry) => entry.id),
    )
    const newSize = size + pending.length
    await tx.sql
      .insertInto('ledger_checkpoint')
      .values({ size: String(newSize), root: await rootOf(newSize, all), at: tx.at })
      .execute()
    return pending.length
  })
}

async function placeLeaves(tx: Tx, first: number, ids: readonly string[]): Promise<void> {
  await sql`update ledger_entry e set leaf_index = v.ord - 1 + ${first}::bigint
    from unnest(${ids}::bigint[]) with ordinality as v(id, ord) where e.id = v.id`.execute(tx.sql)
}

export async function treeSize(tx: Tx): Promise<number> {
  const row = await tx.sql
    .selectFrom('ledger_checkpoint')
    .select((eb) => eb.fn.max('size').as('size'))
    .executeTakeFirst()
  return Number(row?.size ?? 0)
}

/** In one statement, because a tree of many leaves has many of them. */
async function readPeaks(tx: Tx, size: number): Promise<ReadNode> {
  const wanted = peaks(size)
  const rows = await sql<{ level: number; index: string; hash: Uint8Array }>`
    select n.level, n.index, n.hash from ledger_node n
    join unnest(${wanted.map((node) => node.level)}::integer[], ${wanted.map((node) => node.index)}::bigint[])
      as w (level, index) on n.level = w.level and n.index = w.index`.execute(tx.sql)
  const nodes = rows.rows.map((row) => ({ ...row, index: Number(row.index) }))
  return readerOf(nodes, async (level, index) => {
    throw bug(`The ledger has no node ${level}/${index}.`)
  })
}

const readerOf = (nodes: readonly TreeNode[], otherwise: ReadNode): ReadNode => {
  const known = new Map(nodes.map((node) => [`${node.level}/${node.index}`, node.hash]))
  return async (level, index) => known.get(`${level}/${index}`) ?? otherwise(level, index)
}

export function nodeReader(tx: Tx): ReadNode {
  return async (level, index) => {
    const row = await tx.sql
      .selectFrom('ledger_node')
      .select('hash')
      .where('level', '=', level)
      .where('index', '=', String(index))
      .executeTakeFirst()
    if (row === undefined) throw bug(`The ledger has no node ${level}/${index}.`)
    return row.hash
  }
}
