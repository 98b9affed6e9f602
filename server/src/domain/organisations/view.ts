import { z } from 'zod'
import { ROLES } from '../people/roles.ts'
import { BASES, CHANGES, ITEM_STATES } from './import/plan.ts'
import { profileSchema } from './import/profile.ts'
import { ORGANISATION_KINDS } from './kinds.ts'
import { SEPARATIONS } from './shares.ts'

/** What the API answers about organisations, and what the portal reads. Days are `YYYY-MM-DD`, ends exclusive; times ISO 8601 UTC. */

const bilingual = z.object({ ja: z.string(), en: z.string() })
const day = z.iso.date()

export const organisationRef = z.object({ id: z.string(), code: z.string(), name: bilingual })
export type OrganisationRefView = z.infer<typeof organisationRef>

export const organisationRow = organisationRef.extend({
  kind: z.enum(ORGANISATION_KINDS),
  kana: z.string().nullable(),
  /** The English name is a reading in Latin letters, not an official name. */
  nameEnDerived: z.boolean(),
  parent: organisationRef.nullable(),
  /** Organisations that belong to it on that day. */
  children: z.number().int(),
  /** It was found by a name or code that is not its own on that day. */
  foundAs: z.string().nullable(),
})
export type OrganisationRow = z.infer<typeof organisationRow>

export const organisationListQuery = z.object({
  /** Name, reading (kana or Latin) or code, or part of one; several words must all match. */
  text: z.string().max(200).optional(),
  /** The register as of that day; today without it. */
  on: day.optional(),
  kind: z.enum(ORGANISATION_KINDS).optional(),
  /** `org_…` of the organisation they belong to, or `none`. */
  parent: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
})

export const versionView = z.object({
  from: day.nullable(),
  to: day.nullable(),
  code: z.string(),
  kind: z.enum(ORGANISATION_KINDS),
  name: bilingual,
  kana: z.string().nullable(),
  parent: organisationRef.nullable(),
})
export type VersionView = z.infer<typeof versionView>

export const CONTACT_PURPOSES = ['security', 'operations', 'billing'] as const
export const REACHABILITY = ['unverified', 'reachable', 'dead'] as const
export const contactView = z.object({
  id: z.string(),
  purpose: z.enum(CONTACT_PURPOSES),
  email: z.string(),
  phone: z.string(),
  from: day.nullable(),
  to: day.nullable(),
  reachability: z.enum(REACHABILITY),
  checkedAt: z.string().nullable(),
})

export const tenantShareView = z.object({ organisation: organisationRef, basisPoints: z.number().int() })

export const systemView = z.object({
  id: z.string(),
  code: z.string(),
  name: bilingual,
  owner: organisationRef,
  businessArea: z.string().nullable(),
  useMode: z.enum(['single', 'shared']),
  separation: z.enum(SEPARATIONS).nullable(),
  from: day.nullable(),
  to: day.nullable(),
  tenants: z.array(tenantShareView),
})
export type SystemView = z.infer<typeof systemView>

export const CONTRACT_ROLES = ['operator', 'integrated_operator', 'asp'] as const
export const contractView = z.object({
  id: z.string(),
  number: z.string(),
  role: z.enum(CONTRACT_ROLES),
  client: organisationRef,
  operator: organisationRef,
  from: day.nullable(),
  /** First day after the contract. */
  to: day,
  /** Codes of the systems. */
  systems: z.array(z.string()),
  systemIds: z.array(z.string()),
})

export const grantView = z.object({
  id: z.string(),
  role: z.enum(ROLES),
  from: day.nullable(),
  to: day.nullable(),
  contractNumber: z.string().nullable(),
})
export const personView = z.object({
  id: z.string(),
  name: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  employer: organisationRef,
  from: day.nullable(),
  to: day.nullable(),
  grants: z.array(grantView),
})

export const successionView = z.object({ organisation: organisationRef, day, source: z.string().nullable() })

