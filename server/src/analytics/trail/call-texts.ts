import type { CallReader } from '../../policy/trail/call.ts'
import type { SkipReason } from '../../policy/trail/facts.ts'
import { keysText, resourceText } from './check-text.ts'
import { type Head, readCall, type Slices } from './dimensions.ts'

/** Kinds of checks by their number; 0 is a call that was skipped. */
export const KINDS = [null, 'direct', 'implied'] as const

/** What a call asks, as the texts that facts keep of it. */
export interface CallTexts {
  readonly skip: SkipReason | null
  readonly checks: readonly CheckTexts[]
}

export interface CheckTexts {
  /** Number in `KINDS`. */
  readonly kind: number
  readonly action: string
  /** A resource with its owner, and keys: canonical JSON. */
  readonly resource: string
  readonly context: string
}

export function callTexts(from: Slices, head: Head, account: string, reader: CallReader): CallTexts {
  const outcome = readCall(from, head, account, reader)
  if (outcome.kind === 'skipped') return { skip: outcome.reason, checks: [] }
  const checks = outcome.checks.map((check) => ({
    kind: KINDS.indexOf(check.kind),
    action: check.action,
    resource: resourceText(check),
    context: keysText(check.keys),
  }))
  return { skip: null, checks }
}
