import type { Bilingual } from '../../kernel/text.ts'

/** Who uses Rankan: the table `Who uses it` of the mission. */
export const ROLES = [
  'central_operator', // ガバメントクラウド管理組織
  'central_auditor', // 監査担当
  'organisation_owner', // 利用組織の責任者
  'project_office', // PJMO
  'operator_company', // 運用管理補助者
  'asp', // ASP (shared use)
  'billing_reader', // 請求担当
] as const

export type Role = (typeof ROLES)[number]

export const ROLE_TEXT: Readonly<Record<Role, Bilingual>> = {
  central_operator: { ja: '中央管理者', en: 'Central operator' },
  central_auditor: { ja: '監査担当', en: 'Central auditor' },
  organisation_owner: { ja: '利用組織の責任者', en: 'Organisation owner' },
  project_office: { ja: 'プロジェクト担当(PJMO)', en: 'Project office (PJMO)' },
  operator_company: { ja: '運用管理補助者', en: 'Operator company' },
  asp: { ja: 'ASP', en: 'ASP' },
  billing_reader: { ja: '請求担当', en: 'Billing reader' },
}

/** Roles of the centre see every organisation; all others see the organisations of their grant and nothing else. */
export const CENTRAL_ROLES: readonly Role[] = ['central_operator', 'central_auditor']

/** Who acts: a signed-in person with one role, or a part of Rankan itself. */
export interface Actor {
  readonly kind: 'person' | 'system'
  /** `per_…`, or the name of the part, e.g. `worker`, `import`. */
  readonly id: string
  readonly name: string
  readonly role: Role | 'system'
  /** Organisations (`org_…`) of the grant; empty for the centre and for the system, which are not limited by it. */
  readonly organisationIds: readonly string[]
}

export const systemActor = (part: string): Actor => ({
  kind: 'system',
  id: part,
  name: part,
  role: 'system',
  organisationIds: [],
})

export const isCentral = (actor: Actor): boolean =>
  actor.role === 'system' || (CENTRAL_ROLES as readonly string[]).includes(actor.role)
