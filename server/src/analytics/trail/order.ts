const BITS = 11
const MASK = (1 << BITS) - 1

/** Sorts `order` by a key of each of its items, and keeps items of equal keys as they are; `spare` is of the same size. */
export function sortedBy(
  order: Uint32Array<ArrayBuffer>,
  spare: Uint32Array<ArrayBuffer>,
  keys: Uint32Array,
): readonly [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] {
  let most = 0
  for (let i = 0; i < keys.length; i++) if ((keys[i] as number) > most) most = keys[i] as number
  let [from, to] = [order, spare]
  for (let shift = 0; shift < 32 && most >>> shift > 0; shift += BITS) {
    byDigit(from, to, keys, shift)
    ;[from, to] = [to, from]
  }
  return [from, to]
}

function byDigit(from: Uint32Array, to: Uint32Array, keys: Uint32Array, shift: number): void {
  const places = new Uint32Array(MASK + 2)
  for (let i = 0; i < keys.length; i++) {
    const digit = ((keys[i] as number) >>> shift) & MASK
    places[digit + 1] = (places[digit + 1] as number) + 1
  }
  for (let digit = 1; digit < places.length; digit++)
    places[digit] = (places[digit] as number) + (places[digit - 1] as number)
  for (let i = 0; i < from.length; i++) {
    const item = from[i] as number
    const digit = ((keys[item] as number) >>> shift) & MASK
    const place = places[digit] as number
    places[digit] = place + 1
    to[place] = item
  }
}

/** Numbers of ids of two words each, the lower one first, in rising order: by a part of them, then as far as it was not enough. */
export function inOrderOfIds(ids: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const begin = new Uint32Array(size)
  for (let i = 0; i < size; i++) begin[i] = (ids[2 * i + 1] as number) >>> (32 - 2 * BITS)
  const [order] = sortedBy(numbersTo(size), new Uint32Array(size), begin)
  const isAfter = (a: number, b: number) => {
    const x = ids[2 * a + 1] as number
    const y = ids[2 * b + 1] as number
    return x === y ? (ids[2 * a] as number) > (ids[2 * b] as number) : x > y
  }
  for (let i = 1; i < size; i++) {
    const number = order[i] as number
    let j = i
    for (; j > 0 && isAfter(order[j - 1] as number, number); j--) order[j] = order[j - 1] as number
    order[j] = number
  }
  return order
}

/** `values[at]` of each. */
export function picked(values: Uint32Array, at: Uint32Array): Uint32Array<ArrayBuffer> {
  const found = new Uint32Array(at.length)
  for (let i = 0; i < at.length; i++) found[i] = values[at[i] as number] as number
  return found
}

/** The place of each number in an order of all of them. */
export function placesIn(order: Uint32Array): Uint32Array<ArrayBuffer> {
  const places = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) places[order[i] as number] = i
  return places
}

export const numbersTo = (size: number): Uint32Array<ArrayBuffer> => {
  const numbers = new Uint32Array(size)
  for (let i = 0; i < size; i++) numbers[i] = i
  return numbers
}

/** Texts in one piece of memory, in UTF-8: text `i` from `starts[i]` to `starts[i + 1]`. */
export interface Spans {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
}

const FEW = 12

/**
 * Numbers of texts in the order of their bytes, four bytes at a time: texts that begin alike are told apart by what
 * follows, which is read once. No text has a byte 0.
 */
export function inOrderOfTexts({ bytes, starts }: Spans, numbers: Uint32Array<ArrayBuffer>): void {
  const words = new Uint32Array(numbers.length)
  const wordOf = (number: number, depth: number): number => {
    const at = (starts[number] as number) + depth
    const left = (starts[number + 1] as number) - at
    if (left >= 4)
      return (
        (((bytes[at] as number) << 24) |
          ((bytes[at + 1] as number) << 16) |
          ((bytes[at + 2] as number) << 8) |
          (bytes[at + 3] as number)) >>>
        0
      )
    let word = 0
    for (let i = 0; i < 4; i++) word = (word << 8) | (i < left ? (bytes[at + i] as number) : 0)
    return word >>> 0
  }
  const swap = (i: number, j: number): void => {
    const word = words[i] as number
    const number = numbers[i] as number
    words[i] = words[j] as number
    numbers[i] = numbers[j] as number
    words[j] = word
    numbers[j] = number
  }
  const insert = (from: number, to: number): void => {
    for (let i = from + 1; i < to; i++)
      for (let j = i; j > from && (words[j - 1] as number) > (words[j] as number); j--) swap(j - 1, j)
  }
  const middleOf = (from: number, to: number): number => {
    const a = words[from] as number
    const b = words[(from + to) >>> 1] as number
    const c = words[to - 1] as number
    return a < b ? (b < c ? b : Math.max(a, c)) : a < c ? a : Math.max(b, c)
  }
  /** Ranges that are still to be sorted, and how many bytes their texts have in common. */
  const todo: number[] = []
  const read = (from: number, to: number, depth: number): void => {
    for (let i = from; i < to; i++) words[i] = wordOf(numbers[i] as number, depth)
    todo.push(from, to, depth)
  }
  /** Texts of one word, which are equal when it is their last: what they go on to have in common is passed over. */
  const deeper = (from: number, to: number, depth: number): void => {
    if (to - from < 2 || ((words[from] as number) & 255) === 0) return
    const first = (starts[numbers[from] as number] as number) + depth + 4
    let common = (starts[(numbers[from] as number) + 1] as number) - first
    for (let i = from + 1; i < to && common > 0; i++) {
      const other = (starts[numbers[i] as number] as number) + depth + 4
      const most = Math.min(common, (starts[(numbers[i] as number) + 1] as number) - other)
      common = 0
      while (common < most && bytes[first + common] === bytes[other + common]) common++
    }
    read(from, to, depth + 4 + common)
  }
  read(0, numbers.length, 0)
  while (todo.length > 0) {
    const depth = todo.pop() as number
    const to = todo.pop() as number
    const from = todo.pop() as number
    if (to - from <= FEW) {
      insert(from, to)
      for (let i = from; i < to; ) {
        let end = i + 1
        while (end < to && words[end] === words[i]) end++
        deeper(i, end, depth)
        i = end
      }
      continue
    }
    const pivot = middleOf(from, to)
    let low = from
    let at = from
    let high = to
    while (at < high) {
      const word = words[at] as number
      if (word < pivot) swap(low++, at++)
      else if (word > pivot) swap(at, --high)
      else at++
    }
    if (low - from > 1) todo.push(from, low, depth)
    if (to - high > 1) todo.push(high, to, depth)
    deeper(low, high, depth)
  }
}
