import { z } from 'zod'
import { isDay } from '../../kernel/days.ts'
import {
  DIGEST_PROBLEMS,
  FILE_REFUSALS,
  REPLAY_KINDS,
  REPLAY_PHASES,
  REPLAY_STATES,
  REPORT_SECTIONS,
  REPORT_TABLES,
} from './kinds.ts'
import { exemptionOf, replayReport } from './report.ts'

/**
 * Replays: what would these policies have denied? Started by central operators, read by auditors too.
 *
 * | route | body / query | reply |
 * |---|---|---|
 * | `GET /api/replays/sources` | | `replaySources`: AWS organisations and their trails |
 * | `POST /api/replays` (`Idempotency-Key`) | `replayRequest` | 202 `replayView` |
 * | `GET /api/replays` | `replayListQuery` | `replayPage`, newest first |
 * | `GET /api/replays/{id}` | | `replayDetail` |
 * | `POST /api/replays/{id}/cancel` | | `replayView`; conflict `replay_over` when it has ended |
 * | `POST /api/replays/{id}/exempt` (`Idempotency-Key`) | `exemptRequest` | 202 `replayView` of a new replay with `parentId`, against the policies of the first |
 * | `GET /api/replays/{id}/result` | `resultQuery` | `replayResult`; conflict `replay_not_done` until `done` |
 * | `GET /api/replays/{id}/export` | `exportQuery` | CSV (UTF-8 with byte-order mark) |
 *
 * Faults of policies come as a problem document (422, `bad_policy`) whose issues have `path`
 * `['policies', 0, 'document', '$.Statement[0].Action']`, or `['policies', 0, 'targets', 1]` for an unknown target.
 * Server-sent events while it goes on: topic `replays`, id `rpl_…`; ask for the replay again then.
 */

const day = z.string().refine(isDay, 'must be a day, as 2026-10-01').nullable().default(null)

/** Longer than AWS's limit, so that what is too long gets a useful message; in characters. */
const MAX_DOCUMENT = 40_000

export const replayPolicy = z.object({
  /** Names the policy in the report; unique in the request. */
  name: z.string().trim().min(1).max(128),
  kind: z.enum(REPLAY_KINDS),
  /** JSON text. */
  document: z.string().min(2).max(MAX_DOCUMENT),
  /** Root, OUs or accounts where it would be attached. Empty: the root. */
  targets: z.array(z.string().min(1).max(60)).max(200).default([]),
})
export type ReplayPolicy = z.infer<typeof replayPolicy>

const replayPolicies = z.array(replayPolicy).max(50)

export const replayAgainst = z.discriminatedUnion('what', [
  /** What is in force as of the last sweep. */
  z.object({ what: z.literal('in_force') }),
  /** Another version, attached where it says. */
  z.object({ what: z.literal('policies'), policies: replayPolicies.min(1) }),
])

export const replayRequest = z.object({
  awsOrganizationId: z.string().min(1).max(60),
  title: z.string().trim().min(1).max(100),
  policies: replayPolicies.min(1),
  /**
   * true: SCPs and RCPs in force stay, and these come on top; one that has the kind and name of one in force replaces it.
   * false: these alone are asked (with AWS's `FullAWSAccess`).
   */
  withInForce: z.boolean().default(false),
  /** Compare: `newlyDenied` and `newlyAllowed` in the report. null: do not. */
  against: replayAgainst.nullable().default(null),
  /** First and last day (UTC), both included. */
  since: day,
  until: day,
})
export type ReplayRequest = z.infer<typeof replayRequest>
export type ReplayRequestInput = z.input<typeof replayRequest>

export const exemptRequest = z.object({
  title: z.string().trim().min(1).max(100).optional(),
  /** Put into the policies of the first replay; out of `proposals` of its result, or one's own. */
  exemptions: z.array(exemptionOf).min(1).max(50),
})
export type ExemptRequest = z.infer<typeof exemptRequest>

export const replayProgress = z.object({
  phase: z.enum(REPLAY_PHASES),
  /** New files of the trail; null until they were counted. */
  filesTotal: z.number().int().nullable(),
  filesRead: z.number().int(),
  eventsRead: z.number().int(),
  /** Rows of facts in the period; null until they were counted. */
  factsTotal: z.number().int().nullable(),
  factsAsked: z.number().int(),
})
export type ReplayProgress = z.infer<typeof replayProgress>

/** What CloudTrail's digest files said of the trail. */
export const replayDigests = z.object({
  digests: z.number().int(),
  /** That the digests speak of. */
  files: z.number().int(),
  signed: z.number().int(),
  /** Not looked at: no public key was given, or a copy does not keep the signature of its newest digest. */
  unsigned: z.number().int(),
  problemCount: z.number().int(),
  /** The first 100. */
  problems: z.array(z.object({ problem: z.enum(DIGEST_PROBLEMS), object: z.string() })),
})
export type ReplayDigests = z.infer<typeof replayDigests>

