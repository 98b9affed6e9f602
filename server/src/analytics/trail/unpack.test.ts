import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { FILE_LIMITS, unpack } from './unpack.ts'

const limits = { ...FILE_LIMITS, bytes: 4 * 1024 * 1024 }
const reasonOf = (packed: Uint8Array) => {
  const unpacked = unpack(packed, limits)
  return unpacked.kind === 'refused' ? unpacked.reason : 'bytes'
}

describe('unpack', () => {
  it('what_was_cut_is_corrupt, wherever it was cut and whatever its last bytes say of its size', () => {
    const packed = gzipSync(randomBytes(200_000), { level: 0 })
    const cuts = Array.from({ length: 60 }, (_, i) => packed.length - 1 - i * 3001)
    expect(new Set(cuts.map((end) => reasonOf(packed.subarray(0, end))))).toEqual(new Set(['corrupt']))
  })

  it('tells what is larger than the limit, also when its last bytes lie', () => {
    const packed = gzipSync(Buffer.alloc(2 * limits.bytes, 32))
    expect(reasonOf(packed)).toBe('too_large')
    packed.writeUInt32LE(10, packed.length - 4)
    expect(reasonOf(packed)).toBe('too_large')
    expect(reasonOf(gzipSync(Buffer.alloc(limits.bytes, 32)))).toBe('bytes')
  })

  it('reads members one after the other, as `cat` of files leaves them', () => {
    const unpacked = unpack(Buffer.concat([gzipSync('{"a":'), gzipSync('1}')]))
    expect(unpacked.kind === 'bytes' && Buffer.from(unpacked.bytes).toString()).toBe('{"a":1}')
  })
})
