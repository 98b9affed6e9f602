import { sampleVendForm } from '@rankan/server/domain/applications/sample.ts'
import { describe, expect, it } from 'vitest'
import { STEPS, stepOf } from './spec.ts'

function leaves(value: unknown, path: readonly (string | number)[] = []): readonly (string | number)[][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[...path]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}

/** Filled in by the wizard itself, or shown in the review. */
const BY_ITSELF = [
  'kind',
  'provider.name',
  'exceptions',
  'consent.baselineVersion',
  'consent.usageRulesVersion',
]

describe('the steps of the wizard', () => {
  it('have a field for everything that the form holds', () => {
    const shown = STEPS.flatMap((step) => step.fields.map((field) => field.path))
    const missing = leaves(sampleVendForm())
      .map((path) => path.join('.'))
      .filter((path) => !BY_ITSELF.includes(path))
      .filter((path) => !shown.some((field) => path === field || path.startsWith(`${field}.`)))
    expect(missing).toEqual([])
  })

  it('find the step of a field, also of one inside a list', () => {
    expect(STEPS[stepOf(['environments', 0, 'regions', 1])]?.key).toBe('environments')
    expect(STEPS[stepOf(['contacts', 'billing', 'email'])]?.key).toBe('contacts')
    expect(STEPS[stepOf(['operator', 'contractEnd'])]?.key).toBe('people')
  })
})
