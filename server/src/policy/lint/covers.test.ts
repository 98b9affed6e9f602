import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../testing/runs.ts'
import { coveringIn } from './covers.ts'

const pattern = fc.oneof(
  fc.constantFrom('*', '', 'a?', '$'.concat('{x}*'), '**'),
  fc.string({ unit: fc.constantFrom('a', 'A', 'b', ':', '*'), maxLength: 4 }),
)

/** The rule as one would say it. */
function covers(wide: string, narrow: string, ignoreCase: boolean): boolean {
  const [w, n] = ignoreCase ? [wide.toLowerCase(), narrow.toLowerCase()] : [wide, narrow]
  if (w === '*' || w === n) return true
  const isPlain = ![w, n].some((text) => text.includes('?') || text.includes('$'.concat('{')))
  return isPlain && /^[^*]*\*$/.test(w) && n.startsWith(w.slice(0, -1))
}

test('what_covers_is_found_by_its_beginning, in the order of the list, of equal texts the first', () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 6 }), pattern, fc.boolean(), (list, narrow, ignoreCase) => {
      const folded = (text: string) => (ignoreCase ? text.toLowerCase() : text)
      const first = list.filter((one, i) => list.findIndex((other) => folded(other) === folded(one)) === i)
      expect(coveringIn(list, ignoreCase)(narrow)).toEqual(
        first.filter((wide) => covers(wide, narrow, ignoreCase)),
      )
    }),
    runs(3, 3_000),
  )
})
