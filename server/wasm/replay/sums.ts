import { allot, moved } from './memory'

@unmanaged
export class Sums {
  // Read by JavaScript, in this order.
  size: i32
  keys: usize
  /** Of each key four: calls, those that AWS denied then, first and last. Exact up to 2^53. */
  sums: usize
  room: i32
  /** By key and one more (keys are from -1 on): its place and one more, 0: none. */
  places: usize
  placeRoom: i32
}

export const SUM: usize = 32

export function newSums(): usize {
  const made = changetype<Sums>(allot(offsetof<Sums>()))
  made.room = 64
  made.keys = allot(64 << 2)
  made.sums = allot(64 * SUM)
  made.placeRoom = 64
  made.places = allot(64 << 2)
  return changetype<usize>(made)
}

function newSum(sums: Sums, key: i32, first: f64, last: f64): usize {
  if (sums.size === sums.room) {
    const size = <usize>sums.size
    sums.keys = moved(sums.keys, size << 2, size << 3)
    sums.sums = moved(sums.sums, size * SUM, size * SUM * 2)
    sums.room *= 2
  }
  const place = <usize>sums.size
  store<i32>(sums.keys + (place << 2), key)
  const at = sums.sums + place * SUM
  store<f64>(at, first, 16)
  store<f64>(at, last, 24)
  sums.size++
  return place + 1
}

function addTo(at: usize, calls: f64, already: f64, first: f64, last: f64): void {
  store<f64>(at, load<f64>(at) + calls)
  store<f64>(at, load<f64>(at, 8) + already, 8)
  if (first < load<f64>(at, 16)) store<f64>(at, first, 16)
  if (last > load<f64>(at, 24)) store<f64>(at, last, 24)
}

export function addSum(sums: Sums, key: i32, calls: f64, already: f64, first: f64, last: f64): void {
  const slot = key + 1
  if (slot >= sums.placeRoom) {
    const room = max(2 * sums.placeRoom, slot + 1)
    sums.places = moved(sums.places, (<usize>sums.placeRoom) << 2, (<usize>room) << 2)
    sums.placeRoom = room
  }
  const here = sums.places + ((<usize>slot) << 2)
  let place = <usize>load<u32>(here)
  if (place === 0) {
    place = newSum(sums, key, first, last)
    store<u32>(here, <u32>place)
  }
  addTo(sums.sums + (place - 1) * SUM, calls, already, first, last)
}
