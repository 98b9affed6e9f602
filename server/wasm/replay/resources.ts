import { allot, moved } from './memory'
import { Numbers, newNumbers, numberOf, setNumber } from './numbers'

/** Resources of the result, over all parts: a number for each id, and where it is to be read. */
@unmanaged
export class Resources {
  // Read by JavaScript, in this order.
  size: i32
  ids: usize
  /** Part and code of each. */
  places: usize
  room: i32
  numbers: Numbers
  /** Of id 0, which is no key: its number and one more. */
  zero: i32
}

export function newResources(): usize {
  const made = changetype<Resources>(allot(offsetof<Resources>()))
  made.numbers = newNumbers(1024)
  made.room = 512
  made.ids = allot(512 << 3)
  made.places = allot(512 << 3)
  return changetype<usize>(made)
}

/** Number of the resource, which is new if it was not there. */
export function addResource(resources: Resources, low: u32, high: u32, part: i32, code: i32): i32 {
  const id = ((<u64>high) << 32) | <u64>low
  const known = id === 0 ? resources.zero - 1 : numberOf(resources.numbers, id)
  if (known >= 0) return known
  const size = <usize>resources.size
  if (resources.size === resources.room) {
    resources.ids = moved(resources.ids, size << 3, size << 4)
    resources.places = moved(resources.places, size << 3, size << 4)
    resources.room *= 2
  }
  store<u64>(resources.ids + (size << 3), id)
  store<i32>(resources.places + (size << 3), part)
  store<i32>(resources.places + (size << 3), code, 4)
  if (id === 0) resources.zero = resources.size + 1
  else setNumber(resources.numbers, id, resources.size)
  return resources.size++
}
