import { ROLE_TEXT, ROLES, type Role } from '@rankan/server/domain/people/roles.ts'
import type { Bilingual } from '@rankan/server/kernel/text.ts'

/** The names of the roles in one language. */
export const rolesIn = (language: keyof Bilingual): Readonly<Record<Role, string>> =>
  Object.fromEntries(ROLES.map((role) => [role, ROLE_TEXT[role][language]])) as Record<Role, string>
