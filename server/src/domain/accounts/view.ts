import { z } from 'zod'
import { APPLICATION_KINDS, ENVIRONMENTS } from '../applications/kinds.ts'
import { ACCOUNT_STATUSES, AWS_ACCOUNT_STATES } from './status.ts'

/** What the API answers about accounts, and what the portal reads: one schema for both. All times are ISO 8601 UTC. */

export const bilingual = z.object({ ja: z.string(), en: z.string() })

export const accountRow = z.object({
  /** `acc_…` */
  id: z.string(),
  /** Twelve digits. */
  accountId: z.string(),
  name: z.string(),
  email: z.string(),
  status: z.enum(ACCOUNT_STATUSES),
  awsState: z.enum(AWS_ACCOUNT_STATES),
  environment: z.enum(ENVIRONMENTS).nullable(),
  /** null for an adopted account that nobody has claimed yet */
  organisationId: z.string().nullable(),
  organisationCode: z.string().nullable(),
  organisationName: bilingual.nullable(),
  systemCode: z.string().nullable(),
  systemName: bilingual.nullable(),
  awsOrganizationId: z.string(),
  ouId: z.string(),
  ouName: z.string(),
  /** `vended`: by a workflow; `adopted`: found by the sweep and taken over by a person. */
  origin: z.enum(['vended', 'adopted']),
  openDrift: z.number().int(),
  createdAt: z.string(),
  readyAt: z.string().nullable(),
  closedAt: z.string().nullable(),
})
export type AccountRow = z.infer<typeof accountRow>

export const accountFilter = z.object({
  /** Part of number, name, e-mail, organisation's name or code, or system's name or code; case is ignored. */
  text: z.string().max(200).optional(),
  status: z.enum(ACCOUNT_STATUSES).optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  organisationId: z.string().max(60).optional(),
  awsOrganizationId: z.string().max(60).optional(),
  drifted: z.stringbool().optional(),
})
export type AccountFilter = z.infer<typeof accountFilter>

/** Keyset paging: the list is ordered by name, then account number. */
export const accountListQuery = accountFilter.extend({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

export const accountPage = z.object({
  items: z.array(accountRow),
  /** Give it as `cursor` to get the next page; null on the last one. */
  nextCursor: z.string().nullable(),
  /** How many accounts the filter finds in all. */
  total: z.number().int(),
})
export type AccountPage = z.infer<typeof accountPage>

export const contactView = z.object({
  type: z.enum(['SECURITY', 'OPERATIONS', 'BILLING']),
  name: z.string(),
  title: z.string(),
  email: z.string(),
  phone: z.string(),
})

/** `order`: Rankan closed it. Else somebody else did, and AWS's event or, without one, the sweep that found it says when. */
export const CLOSURE_SOURCES = ['order', 'aws_event', 'sweep'] as const
export type ClosureSource = (typeof CLOSURE_SOURCES)[number]

export const closureView = z.object({
  /** When it was closed; known by a sweep: at the latest. */
  requestedAt: z.string(),
  /** AWS keeps a closed account for 90 days; until then it can be reopened by AWS Support. */
  windowEndsAt: z.string(),
  /** SHA-256 of the evidence that was frozen before the account closed, hex; empty where nothing was frozen. */
  evidenceHash: z.string(),
  knownBy: z.enum(CLOSURE_SOURCES),
})

export const accountDetail = accountRow.extend({
  contacts: z.array(contactView),
  /** Small facts from the workflows: `support.case`, `group.admin`, `assignment.admin`, `budget`, `confirmed_by` … */
  facts: z.record(z.string(), z.string()),
  suspension: z.object({ at: z.string(), reason: z.string() }).nullable(),
  closure: closureView.nullable(),
  /** Orders that worked on this account, newest first. */
  works: z.array(
    z.object({
      workId: z.string(),
      applicationId: z.string(),
      kind: z.enum(APPLICATION_KINDS),
      state: z.string(),
      at: z.string(),
    }),
  ),
})
export type AccountDetail = z.infer<typeof accountDetail>

export const awsOrganizationView = z.object({
  id: z.string(),
  name: z.string(),
  /** `o-…`, once it was looked at */
  organizationId: z.string().nullable(),
  managementAccountId: z.string().nullable(),
  engine: z.enum(['account_factory', 'auto_enrolment']),
  accounts: z.number().int(),
  /** Ceiling of accounts per landing zone, with the source in `domain/placement/limits.json`. */
  accountLimit: z.number().int(),
  lastSweepAt: z.string().nullable(),
  lastSweepComplete: z.boolean().nullable(),
  openDrift: z.number().int(),
})
export type AwsOrganizationView = z.infer<typeof awsOrganizationView>
