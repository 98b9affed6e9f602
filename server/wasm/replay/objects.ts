import { AGAIN, allot, CLASS, DONE, moved, STEPS_AT_ONCE, u32At } from './memory'
import { Numbers, newNumbers, numberOf, setNumber } from './numbers'

@unmanaged
class Objects {
  // Set by JavaScript, in this order.
  shapeOf: usize
  entries: usize
  count: i32
  found: usize
  /** Entries of each shape. */
  widths: usize
  /** First of each shape in `places`, and one more. */
  firsts: usize
  /** The place of an asked key among the entries of the shape, and where the kinds of its values are. */
  places: usize
  // What it stopped at.
  code: i32
  at: i32
  path: i32
  /** Kinds of values one after the other are a path: the next path by path and kind. */
  after: Numbers
  paths: i32
  /** Class of each path and one more, 0: not known. */
  classes: usize
  room: i32
}

export function newObjects(): usize {
  const made = changetype<Objects>(allot(offsetof<Objects>()))
  made.after = newNumbers(1024)
  made.paths = 1
  made.room = 1024
  made.classes = allot(4096)
  return changetype<usize>(made)
}

export function beginObjects(objects: Objects): void {
  objects.code = 0
  objects.at = 0
}

function newPath(objects: Objects, key: u64): i32 {
  if (objects.paths === objects.room) {
    const bytes = (<usize>objects.room) << 2
    objects.classes = moved(objects.classes, bytes, bytes * 2)
    objects.room *= 2
  }
  setNumber(objects.after, key, objects.paths)
  return objects.paths++
}

/** Class of each object by the kinds of its asked values; those of the first shape are asked as they are. */
export function walkObjects(objects: Objects): i32 {
  const end = min(objects.count, objects.code + STEPS_AT_ONCE)
  let at = objects.at
  let code = objects.code
  for (; code < end; code++) {
    const shape = <i32>u32At(objects.shapeOf, code)
    const to = u32At(objects.firsts, shape + 1)
    let path: i32 = 0
    for (let place = u32At(objects.firsts, shape); place < to; place++) {
      const here = objects.places + ((<usize>place) << 3)
      const entry = <i32>u32At(objects.entries, at + load<i32>(here))
      const key = ((<u64>path) << 32) | <u64>(u32At(load<u32>(here, 4), entry) + 1)
      const next = numberOf(objects.after, key)
      path = next < 0 ? newPath(objects, key) : next
    }
    const known = shape === 0 ? -1 : load<i32>(objects.classes + ((<usize>path) << 2)) - 1
    if (known < 0) {
      objects.code = code
      objects.at = at
      objects.path = shape === 0 ? -1 : path
      return CLASS
    }
    store<i32>(objects.found + ((<usize>code) << 2), known)
    at += <i32>u32At(objects.widths, shape)
  }
  objects.code = code
  objects.at = at
  return code < objects.count ? AGAIN : DONE
}

export function tellObject(objects: Objects, number: i32): void {
  if (objects.path >= 0) store<i32>(objects.classes + ((<usize>objects.path) << 2), number + 1)
  const shape = <i32>u32At(objects.shapeOf, objects.code)
  store<i32>(objects.found + ((<usize>objects.code) << 2), number)
  objects.code++
  objects.at += <i32>u32At(objects.widths, shape)
}
