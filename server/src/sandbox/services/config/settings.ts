import type { Settings } from '../../core/contract.ts'

const asOf = '2026-11-22'
const quotas = 'docs.aws.amazon.com/config/latest/developerguide/configlimits.html'
const assumed = 'assumed; AWS publishes no figure'
const minute = 60_000

export const settings: Settings = {
  durations: {
    'config.pack': { ms: 2 * minute, jitter: 0.3, source: assumed, asOf },
    'config.organization': { ms: 8 * minute, jitter: 0.3, source: assumed, asOf },
    'config.remediation': { ms: minute, jitter: 0.3, source: assumed, asOf },
  },
  limits: {
    'config.rules': { value: 1_000, source: `${quotas}: rules in an account and Region`, asOf },
    'config.packs': { value: 50, source: `${quotas}: conformance packs in an account`, asOf },
    'config.pack_rules': { value: 130, source: `${quotas}: rules in a conformance pack`, asOf },
    'config.organization_packs': { value: 50, source: `${quotas}: organization conformance packs`, asOf },
    'config.organization_rules': { value: 150, source: `${quotas}: organization rules`, asOf },
    'config.aggregators': { value: 50, source: quotas, asOf },
    'config.template_bytes': { value: 51_200, source: 'API model config/2014-11-12, TemplateBody', asOf },
    'config.policy_bytes': { value: 10_000, source: 'API model config/2014-11-12, PolicyText', asOf },
    // 1: an account that never called PutConfigurationRecorder records, as after a set-up of the whole organisation; 0: it does not.
    'config.recorder_everywhere': { value: 1, source: 'a choice of the sandbox', asOf },
  },
}
