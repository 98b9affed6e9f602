import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseEvent } from './parse.ts'

const at = new Date('2026-04-01T00:00:00Z')
const body = (detail: object) => JSON.stringify({ id: 'e-1', time: '2026-04-01T00:00:00Z', detail })

it('reads a lifecycle event of Control Tower', () => {
  const status = {
    organizationalUnit: { organizationalUnitName: 'Production', organizationalUnitId: 'ou-ab12-12345678' },
    account: { accountName: 'x', accountId: '123456789012' },
    state: 'FAILED',
    message: 'no',
  }
  const detail = {
    eventName: 'CreateManagedAccount',
    serviceEventDetails: { createManagedAccountStatus: status },
  }
  expect(parseEvent('m-1', body(detail), at)).toEqual({
    eventId: 'e-1',
    accountName: 'x',
    requestId: null,
    name: 'CreateManagedAccount',
    accountId: '123456789012',
    ouId: 'ou-ab12-12345678',
    state: 'FAILED',
    message: 'no',
    time: '2026-04-01T00:00:00Z',
  })
})

it('reads a move of Organizations from its request', () => {
  const requestParameters = { accountId: '123456789012', destinationParentId: 'ou-ab12-12345678' }
  expect(parseEvent('m-1', body({ eventName: 'MoveAccount', requestParameters }), at)).toMatchObject({
    accountId: '123456789012',
    ouId: 'ou-ab12-12345678',
    state: null,
  })
})

it('never throws and never loses a message, whatever is in it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const event = parseEvent('m-1', text, at)
      expect(event.eventId).toBe('m-1')
      expect(event.name).toBe('Unreadable')
      expect(event.message?.length).toBeLessThanOrEqual(500)
    }),
  )
})
