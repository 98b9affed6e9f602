import { RankanError } from '../../kernel/errors.ts'
import type { Language } from '../../kernel/text.ts'
import { counts, type Threshold } from '../counts.ts'
import type { Finding } from '../finding.ts'
import type { ControlRules } from '../rules.ts'
import { check } from '../run.ts'
import { HOOK_LIMITS, type HookAnnotation, type HookEvent, type HookResponse, hookEvent } from './contract.ts'
import { hookInput } from './input.ts'

export interface HookOptions {
  readonly controls: readonly ControlRules[]
  readonly threshold: Threshold
  readonly language: Language
  /** Seconds since 1970. */
  readonly now: number
}

/**
 * CloudFormation's question and our answer. `payload`: what lay at `requestData.payload`, null for a resource.
 * What cannot be evaluated is an internal failure, so that the hook's failure mode decides: never a success.
 */
export function answerHook(event: unknown, payload: string | null, options: HookOptions): HookResponse {
  const parsed = hookEvent.safeParse(event)
  if (!parsed.success) return failure(null, 'InternalFailure', 'This is no request of a CloudFormation hook.')
  try {
    return answered(parsed.data, payload, options)
  } catch (error) {
    if (error instanceof RankanError) return failure(parsed.data, 'InternalFailure', error.message)
    throw error
  }
}

function answered(event: HookEvent, payload: string | null, options: HookOptions): HookResponse {
  const input = hookInput(event, payload)
  if (input === null) return { ...base(event), hookStatus: 'SUCCESS', message: 'There is nothing to check.' }
  const { findings } = check([input], options.controls, options.now)
  const annotations = findings.map((finding) => annotationOf(finding, options))
  const failing = findings.filter((finding) => counts(finding, options.threshold))
  if (failing.length === 0)
    return { ...base(event), hookStatus: 'SUCCESS', message: summary(findings, options), annotations }
  return {
    ...base(event),
    hookStatus: 'FAILED',
    errorCode: 'NonCompliant',
    message: cut(failing.map((finding) => line(finding, options.language)).join('\n'), HOOK_LIMITS.message),
    annotations,
  }
}

const base = (event: HookEvent | null): Omit<HookResponse, 'hookStatus' | 'message'> => ({
  clientRequestToken: event?.clientRequestToken ?? event?.clientRequesttoken ?? null,
  callbackContext: null,
  callbackDelaySeconds: 0,
  annotations: [],
})

const failure = (event: HookEvent | null, errorCode: 'InternalFailure', message: string): HookResponse => ({
  ...base(event),
  hookStatus: 'FAILED',
  errorCode,
  message: cut(message, HOOK_LIMITS.message),
})

const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1)}…`

function summary(findings: readonly Finding[], { controls, language }: HookOptions): string {
  const open = findings.length
  if (language === 'ja')
    return open === 0
      ? `統制 ${controls.length} 件に違反はありません。`
      : `止める違反はありません。注釈 ${open} 件を見てください。`
  return open === 0
    ? `Nothing is against the ${controls.length} controls.`
    : `Nothing stops this; see the ${open} annotations.`
}

const line = ({ control, resource }: Finding, language: Language): string =>
  `${resource ?? ''} ${control.id}: ${control.title[language]}. ${control.guidance[language]}`.trim()

/** What nobody knows yet was neither passed nor failed: SKIPPED, with the reason. */
function annotationOf(finding: Finding, { language }: HookOptions): HookAnnotation {
  const { control, verdict, resource, details, unknowns } = finding
  const why =
    verdict === 'FAIL'
      ? details.map(({ path, message, wanted }) => `${path}: ${message ?? wanted}`)
      : unknowns.map(({ path, reason }) => `${path}: ${reason}`)
  return {
    annotationName: control.id,
    status: verdict === 'FAIL' ? 'FAILED' : 'SKIPPED',
    statusMessage: cut(
      [`${resource ?? ''} ${control.title[language]}`.trim(), ...why].join('\n'),
      HOOK_LIMITS.annotationMessage,
    ),
    remediationMessage: cut(control.guidance[language], HOOK_LIMITS.annotationMessage),
    severityLevel: SEVERITY[control.severity],
  }
}

const SEVERITY = { low: 'LOW', medium: 'MEDIUM', high: 'HIGH', critical: 'CRITICAL' } as const
