import { describe, expect, it } from 'vitest'
import { failureText, isKnownFailure } from '../domain/accounts/failure-texts.ts'
import errors from './errors.cases.json' with { type: 'json' }
import failures from './failures.cases.json' with { type: 'json' }

/** Source: API model of Organizations, `CreateAccountFailureReason`. */
const CREATE_ACCOUNT_REASONS = [
  'ACCOUNT_LIMIT_EXCEEDED',
  'EMAIL_ALREADY_EXISTS',
  'INVALID_ADDRESS',
  'INVALID_EMAIL',
  'CONCURRENT_ACCOUNT_MODIFICATION',
  'INTERNAL_FAILURE',
  'MISSING_BUSINESS_VALIDATION',
  'FAILED_BUSINESS_VALIDATION',
  'PENDING_BUSINESS_VALIDATION',
  'INVALID_IDENTITY_FOR_BUSINESS_VALIDATION',
  'UNKNOWN_BUSINESS_VALIDATION',
  'MISSING_PAYMENT_INSTRUMENT',
  'INVALID_PAYMENT_INSTRUMENT',
]
const OURS = [
  'timed_out',
  'names_taken',
  'ou_registration_failed',
  'assignment_failed',
  'ENROLMENT_FAILED',
  'PRODUCT_TAINTED',
  'product_under_change',
  'connection_lost',
  'bug',
]

describe('the text of a failure', () => {
  it.each([
    ...CREATE_ACCOUNT_REASONS,
    ...OURS,
    ...failures.flatMap((one) => (one.remedy === 'repair' && one.expected === one.code ? [] : one.expected)),
  ])('says what `%s` means', (code) => {
    expect(isKnownFailure(code)).toBe(true)
  })

  it.each([
    ['EMAIL_ALREADY_EXISTS', 'e-mail'],
    ['ACCOUNT_LIMIT_EXCEEDED', 'limit'],
    ['MISSING_PAYMENT_INSTRUMENT', 'payment'],
    ['AccessDeniedException', 'right'],
    ['ThrottlingException', 'throttled'],
    ['ConcurrentModificationException', 'busy'],
    ['ECONNRESET', 'connection'],
    ['ResourceNotFoundException', 'not in AWS'],
  ])('of `%s` speaks of %s, in Japanese too', (code, word) => {
    const { ja, en } = failureText(code)
    expect(en).toContain(word)
    expect(ja).toMatch(/[ぁ-ん]/)
  })

  it('of what nobody foresaw sends to the words of AWS', () => {
    expect(isKnownFailure('Weird')).toBe(false)
    expect(failureText('Weird').en).toContain('words below')
  })

  it('says of every error of AWS that only a person can mend what it is', () => {
    const forPeople = errors.filter(({ kind }) => kind === 'denied' || kind === 'not_found')
    expect(forPeople.filter(({ code }) => !isKnownFailure(code)).map(({ code }) => code)).toEqual([])
  })
})
