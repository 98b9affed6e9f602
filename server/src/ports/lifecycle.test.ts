import { expect, it } from 'vitest'
import type { LifecycleEvent } from './estate.ts'
import { ACCOUNT_READY_EVENTS, topicsOf } from './lifecycle.ts'

const event = (name: string, more: Partial<LifecycleEvent> = {}): LifecycleEvent => ({
  eventId: 'e-1',
  name,
  accountId: '123456789012',
  accountName: null,
  requestId: null,
  ouId: null,
  state: 'SUCCEEDED',
  message: null,
  time: '2026-04-01T00:00:00.000Z',
  ...more,
})

it('wakes who waits for an account when it is ready, moved or closed, and not when it begins', () => {
  for (const name of [...ACCOUNT_READY_EVENTS, 'MoveAccount', 'CloseAccountResult'])
    expect(topicsOf('aws_1', event(name))).toEqual(['account:123456789012'])
  for (const name of ['CreateAccountResult', 'AccountJoinedOrganization'])
    expect(topicsOf('aws_1', event(name))).toEqual([])
})

it('wakes who waits for the request to create an account, whose id nobody knows yet', () => {
  expect(topicsOf('aws_1', event('CreateAccountResult', { requestId: 'car-1' }))).toEqual([
    'estate:aws_1:car-1',
  ])
})
