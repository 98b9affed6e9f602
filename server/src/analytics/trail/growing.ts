export type Words =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

/** The array, or one with its content that has room for `size` numbers. */
export function fit<T extends Words>(array: T, size: number): T {
  if (size <= array.length) return array
  const wider = new (array.constructor as new (length: number) => T)(Math.max(size, array.length * 2))
  wider.set(array)
  return wider
}
