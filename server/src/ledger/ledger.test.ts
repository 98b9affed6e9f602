import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyRoot, leafHash, nodeHash } from './hash.ts'
import { consistencyProof, inclusionProof, nodesToAdd, peaks, type ReadNode, rootOf } from './tree.ts'
import { verifyConsistency, verifyInclusion } from './verify.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const leafOf = (n: number) => leafHash(new TextEncoder().encode(`leaf ${n}`))

/** The definition of RFC 9162, word for word. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves
  if (first === undefined) return emptyRoot()
  if (leaves.length === 1) return first
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

async function grow(batches: readonly number[]) {
  const store = new Map<string, Uint8Array>()
  const read: ReadNode = async (level, index) => {
    const hash = store.get(`${level}/${index}`)
    if (hash === undefined) throw new Error(`no node ${level}/${index}`)
    return hash
  }
  let size = 0
  for (const n of batches) {
    const leaves = Array.from({ length: n }, (_, i) => leafOf(size + i))
    for (const node of await nodesToAdd(size, leaves, read))
      store.set(`${node.level}/${node.index}`, node.hash)
    size += n
  }
  return { size, read }
}

const batches = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 })

describe('the ledger tree', () => {
  it('has the known root of no leaves', () => {
    expect(hex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it('grown in any batches has the root of the definition', () =>
    fc.assert(
      fc.asyncProperty(batches, async (sizes) => {
        const { size, read } = await grow(sizes)
        const leaves = Array.from({ length: size }, (_, i) => leafOf(i))
        expect(hex(await rootOf(size, read))).toBe(hex(naiveRoot(leaves)))
      }),
    ))

  it('proves each leaf, and nothing else in its place', () =>
    fc.assert(
      fc.asyncProperty(batches, fc.nat(), fc.nat(), async (sizes, a, b) => {
        const { size, read } = await grow(sizes)
        fc.pre(size > 0)
        const index = a % size
        const other = b % size
        const root = await rootOf(size, read)
        const proof = await inclusionProof(index, size, read)
        expect(verifyInclusion(leafOf(index), index, size, proof, root)).toBe(true)
        if (other !== index) {
          expect(verifyInclusion(leafOf(other), index, size, proof, root)).toBe(false)
          expect(verifyInclusion(leafOf(index), other, size, proof, root)).toBe(false)
        }
      }),
    ))

  it('proves that an earlier tree is a prefix, and refuses a changed one', () =>
    fc.assert(
      fc.asyncProperty(batches, fc.nat(), async (sizes, a) => {
        const { size, read } = await grow(sizes)
        const from = a % (size + 1)
        const [oldRoot, newRoot] = [await rootOf(from, read), await rootOf(size, read)]
        const proof = await consistencyProof(from, size, read)
        expect(verifyConsistency(from, size, oldRoot, newRoot, proof)).toBe(true)
        expect(verifyConsistency(from, size, leafOf(9999), newRoot, proof)).toBe(false)
        if (from > 0) expect(verifyConsistency(from, size, oldRoot, leafOf(9999), proof)).toBe(false)
      }),
    ))
})

it('needs only its peaks to grow, whatever its size', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(300), fc.integer({ min: 1, max: 40 }), async (size, more) => {
      const leaves = Array.from({ length: size + more }, (_, n) => leafOf(n))
      const key = (node: { level: number; index: number }) => `${node.level}/${node.index}`
      const none: ReadNode = () => Promise.reject(new Error('a node was read'))
      const old = new Map((await nodesToAdd(0, leaves.slice(0, size), none)).map((n) => [key(n), n.hash]))
      const kept = new Map(peaks(size).map((node) => [key(node), old.get(key(node))]))
      const read: ReadNode = async (level, index) => kept.get(key({ level, index })) ?? none(level, index)
      const added = await nodesToAdd(size, leaves.slice(size), read)
      const now = new Map(added.map((node) => [key(node), node.hash]))
      const either: ReadNode = async (level, index) => now.get(key({ level, index })) ?? read(level, index)
      expect(hex(await rootOf(size + more, either))).toBe(hex(naiveRoot(leaves)))
    }),
  )
})
