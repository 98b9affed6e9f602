import { expect, test } from 'vitest'
import type { ControlsPort } from '../../ports/controls.ts'
import { readRequest } from './read-import.ts'

const none = {
  begin: () => Promise.reject(new Error('read only')),
  look: () => Promise.reject(new Error('read only')),
}
const policies = { ...none, read: async () => ({ kinds: ['scp' as const], policies: [] }) }
const portOf = (more: Partial<ControlsPort>): ControlsPort => ({
  hasLandingZone: async () => false,
  policies,
  tower: null,
  packs: null,
  securityHub: null,
  hooks: null,
  documents: null,
  ...more,
})
const ask = (port: ControlsPort) =>
  readRequest(
    { kind: 'in-place', awsOrganizationId: 'aws_1' },
    { library: [], controls: () => port, now: new Date('2026-11-01T00:00:00Z'), mostMs: 50 },
  )

test('what AWS has in place is read in a bounded time, and is the same at any hour', async () => {
  const found = await ask(portOf({}))
  expect(found).toMatchObject({ what: 'import', name: 'aws_1', kind: 'in-place' })
  const silent = portOf({ packs: { ...none, read: () => new Promise<never>(() => {}) } })
  await expect(ask(silent)).rejects.toMatchObject({ kind: 'unavailable', code: 'aws_slow' })
})
