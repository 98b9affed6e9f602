import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatted, lineCount, offsetOf } from './lines.ts'
import { prefixesIn } from './prefixes.ts'

describe('places in a text', () => {
  test('line and column lead back to the character', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '{', '\n', '"'), maxLength: 60 })
    fc.assert(
      fc.property(text, fc.nat(), (given, at) => {
        const offset = at % (given.length + 1)
        const before = given.slice(0, offset).split('\n')
        expect(offsetOf(given, before.length, (before.at(-1) ?? '').length + 1)).toBe(offset)
        expect(lineCount(given)).toBeGreaterThanOrEqual(before.length)
      }),
    )
  })

  test('places outside of the text are brought into it', () => {
    expect(offsetOf('ab\nc', 9, 9)).toBe(4)
    expect(offsetOf('ab\nc', 0, 0)).toBe(0)
    expect(offsetOf('ab\nc', 1, 9)).toBe(2)
  })

  test('only JSON is formatted', () => {
    expect(formatted('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
    expect(formatted('{a}')).toBeNull()
  })
})

test('services that a policy speaks of are found, wildcards opened, and nothing invented', () => {
  const services = ['s3', 's3express', 'sts', 'ec2']
  const text =
    '{"Action": ["s3*:Get*", "EC2:RunInstances", "nope:x"], "Condition": {"a": {"sts:ExternalId": "arn:aws:x"}}}'
  expect([...prefixesIn(text, services)].sort()).toEqual(['ec2', 's3', 's3express', 'sts'])
})
