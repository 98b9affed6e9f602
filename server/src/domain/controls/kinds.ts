/** The types of a control's forms (D1), in the order in which they are shown. */
export const FORM_TYPES = ['preventive', 'proactive', 'detective', 'responsive'] as const
export type FormType = (typeof FORM_TYPES)[number]

/** `ready`: can be applied. `failed`: `error` says why. */
export const PLAN_STATES = ['queued', 'reading', 'ready', 'failed'] as const
export type PlanState = (typeof PLAN_STATES)[number]

/**
 * `refused`: the world was not the one of the plan any more; nothing was done. `needs_repair`: a step failed; a person
 * retries or gives up. `given_up`: what was done is undone, as far as its steps say.
 */
export const APPLY_STATES = [
  'queued',
  'running',
  'needs_repair',
  'giving_up',
  'done',
  'refused',
  'given_up',
] as const
export type ApplyState = (typeof APPLY_STATES)[number]

/** `kept`: was done, and giving up could not undo it. */
export const STEP_STATES = ['pending', 'running', 'done', 'failed', 'undone', 'kept'] as const
export type StepState = (typeof STEP_STATES)[number]
