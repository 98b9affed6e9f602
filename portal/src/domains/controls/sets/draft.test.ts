import { controlSetBody } from '@rankan/server/domain/controls/sets.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyOf, changed, type Draft, draftOf, EMPTY, faultsOf, toggled, withForm } from './draft.ts'

const word = fc.stringMatching(/^[a-z]{1,6}$/)
const isList = (parameter: string) => parameter.startsWith('l')
const choice = fc.record(
  {
    control: word,
    forms: fc.uniqueArray(fc.constantFrom('preventive' as const, 'detective' as const), { minLength: 1 }),
    values: fc
      .uniqueArray(fc.tuple(fc.constantFrom('l-a', 't-b'), fc.array(word, { minLength: 1, maxLength: 3 })), {
        minLength: 1,
        selector: ([name]) => name,
      })
      .map((found) =>
        Object.fromEntries(found.map(([name, words]) => [name, isList(name) ? words : words.join(' ')])),
      ),
  },
  { requiredKeys: ['control'] },
)
const body = fc.record({
  title: fc.record({ ja: word, en: word }),
  description: fc.record({ ja: word, en: word }),
  controls: fc.uniqueArray(choice, { minLength: 1, maxLength: 4, selector: ({ control }) => control }),
})

describe('a draft of a control set', () => {
  it('gives the set back that it was made from', () =>
    fc.assert(
      fc.property(body, (given) => {
        const set = controlSetBody.parse(given)
        expect(bodyOf(draftOf('a', set))).toEqual(set)
      }),
    ))

  it('takes a control in and out', () => {
    const draft = toggled(toggled(EMPTY, 'a', true), 'b', true)
    expect(draft.chosen.map(({ control }) => control)).toEqual(['a', 'b'])
    expect(toggled(draft, 'a', false).chosen.map(({ control }) => control)).toEqual(['b'])
  })

  it('names no forms when all are wanted', () => {
    const row = { types: ['preventive', 'detective'] as ('preventive' | 'detective')[] }
    const one = { control: 'a', forms: null, values: {} }
    const less = withForm(one, row, 'preventive', false)
    expect(less).toEqual({ forms: ['detective'] })
    expect(withForm({ ...one, ...less }, row, 'preventive', true)).toEqual({ forms: null })
  })

  it('says what is missing', () => {
    expect(faultsOf(EMPTY)).toEqual(['name', 'title', 'controls'])
    const draft: Draft = toggled({ ...EMPTY, name: 'production', titleJa: '本番' }, 'a', true)
    expect(faultsOf(draft)).toEqual([])
    expect(faultsOf(changed(draft, 'a', { forms: [] }))).toEqual(['forms'])
    expect(bodyOf(draft).title).toEqual({ ja: '本番', en: '本番' })
  })
})
