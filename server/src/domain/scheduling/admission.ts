/** The quota that lets a kind of work start: Control Tower counts enrolling, moving and un-enrolling an account alike. */
export type Admission = 'account_operations' | 'work_in_flight'

const ACCOUNT_OPERATIONS: readonly string[] = ['vend', 'close', 'move']

export const admissionOf = (kind: string): Admission =>
  ACCOUNT_OPERATIONS.includes(kind) ? 'account_operations' : 'work_in_flight'
