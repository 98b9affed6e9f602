import type { QueueItem } from '@rankan/server/domain/accounts/work-view.ts'
import { expect, test } from 'vitest'
import { tenantsOf } from './tenants.ts'

const item = (organisationId: string, state: QueueItem['state']): QueueItem => ({
  workId: `${organisationId}.${state}`,
  applicationId: 'app_1',
  kind: 'vend',
  environment: null,
  organisationId,
  organisationName: { ja: organisationId, en: organisationId },
  state,
  step: null,
  stepTitle: null,
  queuedAt: '2026-04-01T00:00:00Z',
  deadline: null,
  etaAt: null,
})

test('counts the work of each organisation, most waiting first, without what is done', () => {
  const items = [item('a', 'running'), item('b', 'queued'), item('b', 'needs_repair'), item('c', 'done')]
  expect(tenantsOf(items)).toMatchObject([
    { organisationId: 'b', queued: 1, running: 0, needsRepair: 1 },
    { organisationId: 'a', queued: 0, running: 1, needsRepair: 0 },
  ])
})
