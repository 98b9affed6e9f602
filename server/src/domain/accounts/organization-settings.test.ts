import { describe, expect, it } from 'vitest'
import { organizationSettingsChange } from './organization-settings.ts'

const takes = (hookBucket: unknown, reason: unknown = 'agreed') =>
  organizationSettingsChange.safeParse({ hookBucket, reason }).success

describe('the bucket for the rules of hooks', () => {
  it.each(['abc', 'rankan-hook-rules', 'rules.example.jp', 'a'.repeat(63), '1-2'])('may be `%s`', (name) => {
    expect(takes(name)).toBe(true)
  })

  it.each([
    'ab',
    'a'.repeat(64),
    'Rules',
    's3://rules',
    'arn:aws:s3:::rules',
    'rules/x',
    '-rules',
    'rules-',
    'a..b',
    '192.168.5.4',
    'rules\n',
    '',
  ])('may not be `%s`', (name) => {
    expect(takes(name)).toBe(false)
  })

  it('is taken away by null, and neither without a reason', () => {
    expect(takes(null)).toBe(true)
    expect(takes(null, '  ')).toBe(false)
    expect(takes('rules', undefined)).toBe(true)
    expect(organizationSettingsChange.safeParse({ hookBucket: 'rules' }).success).toBe(false)
    expect(organizationSettingsChange.safeParse({ reason: 'agreed' }).success).toBe(false)
  })
})
