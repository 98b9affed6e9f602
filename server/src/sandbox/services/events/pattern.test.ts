import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesPattern, patternProblem } from './pattern.ts'

const event = {
  source: 'aws.controltower',
  'detail-type': 'AWS Service Event via CloudTrail',
  detail: { eventName: 'CreateManagedAccount', count: 5, tags: ['a', 'b'], nested: { ok: true, none: null } },
}

const cases: readonly (readonly [name: string, pattern: object, expected: boolean])[] = [
  ['an exact value', { source: ['aws.controltower'] }, true],
  ['another value', { source: ['aws.sso'] }, false],
  ['one of several', { detail: { eventName: ['UpdateManagedAccount', 'CreateManagedAccount'] } }, true],
  ['a value of a list', { detail: { tags: ['b'] } }, true],
  ['true and null are values', { detail: { nested: { ok: [true], none: [null] } } }, true],
  ['text is not a number', { detail: { count: ['5'] } }, false],
  ['prefix', { source: [{ prefix: 'aws.' }] }, true],
  ['prefix without case', { source: [{ prefix: { 'equals-ignore-case': 'AWS.' } }] }, true],
  ['suffix', { detail: { eventName: [{ suffix: 'Account' }] } }, true],
  ['wildcard', { detail: { eventName: [{ wildcard: 'Create*Account' }] } }, true],
  ['a wildcard does not read points as any character', { source: [{ wildcard: 'aws?controltower' }] }, false],
  ['anything-but a value', { source: [{ 'anything-but': 'aws.sso' }] }, true],
  ['anything-but a listed value', { source: [{ 'anything-but': ['aws.controltower'] }] }, false],
  ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
  ['anything-but needs the field', { region: [{ 'anything-but': 'x' }] }, false],
  ['exists', { detail: { count: [{ exists: true }], missing: [{ exists: false }] } }, true],
  ['does not exist', { detail: { missing: [{ exists: true }] } }, false],
  ['a range', { detail: { count: [{ numeric: ['>', 0, '<=', 5] }] } }, true],
  ['outside a range', { detail: { count: [{ numeric: ['>', 5] }] } }, false],
  ['$or', { $or: [{ source: ['x'] }, { detail: { count: [5] } }] }, true],
  ['every field must hold', { source: ['aws.controltower'], detail: { eventName: ['x'] } }, false],
]

test.each(cases)('%s', (_, pattern, expected) => {
  expect(patternProblem(pattern)).toBeNull()
  expect(matchesPattern(pattern, event)).toBe(expected)
})

test.each([
  ['a leaf that is no list', { source: 'aws.sso' }],
  ['an empty list', { source: [] }],
  ['an empty pattern', {}],
  ['a matcher that is not known', { source: [{ regex: '.*' }] }],
])('%s is refused', (_, pattern) => {
  expect(patternProblem(pattern)).not.toBeNull()
})

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean())

test('an event fits the pattern that lists its own values, and not one that asks for another', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((k) => k !== '$or' && k !== '__proto__'),
        scalar,
        { minKeys: 1 },
      ),
      scalar,
      (fields, other) => {
        const own = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, [value]]))
        expect(matchesPattern(own, fields)).toBe(true)
        const [first = ''] = Object.keys(fields)
        if (fields[first] !== other) expect(matchesPattern({ ...own, [first]: [other] }, fields)).toBe(false)
      },
    ),
  )
})
