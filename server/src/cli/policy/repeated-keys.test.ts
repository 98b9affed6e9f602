import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repeatedKeys } from './repeated-keys.ts'

describe('keys that occur twice in one object', () => {
  it('are found with their place, however they are written', () => {
    const text = '{\n "a": {"x": 1, "y": "\\"x\\": {,"},\n "b": [1, {"k": 1, "\\u006b": 2}],\n "a": 3\n}'
    expect(repeatedKeys(text).map(({ path, message }) => [path, message.slice(0, 6)])).toEqual([
      [['b', 1, 'k'], 'line 3'],
      [['a'], 'line 4'],
    ])
  })

  it('are in no text that was written from a value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => repeatedKeys(JSON.stringify(value)).length === 0))
  })

  it('do not depend on how deep they are', () => {
    const deep = `${'['.repeat(200_000)}{"a":1,"a":2}${']'.repeat(200_000)}`
    expect(repeatedKeys(deep).map(({ path }) => path.at(-1))).toEqual(['a'])
  })
})
