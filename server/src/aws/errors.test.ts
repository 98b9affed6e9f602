import { describe, expect, it } from 'vitest'
import { RankanError } from '../kernel/errors.ts'
import cases from './errors.cases.json' with { type: 'json' }
import { translateAwsError } from './errors.ts'
import failureCases from './failures.cases.json' with { type: 'json' }
import { createAccountRemedy, recordFailure } from './failures.ts'

const call = { client: 'OrganizationsClient', command: 'CreateAccount' }

/** An error as the SDK throws it. */
const sdkError = (fields: object) =>
  Object.assign(new Error('x'), { $metadata: {}, $fault: 'client' }, fields)

describe('what an error of AWS means', () => {
  it.each(cases)('$name is $kind', ({ error, kind, code, retryAfterMs }) => {
    const seen = translateAwsError(sdkError(error), call)
    expect(seen).toBeInstanceOf(RankanError)
    expect(seen).toMatchObject({ kind, code, retryAfterMs })
  })

  it('a lost connection is unavailable, and names the socket error', () => {
    const lost = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    expect(translateAwsError(lost, call)).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' })
  })

  it('an error of our own code is a bug', () => {
    expect(translateAwsError(new TypeError('x is undefined'), call)).toMatchObject({ kind: 'bug' })
  })

  it('an abort and a RankanError pass as they are', () => {
    const abort = Object.assign(new Error('stop'), { name: 'AbortError' })
    expect(translateAwsError(abort, call)).toBe(abort)
    const own = new RankanError('denied', 'x', 'x')
    expect(translateAwsError(own, call)).toBe(own)
  })

  it('the message names service, call, AWS words and the request', () => {
    const error = sdkError({ name: 'AccessDeniedException', message: 'no', $metadata: { requestId: 'r-1' } })
    expect(translateAwsError(error, call)).toMatchObject({
      message: 'Organizations CreateAccount: no (request r-1)',
    })
  })
})

describe('what a failed operation asks for', () => {
  it.each(failureCases)('`$text` → $remedy', ({ code, text, expected, remedy }) => {
    expect(recordFailure(code, text)).toMatchObject({ code: expected, remedy })
  })

  it('a creation that failed at AWS is tried again, one that AWS refused is not', () => {
    expect(createAccountRemedy('INTERNAL_FAILURE')).toBe('retry')
    expect(createAccountRemedy('EMAIL_ALREADY_EXISTS')).toBe('correct')
    expect(createAccountRemedy('SOMETHING_NEW')).toBe('correct')
  })
})
