import { createHash } from 'node:crypto'

/** Hashes of the Merkle tree of RFC 9162 (2.1.1): leaves and nodes have different prefixes. SHA-256, 32 bytes. */
export const leafHash = (leaf: Uint8Array): Uint8Array =>
  createHash('sha256').update(Uint8Array.of(0)).update(leaf).digest()

export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest()

/** Root of the empty tree. */
export const emptyRoot = (): Uint8Array => createHash('sha256').digest()
