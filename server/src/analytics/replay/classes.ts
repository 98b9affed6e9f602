import { ABSENT } from '../../policy/request.ts'
import { type Asker, askersOf, tells } from './askers.ts'
import { BLANK, PARTS, type Part, type Parts } from './check.ts'
import { projection } from './projection.ts'
import type { World } from './world.ts'

/**
 * Values of a part that no policy tells apart are one class. A trail of millions of resources has few hundred classes;
 * each atom is asked once for each value, as rows of bits: whether the part tells of the atom at all, and then yes or unknown.
 */
export interface Classes {
  /** Class of a value; the same values always give the same. */
  classOf<P extends Part>(part: P, value: Parts[P]): number
  /** `classOf` of `{ [key]: values }`, made for asking many values of one key. */
  classOfEntry(part: 'context' | 'network', key: string): (values: readonly string[] | null) => number
  /** Words of 32 atoms: told, yes, unknown; `3 * words` for each class. */
  readonly bits: (part: Part) => Uint32Array
  /** A value of the class. */
  readonly valueOf: <P extends Part>(part: P, number: number) => Parts[P]
  readonly words: number
}

interface Table {
  readonly numbers: Map<string, number>
  readonly values: Parts[Part][]
  bits: Uint32Array
}

export function classesOf(world: World): Classes {
  const words = Math.max(1, Math.ceil(world.row.atoms.length / 32))
  const tables = Object.fromEntries(
    PARTS.map((part): [Part, Table] => [
      part,
      { numbers: new Map(), values: [], bits: new Uint32Array(3 * words * 64) },
    ]),
  ) as unknown as Readonly<Record<Part, Table>>
  const askers = askersOf(world, words)
  const scratch = new Uint32Array(3 * words)
  const characters = new Uint16Array(scratch.buffer)

  /** Class of what `askers` tell of a value, and of what else of it decides. */
  const numberOf = (part: Part, value: Parts[Part], asked: readonly Asker[]): number => {
    scratch.fill(0)
    const parts = { ...BLANK, [part]: value }
    for (const asker of asked) {
      const told = asker(parts)
      if (told !== null)
        for (let w = 0; w < told.length; w++) scratch[w] = (scratch[w] as number) | (told[w] as number)
    }
    const key = `${String.fromCharCode(...characters)} ${projection(part, parts, world)}`
    return tables[part].numbers.get(key) ?? put(part, key, value)
  }
  /** A new class, of which `scratch` has the bits. */
  const put = (part: Part, key: string, value: Parts[Part]): number => {
    const table = tables[part]
    const number = table.values.length
    table.numbers.set(key, number)
    table.values.push(value)
    if ((number + 1) * 3 * words > table.bits.length) {
      const wider = new Uint32Array(table.bits.length * 2)
      wider.set(table.bits)
      table.bits = wider
    }
    table.bits.set(scratch, number * 3 * words)
    return number
  }
  const all = (part: Part) => askers[part].map(({ ask }) => ask)
  const every = Object.fromEntries(PARTS.map((part) => [part, all(part)])) as Readonly<Record<Part, Asker[]>>

  return {
    words,
    bits: (part) => tables[part].bits,
    valueOf: <P extends Part>(part: P, number: number) => tables[part].values[number] as Parts[P],
    classOf: (part, value) => numberOf(part, value, every[part]),
    classOfEntry(part, key) {
      const asked = askers[part].filter(({ input }) => tells(key, input))
      const [only, ...others] = asked
      const whole = (values: readonly string[] | null) =>
        numberOf(
          part,
          { [key]: values },
          asked.map(({ ask }) => ask),
        )
      if (only === undefined || others.length > 0 || world.row.together.length > 0) return whole
      // Few answers are there to be had, however many values: each is made a class once.
      const known = new Map<string, number>()
      return (values) => {
        const told = only.told(values === null ? ABSENT : { state: 'known', values })
        const before = known.get(told)
        if (before !== undefined) return before
        const made = whole(values)
        known.set(told, made)
        return made
      }
    },
  }
}
