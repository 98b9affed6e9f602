import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Path, valueAt, withValue } from './path.ts'

const path = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 4 })

describe('values by path', () => {
  it('what was put in comes out, and the old form stays as it was', () => {
    fc.assert(
      fc.property(path, fc.jsonValue(), (p: Path, value) => {
        const before = { a: { b: 1 } }
        const after = withValue(before, p, value)
        return (
          JSON.stringify(valueAt(after, p)) === JSON.stringify(value) &&
          JSON.stringify(before) === '{"a":{"b":1}}'
        )
      }),
    )
  })

  it('changes one element of a list, and takes values out', () => {
    expect(withValue({ list: [{ x: 1 }, { x: 2 }] }, ['list', 1, 'x'], 3)).toEqual({
      list: [{ x: 1 }, { x: 3 }],
    })
    expect(withValue({ a: { b: 1, c: 2 } }, ['a', 'b'], undefined)).toEqual({ a: { c: 2 } })
  })
})
