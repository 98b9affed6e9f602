import type { ControlRecord, Form } from '@rankan/server/src/catalog/record.ts'
import type { ControlType } from '@rankan/server/src/catalog/types.ts'
import type { Tone } from '../../components/StatusBadge.tsx'

export const SEVERITY_TONES: Readonly<Record<ControlRecord['severity'], Tone>> = {
  low: 'neutral',
  medium: 'waiting',
  high: 'warning',
  critical: 'bad',
}

/** Told apart without colour by their place and their name. */
export const TYPE_LOOKS: Readonly<Record<ControlType, string>> = {
  preventive: 'bg-blue-900',
  proactive: 'bg-magenta-900',
  detective: 'bg-green-900',
  responsive: 'bg-orange-900',
}

/** Forms of a type, with the kind of each. */
export const formsOfType = ({ forms }: ControlRecord, type: ControlType): readonly Form[] => forms[type] ?? []

/** A text of a group by a key that comes from data: the key itself where there is no text. */
export const wordOf = (words: Readonly<Record<string, string>>, key: string): string =>
  Object.hasOwn(words, key) ? (words[key] ?? key) : key
