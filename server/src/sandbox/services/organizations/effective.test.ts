import { describe, expect, test } from 'vitest'
import { effectivePolicy, type PolicyNode } from './effective.ts'

const tag = (rules: object): PolicyNode => ({ tags: { Env: { tag_value: rules } } })
const result = (value: unknown) => ({ tags: { Env: { tag_value: value } } })

describe('inheritance of management policies', () => {
  const cases: [string, PolicyNode[][], unknown][] = [
    ['nothing attached', [[], []], {}],
    ['assign', [[tag({ '@@assign': ['a'] })]], result(['a'])],
    [
      'a lower assign overwrites',
      [[tag({ '@@assign': ['a'] })], [tag({ '@@assign': ['b'] })]],
      result(['b']),
    ],
    [
      'append adds once',
      [[tag({ '@@assign': ['a'] })], [tag({ '@@append': ['a', 'b'] })]],
      result(['a', 'b']),
    ],
    ['remove takes away', [[tag({ '@@assign': ['a', 'b'] })], [tag({ '@@remove': ['a'] })]], result(['b'])],
    [
      'a parent may forbid what children do',
      [
        [tag({ '@@assign': ['a'], '@@operators_allowed_for_child_policies': ['@@none'] })],
        [tag({ '@@assign': ['b'] })],
      ],
      result(['a']),
    ],
    [
      'or allow one operator only',
      [
        [tag({ '@@assign': ['a'], '@@operators_allowed_for_child_policies': ['@@append'] })],
        [tag({ '@@append': ['b'] })],
        [tag({ '@@assign': ['c'] })],
      ],
      result(['a', 'b']),
    ],
  ]
  test.each(cases)('%s', (_, levels, expected) => expect(effectivePolicy(levels)).toEqual(expected))
})
