/** Bounds of one run. Source: Systems Manager quotas (100 steps a document) and our own caution against loops. */
export const AUTOMATION_LIMITS = {
  /** Steps that one run may take; branches may go back. */
  steps: 1000,
  /** How often `aws:waitForAwsResourceProperty` looks. */
  polls: 60,
  pollSeconds: 5,
} as const
