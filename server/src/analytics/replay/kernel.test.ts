import { describe, expect, it } from 'vitest'
import { newKernel, withinMemory } from './kernel.ts'

describe('the memory of the loops', () => {
  it('says_in_words_that_it_is_full', () => {
    const { wasm } = newKernel()
    expect(() => withinMemory(() => wasm.allot(0xffff_0000))).toThrow(/shorter period/)
    expect(
      withinMemory(() => wasm.allot(64)),
      'what was refused took nothing',
    ).toBeGreaterThan(0)
    expect(() =>
      withinMemory(() => {
        throw new Error('another fault')
      }),
    ).toThrow('another fault')
  })
})
