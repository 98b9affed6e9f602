import type { ControlRecord } from './record.ts'

/** The four types of a control (D1), in the order in which they are shown. */
export const CONTROL_TYPES = ['preventive', 'proactive', 'detective', 'responsive'] as const
export type ControlType = (typeof CONTROL_TYPES)[number]

/** The types in which a control has a form. */
export const typesOf = (record: ControlRecord): readonly ControlType[] =>
  CONTROL_TYPES.filter((type) => type in record.forms)
