// biome-ignore lint/correctness/noPrecisionLoss: integers of 64 bits
const K1: u64 = 0x9e3779b185ebca87
// biome-ignore lint/correctness/noPrecisionLoss: integers of 64 bits
const K2: u64 = 0xc2b2ae3d27d4eb4f
// biome-ignore lint/correctness/noPrecisionLoss: integers of 64 bits
const K3: u64 = 0x165667b19e3779f9

export function begun(seed: u32): u64 {
  return (<u64>seed + 1) * K3
}

/** A hash with more bytes in it. Two chains, so that one need not wait for the other. Reads up to 7 bytes over the end. */
export function added(to: u64, from: usize, length: usize): u64 {
  let h = (to ^ <u64>length) * K1
  let g = to ^ K2
  let p = from
  const end = p + length
  for (; p + 16 <= end; p += 16) {
    h = (h ^ load<u64>(p)) * K1
    h ^= h >> 29
    g = (g ^ load<u64>(p, 8)) * K2
    g ^= g >> 31
  }
  if (p + 8 <= end) {
    h = (h ^ load<u64>(p)) * K1
    h ^= h >> 29
    p += 8
  }
  if (p < end) {
    g = (g ^ (load<u64>(p) & (((<u64>1) << ((<u64>(end - p)) << 3)) - 1))) * K2
    g ^= g >> 31
  }
  return h ^ rotl(g, 23)
}

export function ended(hash: u64): u64 {
  let h = hash * K3
  h ^= h >> 32
  h *= K1
  return h ^ (h >> 29)
}
