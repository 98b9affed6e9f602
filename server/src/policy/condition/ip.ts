/** An address range: `bits` leading bits of `words` (16 bits each; 2 words for IPv4, 8 for IPv6) are fixed. */
export interface IpRange {
  readonly words: readonly number[]
  readonly bits: number
}

/**
 * `203.0.113.0/24`, `2001:db8::/32`, or one address. AWS documents `/32` as the default; for an IPv6 address we
 * read one address (`/128`), which is what people mean.
 */
export function parseIp(text: string): IpRange | null {
  const [address = '', prefix, ...rest] = text.trim().split('/')
  const words = address.includes(':') ? parseV6(address) : parseV4(address)
  if (words === null || rest.length > 0) return null
  const most = words.length * 16
  if (prefix === undefined) return { words, bits: most }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most) return null
  return { words, bits: Number(prefix) }
}

function parseV4(text: string): readonly number[] | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number)
  return [a * 256 + b, c * 256 + d]
}

function parseV6(text: string): readonly number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head, tail] = halves.map(groupsOf)
  if (head === null || head === undefined || tail === null) return null
  if (tail === undefined) return head.length === 8 ? head : null
  const missing = 8 - head.length - tail.length
  return missing < 1 ? null : [...head, ...Array<number>(missing).fill(0), ...tail]
}

/** Groups between colons; the last may be an IPv4 address (`::ffff:192.0.2.1`). */
function groupsOf(text: string): readonly number[] | null {
  if (text === '') return []
  const groups: number[] = []
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const v4 = parseV4(part)
      if (v4 === null) return null
      groups.push(...v4)
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else return null
  }
  return groups
}

/** Whether all of `inner` lies in `outer`; families never mix. */
export function ipContains(outer: IpRange, inner: IpRange): boolean {
  if (outer.words.length !== inner.words.length || inner.bits < outer.bits) return false
  for (let i = 0; i < outer.words.length; i++) {
    const bits = Math.min(16, Math.max(0, outer.bits - i * 16))
    const mask = (0xffff << (16 - bits)) & 0xffff
    if (((outer.words[i] ?? 0) & mask) !== ((inner.words[i] ?? 0) & mask)) return false
  }
  return true
}
