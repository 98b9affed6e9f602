import type { ControlDetail } from '@rankan/server/src/catalog/view.ts'
import { expect, test } from 'vitest'
import { documentText, missingIn, typedDefaults, withParameters } from './parameters.ts'

const title = { ja: '領域', en: 'Regions' }
const detail = {
  record: {
    parameters: {
      regions: { type: 'list', title, default: ['ap-northeast-1'] },
      role: { type: 'text', title, default: 'Admin' },
    },
  },
  documents: { 'scp.json': { Region: '{{regions}}', Arn: 'role/{{role}}' }, 'cfn.guard': 'rule {{x}}' },
  cases: [],
} as unknown as ControlDetail
const form = { kind: 'scp', file: 'scp.json' } as const

test('what is typed shows in the document: a list by lines', () => {
  const control = withParameters(detail, { regions: ' us-east-1 \n\n eu-west-1', role: 'Owner' })
  expect(JSON.parse(documentText(control, form))).toEqual({
    Region: ['us-east-1', 'eu-west-1'],
    Arn: 'role/Owner',
  })
})

test('an empty value leaves the default and is named', () => {
  const { parameters } = detail.record
  const typed = { ...typedDefaults(parameters), role: ' ' }
  expect(missingIn(parameters, typed)).toEqual(['role'])
  expect(JSON.parse(documentText(withParameters(detail, typed), form))).toEqual({
    Region: ['ap-northeast-1'],
    Arn: 'role/Admin',
  })
})

test('a rule file is text and is left as it is', () => {
  const control = withParameters(detail, {})
  expect(documentText(control, { kind: 'cfn-guard', file: 'cfn.guard' })).toBe('rule {{x}}')
})
