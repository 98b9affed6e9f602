import type { Bilingual } from '../kernel/text.ts'

/** One IAM action that an adapter calls, and what for: the tenant's auditor reads this. */
export interface Need {
  readonly action: string
  readonly reason: Bilingual
}

export const need = (action: string, ja: string, en: string): Need => ({ action, reason: { ja, en } })
