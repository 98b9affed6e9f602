import { gunzipSync } from 'node:zlib'

/** Limits of one file. CloudTrail cuts files long before; more is not a trail file, or an attack. */
export const FILE_LIMITS = {
  source: 'CloudTrail delivers about every 5 minutes and rolls files over; chosen, 2026-11-22',
  packedBytes: 128 * 1024 * 1024,
  bytes: 512 * 1024 * 1024,
}

export type Unpacked =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: 'too_large' | 'corrupt' | 'empty'; readonly detail: string }

/** Unpacks gzip by its first two bytes; other files stand as they are. */
export function unpack(packed: Uint8Array, limits = FILE_LIMITS): Unpacked {
  if (packed.length === 0) return { kind: 'refused', reason: 'empty', detail: '0 bytes' }
  if (packed.length > limits.packedBytes)
    return tooLarge(`${packed.length} bytes, limit ${limits.packedBytes}`)
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return { kind: 'bytes', bytes: packed }
  const claimed = sizeClaimed(packed)
  try {
    // One chunk of the size that the file claims: no growing, no copy at the end. A file that was cut claims anything.
    const chunkSize = claimed < limits.bytes ? Math.max(claimed + 64, 1024) : CHUNK_OF_A_LIE
    return { kind: 'bytes', bytes: gunzipSync(packed, { chunkSize, maxOutputLength: limits.bytes }) }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(`more than ${limits.bytes} bytes unpacked`)
    return {
      kind: 'refused',
      reason: 'corrupt',
      detail: error instanceof Error ? error.message : String(error),
    }
  }
}

/** What claims more than the limit is cut off, or it is unpacked as far as the limit. */
const CHUNK_OF_A_LIE = 1024 * 1024

const tooLarge = (detail: string): Unpacked => ({ kind: 'refused', reason: 'too_large', detail })

/** Last four bytes of gzip: size modulo 2^32. A lie costs memory only up to 1,100 times the packed size (deflate's best). */
function sizeClaimed(packed: Uint8Array): number {
  const n = packed.length
  if (n < 18) return 0
  const claimed = new DataView(packed.buffer, packed.byteOffset, n).getUint32(n - 4, true)
  return Math.min(claimed, n * 1100)
}
