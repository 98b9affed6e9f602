import type { FaultRequestView, FaultView } from '@rankan/server/domain/sandbox/view.ts'

export const FAULT_KINDS = ['throttle', 'fail', 'stick', 'taint', 'delay', 'drop', 'duplicate'] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** What the form holds: text as it was typed. */
export interface FaultDraft {
  readonly kind: FaultKind
  readonly service: string
  readonly operation: string
  readonly subject: string
  /** Per cent. */
  readonly probability: string
  readonly times: string
  readonly code: string
  readonly message: string
  readonly delayMs: string
}

/** Where each kind of fault strikes. */
const POINTS = {
  throttle: 'call',
  fail: 'call',
  stick: 'outcome',
  taint: 'outcome',
  delay: 'visibility',
  drop: 'event',
  duplicate: 'event',
} as const

/** A likely first choice for each kind: what people rehearse most. */
export const firstDraft = (kind: FaultKind): FaultDraft => ({
  kind,
  service: kind === 'stick' || kind === 'taint' ? 'servicecatalog' : '*',
  operation: kind === 'stick' || kind === 'taint' ? 'ProvisionProduct' : '*',
  subject: '',
  probability: kind === 'throttle' ? '10' : '100',
  times: kind === 'throttle' || kind === 'delay' ? '' : '1',
  code: 'InternalServiceException',
  message: 'Injected by the sandbox.',
  delayMs: '30000',
})

export const isEvent = (kind: FaultKind) => POINTS[kind] === 'event'

export interface DraftErrors {
  readonly probability: boolean
  readonly times: boolean
}

const LEAST_SHARE = 0.0001
const MOST_TIMES = 1_000_000
const isShare = (text: string) => Number(text) >= LEAST_SHARE && Number(text) <= 100
const isCount = (text: string) =>
  text.trim() === '' || (Number.isInteger(Number(text)) && Number(text) >= 1 && Number(text) <= MOST_TIMES)

export const errorsOf = (draft: FaultDraft): DraftErrors => ({
  probability: !isShare(draft.probability),
  times: !isCount(draft.times),
})

/** The request, or null while the form has an error. */
export function requestOf(draft: FaultDraft): FaultRequestView | null {
  const errors = errorsOf(draft)
  if (errors.probability || errors.times) return null
  return {
    at: POINTS[draft.kind],
    service: isEvent(draft.kind) ? '*' : draft.service.trim() || '*',
    operation: draft.operation.trim() || '*',
    probability: Number(draft.probability) / 100,
    fault: faultOf(draft),
    ...(draft.subject.trim() === '' ? {} : { subject: draft.subject.trim() }),
    ...(draft.times.trim() === '' ? {} : { times: Number(draft.times) }),
  }
}

function faultOf(draft: FaultDraft): FaultView {
  switch (draft.kind) {
    case 'fail':
      return { do: 'fail', code: draft.code.trim(), message: draft.message }
    case 'taint':
      return { do: 'taint', message: draft.message }
    case 'delay':
      return { do: 'delay', ms: Math.max(0, Math.round(Number(draft.delayMs) || 0)) }
    default:
      return { do: draft.kind }
  }
}