/** What reading the trail said. */
export const replayIngest = z.object({
  /** All that the trail listed. */
  files: z.number().int(),
  /** Of them, those that an earlier replay had looked at, and copies. */
  known: z.number().int(),
  /** New ones. */
  events: z.number().int(),
  /** Of which nothing is in the facts that were asked, whichever replay found that they cannot be read. */
  refusedFiles: z.number().int(),
  /** The first 100. */
  refused: z.array(z.object({ name: z.string(), reason: z.enum(FILE_REFUSALS), detail: z.string() })),
  /** Of which a part only is in the facts. Earlier versions do not say. */
  partlyFiles: z.number().int().optional(),
  /** The first 100: `foreign` objects in them are no records. Earlier versions do not say. */
  partly: z
    .array(z.object({ name: z.string(), events: z.number().int(), foreign: z.number().int() }))
    .optional(),
  /** null: the trail has none, or they were not checked; replays of earlier versions do not say. */
  digests: replayDigests.nullish(),
})
export type ReplayIngest = z.infer<typeof replayIngest>

export const replayTotals = z.object({
  events: z.number().int(),
  calls: z.number().int(),
  denied: z.number().int(),
  /** Of the denied: AWS had denied them then. */
  already: z.number().int(),
  unknown: z.number().int(),
  /** null without `against` */
  newlyDenied: z.number().int().nullable(),
  newlyAllowed: z.number().int().nullable(),
})
export type ReplayTotals = z.infer<typeof replayTotals>

export const replayView = z.object({
  /** `rpl_…` */
  id: z.string(),
  awsOrganizationId: z.string(),
  title: z.string(),
  state: z.enum(REPLAY_STATES),
  /** A person asked to cancel and the worker has not stopped yet. */
  cancelling: z.boolean(),
  progress: replayProgress,
  since: z.string().nullable(),
  until: z.string().nullable(),
  policies: z.array(z.object({ name: z.string(), kind: z.enum(REPLAY_KINDS), targets: z.array(z.string()) })),
  withInForce: z.boolean(),
  against: z.enum(['in_force', 'policies']).nullable(),
  /** The replay that this one exempts from. */
  parentId: z.string().nullable(),
  exemptions: z.array(exemptionOf),
  createdAt: z.string(),
  createdBy: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** How often a worker began; more than 1 when one died in the middle. */
  attempts: z.number().int(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  totals: replayTotals.nullable(),
})
export type ReplayView = z.infer<typeof replayView>

export const replayDetail = replayView.extend({
  /** The policies as they were replayed, exemptions in them. */
  documents: z.array(replayPolicy),
  againstDocuments: z.array(replayPolicy),
  ingest: replayIngest.nullable(),
  /** Replays that exempt from this one. */
  children: z.array(z.string()),
})
export type ReplayDetail = z.infer<typeof replayDetail>

export const replayListQuery = z.object({
  awsOrganizationId: z.string().max(60).optional(),
  state: z.enum(REPLAY_STATES).optional(),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type ReplayListQuery = z.infer<typeof replayListQuery>

export const replayPage = z.object({ items: z.array(replayView), nextCursor: z.string().nullable() })
export type ReplayPage = z.infer<typeof replayPage>

/** Lines that are kept of each table; `sizes` of a section tells how many there are in all. */
export const KEPT_LINES = 1000

/** Lines of a table that its export has at most; of the groups, which are explained one by one, fewer. */
export const EXPORTED_LINES = 100_000
export const EXPORTED_GROUPS = 20_000

export const resultQuery = z.object({
  /** Lines of each table. */
  limit: z.coerce.number().int().min(1).max(KEPT_LINES).default(50),
})

export const proposal = exemptionOf.extend({
  /** Calls that it would spare, at least. */
  calls: z.number().int(),
})
export type ProposalView = z.infer<typeof proposal>

export const replayResult = z.object({ id: z.string(), report: replayReport, proposals: z.array(proposal) })
export type ReplayResult = z.infer<typeof replayResult>

export const exportQuery = z.object({
  section: z.enum(REPORT_SECTIONS).default('denied'),
  table: z.enum(REPORT_TABLES),
  /** Names of the columns in words; without it they are those that programs know: `already_denied`. */
  language: z.enum(['ja', 'en']).optional(),
})

export const replaySource = z.object({
  awsOrganizationId: z.string(),
  name: z.string(),
  /** Where its trail is; null: none is configured, and nothing can be replayed. */
  trail: z.object({ kind: z.enum(['folder', 's3']), location: z.string() }).nullable(),
  /** Whether a sweep has read policies and tree, without which nothing can be attached. */
  guardrailsReadAt: z.string().nullable(),
})
export const replaySources = z.object({ items: z.array(replaySource) })
export type ReplaySources = z.infer<typeof replaySources>
