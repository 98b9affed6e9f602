import { emptyRoot, nodeHash } from './hash.ts'

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])

/** Does `proof` show that `leaf` is number `index` of the tree with `size` leaves and this root? (RFC 9162 section 2.1.3.2) */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index < 0 || index >= size) return false
  let fn = index
  let sn = size - 1
  let hash = leaf
  for (const p of proof) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(p, hash)
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else hash = nodeHash(hash, p)
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && same(hash, root)
}

/** Is the tree (`from`, `oldRoot`) a prefix of the tree (`to`, `newRoot`)? (RFC 9162 section 2.1.4.2) */
export function verifyConsistency(
  from: number,
  to: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (from > to) return false
  if (from === to) return proof.length === 0 && same(oldRoot, newRoot)
  if (from === 0) return proof.length === 0 && same(oldRoot, emptyRoot())
  const steps = Number.isInteger(Math.log2(from)) ? [oldRoot, ...proof] : [...proof]
  const first = steps.shift()
  if (first === undefined) return false
  let fn = from - 1
  let sn = to - 1
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  let oldHash = first
  let newHash = first
  for (const c of steps) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      oldHash = nodeHash(c, oldHash)
      newHash = nodeHash(c, newHash)
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else newHash = nodeHash(newHash, c)
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && same(oldHash, oldRoot) && same(newHash, newRoot)
}
