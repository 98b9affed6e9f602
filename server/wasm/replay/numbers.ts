import { allot, MIX } from './memory'

/** Numbers by keys of 64 bits, none of which is 0. */
@unmanaged
export class Numbers {
  keys: usize
  values: usize
  mask: u32
  size: u32
}

export function newNumbers(capacity: u32): Numbers {
  const made = changetype<Numbers>(allot(offsetof<Numbers>()))
  made.keys = allot((<usize>capacity) << 3)
  made.values = allot((<usize>capacity) << 2)
  made.mask = capacity - 1
  return made
}

function slotOf(numbers: Numbers, key: u64): usize {
  let slot = <u32>((key * MIX) >> 32) & numbers.mask
  while (true) {
    const there = load<u64>(numbers.keys + ((<usize>slot) << 3))
    if (there === key || there === 0) return <usize>slot
    slot = (slot + 1) & numbers.mask
  }
}

/** The number of the key, or -1. */
export function numberOf(numbers: Numbers, key: u64): i32 {
  const slot = slotOf(numbers, key)
  return load<u64>(numbers.keys + (slot << 3)) === 0 ? -1 : load<i32>(numbers.values + (slot << 2))
}

/** Gives a key that has none its number. */
export function setNumber(numbers: Numbers, key: u64, value: i32): void {
  if (numbers.size * 2 > numbers.mask) {
    const before = numbers.mask + 1
    const wider = newNumbers(before * 2)
    for (let slot: usize = 0; slot < <usize>before; slot++) {
      const one = load<u64>(numbers.keys + (slot << 3))
      if (one !== 0) setNumber(wider, one, load<i32>(numbers.values + (slot << 2)))
    }
    numbers.keys = wider.keys
    numbers.values = wider.values
    numbers.mask = wider.mask
  }
  const slot = slotOf(numbers, key)
  store<u64>(numbers.keys + (slot << 3), key)
  store<i32>(numbers.values + (slot << 2), value)
  numbers.size++
}
