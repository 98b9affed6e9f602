import { accountRow } from '@rankan/server/domain/accounts/view.ts'
import type { RenewalForm } from '@rankan/server/domain/applications/renewal.ts'
import { applicationRow } from '@rankan/server/domain/applications/view.ts'
import type {
  ContractChangeForm,
  ContractForm,
  PersonChangeForm,
  PersonForm,
  SystemChangeForm,
  SystemForm,
  tenantsForm,
} from '@rankan/server/domain/organisations/forms.ts'
import type { Decision } from '@rankan/server/domain/organisations/import/plan.ts'
import { type ImportProfile, profileSchema } from '@rankan/server/domain/organisations/import/profile.ts'
import {
  attentionItem,
  filePreview,
  importLine,
  importView,
  organisationPage,
  organisationRow,
  profileView,
} from '@rankan/server/domain/organisations/view.ts'
import type { Role } from '@rankan/server/domain/people/roles.ts'
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { del, get, getPage, post, put, urlOf } from '../../api/client.ts'
import { one, pages } from '../../api/queries.ts'

const ORGANISATIONS = '/api/organisations'
const IMPORTS = '/api/organisation-imports'
const at = (id: string) => encodeURIComponent(id)

export const searchQuery = (text: string, on: string | undefined) =>
  queryOptions({
    ...one(ORGANISATIONS, z.object({ items: z.array(organisationRow), total: z.number() }), {
      text,
      on,
      limit: 100,
    }),
    placeholderData: (before) => before,
  })

/** Organisations below one, or with `none` those that belong to no other. */
export const childrenQuery = (parent: string, on: string | undefined) =>
  pages(ORGANISATIONS, organisationRow, { parent, on, limit: 200 })

export const organisationQuery = (id: string, on: string | undefined) =>
  one(`${ORGANISATIONS}/${at(id)}`, organisationPage, { on })

export const attentionQuery = one(`${ORGANISATIONS}/attention`, z.object({ items: z.array(attentionItem) }))

export const accountsOfQuery = (organisationId: string) =>
  queryOptions({
    queryKey: ['accounts', 'of', organisationId],
    queryFn: ({ signal }) => getPage('/api/accounts', accountRow, { organisationId, limit: 100 }, signal),
  })

export const applicationsOfQuery = (organisationId: string) =>
  queryOptions({
    queryKey: ['applications', 'of', organisationId],
    queryFn: ({ signal }) =>
      getPage('/api/applications', applicationRow, { organisationId, limit: 50 }, signal),
  })

export const renewException = (applicationId: string, rule: string, renewal: RenewalForm) =>
  put(`/api/applications/${at(applicationId)}/exceptions/${at(rule)}`, renewal)

export const importsQuery = one(IMPORTS, z.object({ items: z.array(importLine) }))
export const importQuery = (id: string) => one(`${IMPORTS}/${at(id)}`, importView)
export const profilesQuery = one('/api/import-profiles', z.object({ items: z.array(profileView) }))

export const previewFile = (file: File) => post(`${IMPORTS}/preview`, file, { schema: filePreview })

export const makePlan = (file: File, profile: string, asOf: string) =>
  post(urlOf(IMPORTS, { fileName: file.name, profile, asOf }), file, { schema: importView })

export const decide = (id: string, decisions: Readonly<Record<string, Decision>>) =>
  put(`${IMPORTS}/${at(id)}/decisions`, { decisions }, { schema: importView })

export const applyPlan = (id: string) => post(`${IMPORTS}/${at(id)}/apply`, undefined, { schema: importView })
export const discardPlan = (id: string) =>
  post(`${IMPORTS}/${at(id)}/discard`, undefined, { schema: importView })

export const saveProfile = (profile: ImportProfile) =>
  put('/api/import-profiles', profileSchema.parse(profile))
export const removeProfile = (name: string) => del(`/api/import-profiles/${at(name)}`)

const made = z.object({ id: z.string() })

export const addSystem = (organisationId: string, system: SystemForm) =>
  post(`${ORGANISATIONS}/${at(organisationId)}/systems`, system)
export const changeSystem = (id: string, change: SystemChangeForm) => put(`/api/systems/${at(id)}`, change)
export const endSystem = (id: string, day: string) => post(`/api/systems/${at(id)}/end`, { day })
export const setTenants = (id: string, shares: z.infer<typeof tenantsForm>) =>
  put(`/api/systems/${at(id)}/tenants`, shares)

export const addContract = (organisationId: string, contract: ContractForm) =>
  post(`${ORGANISATIONS}/${at(organisationId)}/contracts`, contract)
export const changeContract = (id: string, change: ContractChangeForm) =>
  put(`/api/contracts/${at(id)}`, change)
export const endContract = (id: string, day: string) => post(`/api/contracts/${at(id)}/end`, { day })

export interface ContactChange {
  readonly purpose: 'security' | 'operations' | 'billing'
  readonly email: string
  readonly phone: string
  readonly from: string
}
export const putContact = (organisationId: string, contact: ContactChange) =>
  put(`${ORGANISATIONS}/${at(organisationId)}/contacts`, contact)
export const endContact = (id: string, day: string) => post(`/api/contacts/${at(id)}/end`, { day })
export const markContact = (id: string, reachability: 'reachable' | 'dead') =>
  put(`/api/contacts/${at(id)}/reachability`, { reachability })
export const addPerson = (organisationId: string, person: PersonForm) =>
  post(`${ORGANISATIONS}/${at(organisationId)}/people`, person, { schema: made })
export const changePerson = (id: string, change: PersonChangeForm) => put(`/api/people/${at(id)}`, change)
export const giveRole = (organisationId: string, grant: { personId: string; role: Role; from: string }) =>
  post(`${ORGANISATIONS}/${at(organisationId)}/grants`, grant)
export const personLeaves = (id: string, day: string) => post(`/api/people/${at(id)}/leave`, { day })
export const endGrant = (id: string, day: string) => post(`/api/grants/${at(id)}/end`, { day })

export interface CompanyGrant {
  readonly contractId: string
  readonly userName: string
  readonly role: Role
  readonly from: string
}
/** A role for a person of the company, who is known by user name only. */
export async function giveRoleUnder(organisationId: string, grant: CompanyGrant): Promise<unknown> {
  const { contractId, userName, role, from } = grant
  const { id } = await get(`/api/contracts/${at(contractId)}/people/${at(userName.trim())}`, made)
  return post(`${ORGANISATIONS}/${at(organisationId)}/grants`, { personId: id, role, contractId, from })
}
