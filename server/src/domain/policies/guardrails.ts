import { z } from 'zod'
import { GUARDRAIL_KINDS, TARGET_KINDS } from './kinds.ts'

/**
 * What the API answers about the policies of an AWS organisation that are in force. Times are ISO 8601 UTC.
 *
 * | route | who | reply |
 * |---|---|---|
 * | `GET /api/aws-organizations/{id}/guardrails` | centre | `guardrailList` |
 * | `GET /api/aws-organizations/{id}/guardrails/{policyId}` | centre | `guardrailDetail` |
 * | `GET /api/accounts/{id}/policies` (`acc_…` or twelve digits) | who may read the account | `accountPolicies` |
 * | `POST /api/denials/requests` | everyone | `eventReply` to `eventRequest` |
 *
 * Server-sent event after a sweep that found a change: topic `guardrails`, id of the AWS organisation (`aws_…`).
 */

export const guardrailTarget = z.object({
  /** `r-…`, `ou-…` or twelve digits */
  id: z.string(),
  kind: z.enum(TARGET_KINDS),
  name: z.string(),
  /** null for the root */
  parentId: z.string().nullable(),
})
export type GuardrailTarget = z.infer<typeof guardrailTarget>

/** What one target still takes of one kind. */
export const slotView = z.object({
  kind: z.enum(GUARDRAIL_KINDS),
  used: z.number().int(),
  limit: z.number().int(),
  left: z.number().int(),
})

export const kindView = z.object({
  kind: z.enum(GUARDRAIL_KINDS),
  /** AWS's name: `SERVICE_CONTROL_POLICY` */
  awsType: z.string(),
  /** Whether the root has the type switched on; policies of a type that is off bind nobody. */
  enabled: z.boolean(),
  perTarget: z.number().int(),
  maxCharacters: z.number().int(),
  source: z.string(),
  asOf: z.string(),
})
export type KindView = z.infer<typeof kindView>

export const guardrailView = z.object({
  /** `p-…` */
  id: z.string(),
  kind: z.enum(GUARDRAIL_KINDS),
  name: z.string(),
  description: z.string(),
  /** AWS's own: `FullAWSAccess`, `RCPFullAWSAccess` */
  awsManaged: z.boolean(),
  /** As AWS counts them. */
  characters: z.number().int(),
  /** How many targets it is attached to. */
  attachments: z.number().int(),
  /** The first 50 of them, roots and OUs first. */
  attachedTo: z.array(guardrailTarget),
  /** Accounts that stand below its targets (and that it binds, but for exemptions such as the management account). */
  accounts: z.number().int(),
  /** SHA-256 of the document, hex. */
  sha256: z.string(),
  firstSeenAt: z.string(),
  /** When the sweep last saw another document or name than before. */
  changedAt: z.string(),
})
export type GuardrailView = z.infer<typeof guardrailView>

export const placeView = guardrailTarget.extend({
  /** Ids of what is attached here itself, as in `policies`. */
  policies: z.array(z.string()),
  slots: z.array(slotView),
  /** Accounts here and below. */
  accounts: z.number().int(),
})
export type PlaceView = z.infer<typeof placeView>

export const guardrailList = z.object({
  awsOrganizationId: z.string(),
  /** `o-…` */
  organizationId: z.string().nullable(),
  managementAccountId: z.string().nullable(),
  /** When a sweep read all of it last; null: not yet, and the lists are empty. */
  readAt: z.string().nullable(),
  kinds: z.array(kindView),
  policies: z.array(guardrailView),
  /** Root and OUs, parents first, and the accounts that have something attached besides what AWS attaches itself. */
  places: z.array(placeView),
})
export type GuardrailList = z.infer<typeof guardrailList>

export const guardrailDetail = guardrailView.extend({
  awsOrganizationId: z.string(),
  /** The JSON text as AWS keeps it. */
  document: z.string(),
})
export type GuardrailDetail = z.infer<typeof guardrailDetail>

/** A policy with its text. */
export const policyText = z.object({ id: z.string(), name: z.string(), document: z.string() })

/** A level as the engine takes it (`policy/exchange`): target and what is attached there. */
export const policyLevel = z.object({ target: z.string(), policies: z.array(policyText) })
export type PolicyLevelView = z.infer<typeof policyLevel>

/** The policies that bind one account, root first. `scps` and `rcps` fit into the `policies` of `rankan policy eval`. */
export const accountPolicies = z.object({
  accountId: z.string(),
  awsOrganizationId: z.string(),
  organizationId: z.string().nullable(),
  /** SCPs do not bind its principals, RCPs not its resources. */
  managementAccountId: z.string().nullable(),
  /** null: no sweep has read it yet; nothing is known then. */
  readAt: z.string().nullable(),
  /** From the root to the account itself. Empty: AWS did not list the account at the last sweep. */
  path: z.array(guardrailTarget),
  scps: z.array(policyLevel),
  rcps: z.array(policyLevel),
  /** Management policies (tag, backup …), level by level. */
  others: z.array(policyLevel.extend({ kind: z.enum(GUARDRAIL_KINDS) })),
})
export type AccountPolicies = z.infer<typeof accountPolicies>

/** One CloudTrail record, as CloudTrail writes it. */
export const eventRequest = z.object({ record: z.record(z.string(), z.unknown()) })
export type EventRequest = z.infer<typeof eventRequest>

/** What the record stands for: requests as `rankan policy eval` takes them, out of tables too large for a browser. */
export const eventReply = z.object({
  /** Why the record is no call: `service_event`, `unmapped` …; null when it is one. */
  skipped: z.string().nullable(),
  requests: z.array(
    z.object({
      action: z.string(),
      resource: z.string().nullable(),
      resourceAccount: z.string().nullable(),
      /** Not shown by CloudTrail, but checked by AWS as well. */
      implied: z.boolean(),
      /** Ready for the engine. */
      request: z.record(z.string(), z.unknown()),
    }),
  ),
})
export type EventReply = z.infer<typeof eventReply>
