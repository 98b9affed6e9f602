import { emptyRoot, nodeHash } from './hash.ts'

/** Reads the stored hash of the complete subtree `index` at `level` (level 0: leaves). */
export type ReadNode = (level: number, index: number) => Promise<Uint8Array>

export interface TreeNode {
  readonly level: number
  readonly index: number
  readonly hash: Uint8Array
}

/** The nodes that appear when `leaves` are appended to a tree of `size` leaves: only complete subtrees are ever stored. */
export async function nodesToAdd(
  size: number,
  leaves: readonly Uint8Array[],
  read: ReadNode,
): Promise<readonly TreeNode[]> {
  const added = new Map<string, TreeNode>()
  const get = async (level: number, index: number) =>
    added.get(`${level}/${index}`)?.hash ?? read(level, index)
  const put = (node: TreeNode) => added.set(`${node.level}/${node.index}`, node)
  for (const [offset, leaf] of leaves.entries()) {
    let node: TreeNode = { level: 0, index: size + offset, hash: leaf }
    put(node)
    while (node.index % 2 === 1) {
      const left: Uint8Array = await get(node.level, node.index - 1)
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(left, node.hash) }
      put(node)
    }
  }
  return [...added.values()]
}

/** The complete subtrees that a tree of `size` leaves consists of, largest first: all that appending to it reads. */
export function peaks(size: number): readonly Pick<TreeNode, 'level' | 'index'>[] {
  const found: Pick<TreeNode, 'level' | 'index'>[] = []
  let begin = 0
  for (let level = Math.floor(Math.log2(Math.max(size, 1))); level >= 0; level--) {
    const leaves = 2 ** level
    if (size - begin < leaves) continue
    found.push({ level, index: begin / leaves })
    begin += leaves
  }
  return found
}

/** Merkle tree hash of the leaves [begin, end) as RFC 9162 section 2.1.1 defines it. */
export async function rangeHash(begin: number, end: number, read: ReadNode): Promise<Uint8Array> {
  const n = end - begin
  if (n === 0) return emptyRoot()
  if (isPowerOfTwo(n) && begin % n === 0) return read(Math.log2(n), begin / n)
  const k = splitPoint(n)
  return nodeHash(await rangeHash(begin, begin + k, read), await rangeHash(begin + k, end, read))
}

export const rootOf = (size: number, read: ReadNode): Promise<Uint8Array> => rangeHash(0, size, read)

/** Inclusion proof of leaf `index` in the tree of `size` leaves (RFC 9162 section 2.1.3.1). */
export async function inclusionProof(
  index: number,
  size: number,
  read: ReadNode,
): Promise<readonly Uint8Array[]> {
  return path(index, 0, size, read)
}

async function path(
  index: number,
  begin: number,
  end: number,
  read: ReadNode,
): Promise<readonly Uint8Array[]> {
  const n = end - begin
  if (n === 1) return []
  const k = splitPoint(n)
  if (index < k)
    return [...(await path(index, begin, begin + k, read)), await rangeHash(begin + k, end, read)]
  return [...(await path(index - k, begin + k, end, read)), await rangeHash(begin, begin + k, read)]
}

/** Consistency proof between the trees of `from` and `to` leaves (RFC 9162 section 2.1.4.1). */
export async function consistencyProof(
  from: number,
  to: number,
  read: ReadNode,
): Promise<readonly Uint8Array[]> {
  if (from === 0 || from === to) return []
  return subproof(from, 0, to, true, read)
}

async function subproof(
  m: number,
  begin: number,
  end: number,
  whole: boolean,
  read: ReadNode,
): Promise<readonly Uint8Array[]> {
  const n = end - begin
  if (m === n) return whole ? [] : [await rangeHash(begin, end, read)]
  const k = splitPoint(n)
  if (m <= k)
    return [...(await subproof(m, begin, begin + k, whole, read)), await rangeHash(begin + k, end, read)]
  return [...(await subproof(m - k, begin + k, end, false, read)), await rangeHash(begin, begin + k, read)]
}

const isPowerOfTwo = (n: number) => n > 0 && 2 ** Math.round(Math.log2(n)) === n

/** The largest power of two smaller than n. */
function splitPoint(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
