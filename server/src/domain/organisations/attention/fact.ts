import type { Day } from '../../../kernel/days.ts'
import type { Bilingual } from '../../../kernel/text.ts'
import type { AttentionItem, OrganisationRefView } from '../view.ts'

/** What every finding has: whom it is about, and what tells it from others of its kind. */
export interface Finding {
  readonly organisation: OrganisationRefView | null
  readonly subject: string
  /** Tells findings with the same subject apart, e.g. two roles of one person. */
  readonly detail?: string
  /** Day since when it is so, if known. */
  readonly since: Day | null
  readonly severity: AttentionItem['severity']
  readonly words: Bilingual
}

/** A finding as an item of the list. The key is stable while the thing lasts. */
export function itemOf(kind: AttentionItem['kind'], finding: Finding): AttentionItem {
  const { organisation, subject, since, severity, words, detail = '' } = finding
  return {
    kind,
    key: [kind, organisation?.id ?? '', subject, detail].join('|'),
    organisation,
    subject,
    since,
    severity,
    words,
    ownerToldAt: null,
    centreToldAt: null,
  }
}

export const PURPOSES_JA: Readonly<Record<string, string>> = {
  security: 'セキュリティ',
  operations: '運用',
  billing: '請求',
}

/** Without a security contact nobody hears of an incident; the others can wait. */
export const contactSeverity = (purpose: string): AttentionItem['severity'] =>
  purpose === 'security' ? 'high' : 'medium'