/** An organisation's page. Contacts, contracts and people are those that the reader may see on that day. */
export const organisationPage = z.object({
  id: z.string(),
  on: day,
  /** What it is on that day; null when it does not exist then. */
  now: versionView.nullable(),
  nameEnDerived: z.boolean(),
  timeline: z.array(versionView),
  predecessors: z.array(successionView),
  successors: z.array(successionView),
  children: z.number().int(),
  contacts: z.array(contactView),
  systems: z.array(systemView),
  contracts: z.array(contractView),
  people: z.array(personView),
})
export type OrganisationPage = z.infer<typeof organisationPage>

const factsView = z.object({
  code: z.string(),
  kind: z.enum(ORGANISATION_KINDS),
  nameJa: z.string(),
  nameEn: z.string().nullable(),
  kana: z.string().nullable(),
  parentCode: z.string().nullable(),
})

export const planItemView = z.object({
  key: z.string(),
  group: z.string().nullable(),
  change: z.enum(CHANGES),
  state: z.enum(ITEM_STATES),
  basis: z.enum(BASES),
  source: z.string().nullable(),
  line: z.number().int().nullable(),
  organisationId: z.string().nullable(),
  before: factsView.nullable(),
  after: factsView.nullable(),
  effective: day.nullable(),
  history: z.object({ until: day, facts: factsView }).nullable(),
  successorCode: z.string().nullable(),
  /** The item in words. */
  words: bilingual,
})
export type PlanItemView = z.infer<typeof planItemView>

export const importView = z.object({
  id: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  encoding: z.string(),
  asOf: day,
  profile: z.string(),
  state: z.enum(['planned', 'applied', 'discarded']),
  actorName: z.string(),
  createdAt: z.string(),
  appliedAt: z.string().nullable(),
  rows: z.number().int(),
  unchanged: z.number().int(),
  /** Items that an apply writes, by change. */
  counts: z.record(z.enum(CHANGES), z.number().int()),
  unconfirmed: z.number().int(),
  proposed: z.number().int(),
  empty: z.boolean(),
  items: z.array(planItemView),
  outdated: z.array(
    z.object({
      line: z.number().int(),
      code: z.string(),
      nameJa: z.string(),
      nowCode: z.string().nullable(),
      nowNameJa: z.string().nullable(),
    }),
  ),
})
export type ImportView = z.infer<typeof importView>

export const importLine = z.object({
  id: z.string(),
  fileName: z.string(),
  asOf: day,
  profile: z.string(),
  state: z.enum(['planned', 'applied', 'discarded']),
  actorName: z.string(),
  createdAt: z.string(),
})

export const decisionsBody = z.object({
  decisions: z.record(
    z.string().max(200),
    z.object({
      verdict: z.enum(['accept', 'skip']).optional(),
      effective: day.optional(),
      successorCode: z.string().max(20).optional(),
    }),
  ),
})

export const importQuery = z.object({
  fileName: z.string().max(200).default('list.csv'),
  profile: z.string().max(40).optional(),
  /** The day that the list is true for; today without it. */
  asOf: day.optional(),
})

export const profileView = z.object({ profile: profileSchema, builtIn: z.boolean() })
/** What a file looks like, for the mapping of its columns. */
export const filePreview = z.object({
  encoding: z.string(),
  headings: z.array(z.string()),
  rows: z.number().int(),
  sample: z.array(z.record(z.string(), z.string())),
  profile: z.string().nullable(),
})

export const ATTENTION_KINDS = [
  'ownerless_account',
  'no_owner',
  'dead_contact',
  'missing_contact',
  'left_with_grant',
  'contract_ended',
  'contract_ending',
  'exception_expired',
] as const
export type AttentionKind = (typeof ATTENTION_KINDS)[number]
export const attentionItem = z.object({
  kind: z.enum(ATTENTION_KINDS),
  /** The same while the thing lasts, and no other item has it. */
  key: z.string(),
  organisation: organisationRef.nullable(),
  /** Account number, contact address, person's name, contract number or application. */
  subject: z.string(),
  /** Day since when it is so, if known. */
  since: day.nullable(),
  severity: z.enum(['high', 'medium']),
  words: bilingual,
  /** When the organisation's owner and the centre were told, if they were. */
  ownerToldAt: z.string().nullable(),
  centreToldAt: z.string().nullable(),
})
export type AttentionItem = z.infer<typeof attentionItem>
