import { fit } from './growing.ts'

/**
 * Texts one after the other, each without what it has in common with the one before. Sorted texts take a third of their
 * bytes like this, and who reads them knows how much of a text is new.
 */
export interface Texts {
  /** Bytes in common with the text before, at most 65,535; 0 at every `RESTART`th, so that reading can begin there. */
  readonly shared: Uint16Array
  /** Bytes of the whole text. */
  readonly lengths: Uint32Array
  /** Where in `bytes` each `RESTART`th text begins. */
  readonly starts: Uint32Array
  readonly bytes: Uint8Array
}

export const RESTART = 32
const MAX_SHARED = 65_535

export interface TextsWriter {
  /** Adds the text in bytes `[start, end)`; its number is the count of texts before it. */
  add(from: Uint8Array, start: number, end: number): void
  readonly size: () => number
  readonly done: () => Texts
}

export function textsWriter(): TextsWriter {
  let shared = new Uint16Array(256)
  let lengths = new Uint32Array(256)
  let starts = new Uint32Array(4)
  let bytes = new Uint8Array(4096)
  let before = new Uint8Array(256)
  let [count, used, beforeLength] = [0, 0, 0]
  return {
    add(from, start, end) {
      const length = end - start
      const most = count % RESTART === 0 ? 0 : Math.min(length, beforeLength, MAX_SHARED)
      let same = 0
      while (same < most && before[same] === from[start + same]) same++
      shared = fit(shared, count + 1)
      lengths = fit(lengths, count + 1)
      shared[count] = same
      lengths[count] = length
      if (count % RESTART === 0) {
        starts = fit(starts, count / RESTART + 1)
        starts[count / RESTART] = used
      }
      const rest = from.subarray(start + same, end)
      bytes = fit(bytes, used + rest.length)
      bytes.set(rest, used)
      used += rest.length
      before = fit(before, length)
      before.set(rest, same)
      beforeLength = length
      count++
    },
    size: () => count,
    done: () => ({
      shared: shared.subarray(0, count),
      lengths: lengths.subarray(0, count),
      starts: starts.subarray(0, Math.ceil(count / RESTART)),
      bytes: bytes.subarray(0, used),
    }),
  }
}

/** Reads texts in any order; fast from one to the next. */
export interface TextsReader {
  /** Puts text `code` at the beginning of `buffer()`; its length is `texts.lengths[code]`. */
  load(code: number): void
  /** Another one after each `load` of a longer text. */
  readonly buffer: () => Buffer
  text(code: number): string
}

export function textsReader({ shared, lengths, starts, bytes }: Texts): TextsReader {
  let buffer = Buffer.alloc(1024)
  let [current, next] = [-1, 0]
  const step = (code: number) => {
    const [same, length] = [shared[code] as number, lengths[code] as number]
    if (length > buffer.length) {
      const wider = Buffer.alloc(length * 2)
      wider.set(buffer)
      buffer = wider
    }
    for (let to = same; to < length; ) buffer[to++] = bytes[next++] as number
    current = code
  }
  const load = (code: number) => {
    if (code === current) return
    const restart = code - (code % RESTART)
    if (current > code || current < restart) {
      next = starts[restart / RESTART] as number
      step(restart)
    }
    while (current < code) step(current + 1)
  }
  return {
    load,
    buffer: () => buffer,
    text(code) {
      load(code)
      return buffer.toString('utf8', 0, lengths[code])
    },
  }
}
