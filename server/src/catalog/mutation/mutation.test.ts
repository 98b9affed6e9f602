import { describe, expect, it } from 'vitest'
import { checkMutations } from './mutation.ts'

const document = (properties: object) => ({
  Resources: { R: { Type: 'A::B::C', Properties: { ...properties } } },
})
const rule = (body: string) =>
  `let all = Resources.*[ Type == 'A::B::C' ]\nrule r when %all !empty { %all { ${body} } }`

describe('the mutation check', () => {
  it.each([
    ['Properties.A == true', { A: true }],
    ['Properties.A exists', { A: 1 }],
    ['Properties.A not exists', { B: 1 }],
    ['Properties.A >= 365', { A: 365 }],
    ["Properties.A in [ 'x', 'y' ]", { A: 'x' }],
    ["Properties.A not exists or Properties.A != 'x'", { A: 'y' }],
    ['Properties.A[*] { B == 1 }', { A: [{ B: 1 }] }],
    ['Properties.A[*] !empty', { A: [[1]] }],
    ["let p = json_parse(Properties.A)\n %p.B == 'x'", { A: '{"B":"x"}' }],
  ])('breaks what `%s` is about', (body, properties) => {
    const report = checkMutations(rule(body), [document(properties)], [])
    expect(report.survivors).toEqual([])
    expect(report.demands).toBeGreaterThan(0)
    expect(report.failed).toBeGreaterThan(0)
  })

  it('finds a clause that notices nothing, and one that no compliant document reaches', () => {
    const text = rule(`Properties.A == true
      Properties.B == true or Properties.C not exists
      when Properties.D exists { Properties.E == 'x' }`)
    const { survivors } = checkMutations(text, [document({ A: true, B: true, C: 1 })], [])
    expect(survivors.map(({ clause, way }) => [clause, way])).toEqual([
      ["Properties.E == 'x' } } }", 'removed'],
      ["Properties.E == 'x' } } }", 'changed'],
    ])
    const useless = rule('Properties.A == true or Type exists')
    expect(checkMutations(useless, [document({ A: true })], []).survivors).toHaveLength(1)
  })

  it('demands nothing of a document that does not comply', () => {
    const { survivors, mutants } = checkMutations(rule('Properties.A == true'), [document({ A: false })], [])
    expect(mutants).toBe(0)
    expect(survivors).toHaveLength(2)
  })
})
