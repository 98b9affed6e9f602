/** Texts with numbers; number 0 is nobody's: for rows that do not ask for the dimension. */
export interface Dictionary<T> {
  numbers: Map<string, number>
  texts: string[]
  values: (T | null)[]
}

export const dictionary = <T>(): Dictionary<T> => ({
  numbers: new Map(),
  texts: ['null'],
  values: [null],
})

/** Begins anew; texts that were taken out of it stay as they are. */
export const clearDictionary = <T>(one: Dictionary<T>): void => void Object.assign(one, dictionary<T>())

export function numberOf<T>(into: Dictionary<T>, text: string, value: T): number {
  const known = into.numbers.get(text)
  if (known !== undefined) return known
  into.numbers.set(text, into.texts.length)
  into.texts.push(text)
  into.values.push(value)
  return into.texts.length - 1
}
