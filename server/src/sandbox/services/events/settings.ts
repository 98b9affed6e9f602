import type { Settings } from '../../core/contract.ts'

export const settings: Settings = {
  limits: {
    'events.targets_per_rule': {
      value: 5,
      source: 'docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
      asOf: '2026-11-21',
    },
  },
}
