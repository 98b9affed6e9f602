/** Faults on demand: rules that people, tests or the control API set; each use is drawn under the seed. */
import type { Fault, FaultPoint } from './contract.ts'

export interface FaultRule {
  readonly id: string
  readonly at: FaultPoint['at']
  /** `*` is any text: `organizations`, `s*`. For events: ignored. */
  readonly service: string
  /** `*` is any text: `Create*`. For events: the event's name. */
  readonly operation: string
  /** Strikes only where the subject (account id, name, e-mail, record id, event detail, input of a call) contains this text. */
  readonly subject: string | null
  /** Share of fitting calls, 0..1. */
  readonly probability: number
  /** How often it may still strike; null: until removed. */
  readonly times: number | null
  readonly fault: Fault
  /** How often it struck. */
  readonly struck: number
}

export const wildcard = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    's',
  )

export function fits(rule: FaultRule, point: FaultPoint): boolean {
  if (rule.at !== point.at || rule.times === 0) return false
  if (rule.subject !== null && !subjectOf(point).includes(rule.subject)) return false
  if (point.at === 'event') return wildcard(rule.operation).test(point.name)
  return wildcard(rule.service).test(point.service) && wildcard(rule.operation).test(point.operation)
}

/** Of a call: what it asks for, as JSON. */
function subjectOf(point: FaultPoint): string {
  if (point.at === 'call') return JSON.stringify(point.input ?? {})
  return 'subject' in point ? point.subject : ''
}

export const used = (rule: FaultRule): FaultRule => ({
  ...rule,
  times: rule.times === null ? null : rule.times - 1,
  struck: rule.struck + 1,
})
