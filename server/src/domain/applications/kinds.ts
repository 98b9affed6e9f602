/** Environments of a system (環境): each has an account of its own. */
export const ENVIRONMENTS = ['production', 'staging', 'development', 'operation'] as const
export type Environment = (typeof ENVIRONMENTS)[number]

/** What an application asks for. All kinds share one life: draft, approvals, queue, workflow, done. */
export const APPLICATION_KINDS = [
  'vend',
  'change_contacts',
  'change_owner',
  'move',
  'suspend',
  'resume',
  'close',
] as const
export type ApplicationKind = (typeof APPLICATION_KINDS)[number]

/**
 * draft → submitted (waits for the organisation) → accepted (waits for the centre) → queued → running → ready,
 * with returned (back to the applicant with comments), rejected, withdrawn, needs_repair and abandoned.
 */
export const APPLICATION_STATES = [
  'draft',
  'submitted',
  'accepted',
  'returned',
  'rejected',
  'withdrawn',
  'queued',
  'running',
  'needs_repair',
  'ready',
  'abandoned',
] as const
export type ApplicationState = (typeof APPLICATION_STATES)[number]
