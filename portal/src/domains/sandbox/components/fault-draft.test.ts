import { faultRequest } from '@rankan/server/domain/sandbox/view.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorsOf, FAULT_KINDS, firstDraft, requestOf } from './fault-draft.ts'

test.each(FAULT_KINDS)('the first draft of %s is a request that the API takes', (kind) => {
  expect(faultRequest.safeParse(requestOf(firstDraft(kind))).success).toBe(true)
})

test('whatever is typed as share and count is either refused by the form or taken by the API', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.double().map(String)),
      fc.oneof(fc.string(), fc.integer().map(String)),
      (probability, times) => {
        const draft = { ...firstDraft('throttle'), probability, times }
        const request = requestOf(draft)
        if (request === null) expect(Object.values(errorsOf(draft))).toContain(true)
        else expect(faultRequest.safeParse(request).success).toBe(true)
      },
    ),
  )
})

test('faults of events name no service', () => {
  expect(
    requestOf({ ...firstDraft('drop'), service: 'sqs', operation: 'CreateManagedAccount' }),
  ).toMatchObject({
    at: 'event',
    service: '*',
    operation: 'CreateManagedAccount',
  })
})
