import { z } from 'zod'
import { APPLICATION_KINDS, APPLICATION_STATES, ENVIRONMENTS } from './kinds.ts'
import { APPLICATION_LIMITS as L } from './limits.ts'

/** What the API answers about applications, and what the portal and the CLI read. Times are ISO 8601 UTC, days are in Japan. */

const bilingual = z.object({ ja: z.string(), en: z.string() })
const path = z.array(z.union([z.string(), z.number()]))
export const whoView = z.object({ id: z.string(), name: z.string(), role: z.string() })
export const stageName = z.enum(['organisation', 'centre'])

export const verdictView = z.object({
  rule: z.string(),
  outcome: z.enum(['pass', 'warn', 'fail', 'unknown']),
  reason: z.string(),
  path,
  title: bilingual,
  message: bilingual,
  explanation: bilingual,
  reference: z.string(),
  mayBeExcepted: z.boolean(),
  exception: z.object({ reason: z.string(), expiresOn: z.string() }).nullable(),
})
export type VerdictView = z.infer<typeof verdictView>

export const issueView = z.object({
  path,
  code: z.string(),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})

export const approvalView = z.object({
  stage: stageName,
  by: whoView,
  at: z.string(),
  onBehalfOf: whoView.nullable(),
  automatic: z.object({ policyVersion: z.string() }).nullable(),
  comment: z.string(),
})

export const applicationRow = z.object({
  id: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  state: z.enum(APPLICATION_STATES),
  version: z.number().int(),
  organisationId: z.string(),
  organisationCode: z.string(),
  organisationName: bilingual,
  systemCode: z.string(),
  systemName: bilingual,
  environments: z.array(z.enum(ENVIRONMENTS)),
  accountId: z.string().nullable(),
  applicant: whoView,
  batchId: z.string().nullable(),
  createdAt: z.string(),
  /** Since when it is in this state. */
  since: z.string(),
  submittedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  updatedAt: z.string(),
  updatedBy: z.string(),
})
export type ApplicationRow = z.infer<typeof applicationRow>

export const ACTIONS = [
  'edit',
  'submit',
  'withdraw',
  'approve',
  'return',
  'reject',
  'comment',
  'repair',
] as const
export type ApplicationAction = (typeof ACTIONS)[number]

export const DECISIONS = ['approve', 'return', 'reject'] as const
export type Decision = (typeof DECISIONS)[number]

/** Whose turn it is. `who` is empty while nobody holds the role: the role's name is then all that can be told. */
export const turnView = z.object({
  stage: z.enum(['applicant', 'organisation', 'centre', 'work', 'repair']),
  role: z.string(),
  who: z.array(z.object({ id: z.string(), name: z.string(), standsInFor: z.string().nullable() })),
  since: z.string(),
  /** Median of what this stage took lately, in seconds; null without history. */
  usualSeconds: z.number().nullable(),
})

export const orderView = z.object({
  workId: z.string(),
  environment: z.enum(ENVIRONMENTS).nullable(),
  state: z.enum(['queued', 'running', 'needs_repair', 'finished', 'abandoned']),
  accountName: z.string().nullable(),
  accountEmail: z.string().nullable(),
  accountId: z.string().nullable(),
  failure: z
    .object({
      step: z.string(),
      code: z.string(),
      message: z.string(),
      correctable: z.array(z.string()),
      at: z.string(),
    })
    .nullable(),
  finishedAt: z.string().nullable(),
})

export const eventView = z.object({
  id: z.string(),
  at: z.string(),
  action: z.string(),
  from: z.enum(APPLICATION_STATES).nullable(),
  to: z.enum(APPLICATION_STATES),
  actor: whoView,
  onBehalfOf: whoView.nullable(),
  policyVersion: z.string().nullable(),
  comment: z.string(),
})

export const commentView = z.object({ id: z.string(), at: z.string(), author: whoView, body: z.string() })

/** Accounts usable at `at`; in nine of ten cases by `p90`. `assumesApprovals`: usual approval times are in it. */
export const etaView = z.object({ at: z.string(), p90: z.string(), assumesApprovals: z.boolean() })

export const applicationView = applicationRow.extend({
  form: z.record(z.string(), z.unknown()),
  issues: z.array(issueView),
  verdicts: z.array(verdictView),
  /** Names that vending would reserve now, or those reserved, in the order of the environments. */
  plannedNames: z.array(z.object({ name: z.string(), email: z.string() })),
  approvals: z.array(approvalView),
  answer: z.object({ by: whoView, comment: z.string() }).nullable(),
  exceptions: z.array(
    z.object({
      rule: z.string(),
      reason: z.string(),
      expiresOn: z.string(),
      approver: whoView,
      grantedAt: z.string(),
    }),
  ),
  turn: turnView.nullable(),
  eta: etaView.nullable(),
  orders: z.array(orderView),
  history: z.array(eventView),
  comments: z.array(commentView),
  /** What the person who asks may do now. */
  actions: z.array(z.enum(ACTIONS)),
})
export type ApplicationView = z.infer<typeof applicationView>

export const checkView = z.object({
  issues: z.array(issueView),
  verdicts: z.array(verdictView),
  plannedNames: z.array(z.object({ name: z.string(), email: z.string() })),
  /** Would the policy approve it for the centre by itself? */
  automatic: z.boolean(),
})
export type CheckView = z.infer<typeof checkView>

export const listFilter = z.object({
  state: z.enum(APPLICATION_STATES).optional(),
  kind: z.enum(APPLICATION_KINDS).optional(),
  organisationId: z.string().max(60).optional(),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  batchId: z.string().max(60).optional(),
  /** `mine`: what I applied for; `waiting`: what waits for my decision; `open`: everything that is not over. */
  view: z.enum(['all', 'mine', 'waiting', 'open']).default('all'),
  text: z.string().trim().max(L.name).optional(),
})
export type ListFilter = z.infer<typeof listFilter>

export const listQuery = listFilter.extend({
  limit: z.coerce.number().int().min(1).max(L.pageSize).default(50),
  cursor: z.string().max(500).optional(),
})

export const applicationPage = z.object({ items: z.array(applicationRow), nextCursor: z.string().nullable() })
export type ApplicationPage = z.infer<typeof applicationPage>

export const delegationView = z.object({
  id: z.string(),
  from: whoView,
  to: whoView,
  stage: stageName,
  organisationIds: z.array(z.string()),
  firstDay: z.string(),
  lastDay: z.string(),
  reason: z.string(),
  revokedAt: z.string().nullable(),
})

/** A mistake in a batch file: `row` counts as a spreadsheet does, the header is row 1; `column` as the file names it. */
export const rowError = z.object({
  row: z.number().int(),
  column: z.string().nullable(),
  key: z.string().nullable(),
  code: z.string(),
  message: bilingual,
})

export const batchView = z.object({
  batchId: z.string().nullable(),
  checkedOnly: z.boolean(),
  encoding: z.enum(['utf-8', 'shift_jis']),
  rows: z.number().int(),
  applications: z.array(
    z.object({
      key: z.string(),
      id: z.string().nullable(),
      organisationCode: z.string(),
      systemCode: z.string(),
      environments: z.array(z.enum(ENVIRONMENTS)),
      verdicts: z.array(verdictView),
    }),
  ),
  errors: z.array(rowError),
})
export type BatchView = z.infer<typeof batchView>

export const notificationView = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.string(),
  /** Id of the application. */
  subject: z.string(),
  params: z.record(z.string(), z.string()),
  read: z.boolean(),
})
