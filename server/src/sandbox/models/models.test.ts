import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ServiceModel } from '../core/model.ts'
import { allServices } from '../services/index.ts'

const folder = new URL('.', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
const load = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as ServiceModel

describe.each(names)('%s', (name) => {
  const model = load(name)
  const shapes = Object.entries(model.shapes)

  test('names only shapes that it has', () => {
    const known = new Set(Object.keys(model.shapes))
    const used = [
      ...Object.values(model.operations).flatMap((o) => [o.input, o.output, ...o.errors]),
      ...shapes.flatMap(([, s]) =>
        [s.member, s.key, s.value, ...Object.values(s.members ?? {})].map((m) => m?.shape),
      ),
    ]
    expect(used.filter((shape) => shape !== undefined && !known.has(shape))).toEqual([])
  })

  test('every pattern is one that JavaScript reads', () => {
    for (const [shape, { pattern }] of shapes)
      if (pattern !== undefined) expect(() => new RegExp(`^(?:${pattern})$`, 'u'), shape).not.toThrow()
  })
})

test('every operation that a service handles is in its model, and every dated setting has its source', () => {
  for (const service of allServices(() => 0)) {
    const model = load(`${service.model}.json`)
    expect(
      Object.keys(service.operations).filter((name) => !(name in model.operations)),
      service.model,
    ).toEqual([])
    const dated = [
      ...Object.values(service.settings?.durations ?? {}),
      ...Object.values(service.settings?.limits ?? {}),
    ]
    for (const { source, asOf } of dated)
      expect([source !== '', /^\d{4}-\d{2}-\d{2}$/.test(asOf)]).toEqual([true, true])
  }
})
