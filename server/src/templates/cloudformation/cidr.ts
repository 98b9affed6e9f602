/** `Fn::Cidr` for IPv4: `count` blocks with `bits` host bits each; null when that does not fit or is no IPv4 block. */
export function cidrBlocks(block: string, count: number, bits: number): readonly string[] | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block)
  if (match === null) return null
  const [, ...parts] = match.map(Number)
  const prefix = parts[4] ?? 0
  if (parts.slice(0, 4).some((part) => part > 255) || prefix > 32 || bits < 1 || bits > 32 - prefix)
    return null
  if (count < 1 || count > 256 || count > 2 ** (32 - prefix - bits)) return null
  const start = parts.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0)
  const first = start - (start % 2 ** (32 - prefix))
  return Array.from({ length: count }, (_, i) => `${dotted(first + i * 2 ** bits)}/${32 - bits}`)
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
