import { leafHash } from '../../ledger/hash.ts'
import { nodesToAdd, type ReadNode, rootOf } from '../../ledger/tree.ts'
import type { Tx } from '../transact.ts'

export interface LedgerReport {
  readonly size: number
  readonly pending: number
  readonly root: string
  readonly checkpoints: number
  /** What does not fit, each with the place; empty when the ledger is whole. */
  readonly faults: readonly string[]
}

const PAGE = 5_000
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/**
 * The ledger's fsck: rebuilds the tree from the bodies of the entries alone and compares every checkpoint. It trusts
 * neither stored hashes nor stored nodes.
 */
export async function verifyLedger(tx: Tx): Promise<LedgerReport> {
  const faults: string[] = []
  const nodes = new Map<string, Uint8Array>()
  const read: ReadNode = async (level, index) => nodes.get(`${level}/${index}`) ?? new Uint8Array(32)
  const checkpoints = await tx.sql.selectFrom('ledger_checkpoint').selectAll().orderBy('size').execute()
  let size = 0
  for (const checkpoint of checkpoints) {
    const until = Number(checkpoint.size)
    while (size < until) {
      const entries = await entriesFrom(tx, size, Math.min(until, size + PAGE))
      if (entries.length === 0) {
        faults.push(`entries ${size} to ${until - 1} are missing`)
        return report(tx, size, checkpoints.length, read, faults)
      }
      const leaves = entries.map((entry, i) => {
        const hash = leafHash(new TextEncoder().encode(entry.body))
        if (Number(entry.leaf_index) !== size + i)
          faults.push(`entry ${entry.id} stands at ${entry.leaf_index}, not at ${size + i}`)
        if (hex(hash) !== hex(entry.leaf_hash))
          faults.push(`entry ${entry.id} was changed: its text does not give its hash`)
        return hash
      })
      for (const node of await nodesToAdd(size, leaves, read))
        nodes.set(`${node.level}/${node.index}`, node.hash)
      size += leaves.length
    }
    if (hex(await rootOf(until, read)) !== hex(checkpoint.root))
      faults.push(`the checkpoint of size ${until} has another root than its entries`)
  }
  return report(tx, size, checkpoints.length, read, faults)
}

const entriesFrom = (tx: Tx, from: number, to: number) =>
  tx.sql
    .selectFrom('ledger_entry')
    .select(['id', 'body', 'leaf_hash', 'leaf_index'])
    .where('leaf_index', '>=', String(from))
    .where('leaf_index', '<', String(to))
    .orderBy('leaf_index')
    .execute()

async function report(
  tx: Tx,
  size: number,
  checkpoints: number,
  read: ReadNode,
  faults: readonly string[],
): Promise<LedgerReport> {
  const pending = await tx.sql
    .selectFrom('ledger_entry')
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where('leaf_index', 'is', null)
    .executeTakeFirst()
  return { size, pending: Number(pending?.n ?? 0), root: hex(await rootOf(size, read)), checkpoints, faults }
}
