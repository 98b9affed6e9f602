import { z } from 'zod'
import { bilingual } from '../accounts/view.ts'

/** The result of a replay, as docs/guide/replay.md describes it; `analytics/replay/report.ts` makes it. */

export const reportLine = z.object({
  value: z.string(),
  calls: z.number().int(),
  /** Of these, calls that AWS had denied already. */
  already: z.number().int(),
  first: z.string(),
  last: z.string(),
})
export type ReportLine = z.infer<typeof reportLine>

export const missingView = z.object({
  what: z.string(),
  /** With `what: context`. */
  key: z.string().optional(),
  /** With `what: policies`. */
  kind: z.string().optional(),
})

export const reportGroup = z.object({
  principal: z.string(),
  action: z.string(),
  calls: z.number().int(),
  already: z.number().int(),
  first: z.string(),
  last: z.string(),
  statements: z.array(z.object({ policy: z.string(), index: z.number().int(), sid: z.string().nullable() })),
  sample: z.object({
    eventId: z.string().nullable(),
    resource: z.string().nullable(),
    region: z.string(),
    explanation: z.array(bilingual),
    missing: z.array(missingView),
  }),
})
export type ReportGroup = z.infer<typeof reportGroup>

const tables = {
  calls: z.number().int(),
  already: z.number().int(),
  first: z.string().nullable(),
  last: z.string().nullable(),
  byDay: z.array(reportLine),
  byAccount: z.array(reportLine),
  byPrincipal: z.array(reportLine),
  byAction: z.array(reportLine),
  byResource: z.array(reportLine),
  groups: z.array(reportGroup),
  /** Lines of each table in all: `account`, `principal`, `action`, `resource`, `group`. */
  sizes: z.record(z.string(), z.number().int()),
}

export const reportSection = z.object({ ...tables, byStatement: z.array(reportLine) })
export type ReportSectionView = z.infer<typeof reportSection>

export const unknownSection = z.object({
  ...tables,
  missing: z.array(z.object({ missing: missingView, calls: z.number().int() })),
})
export type UnknownSectionView = z.infer<typeof unknownSection>

export const exemption = z.object({
  /** A negated operator: `ArnNotLike`, `StringNotEquals`, `NotIpAddress` … */
  operator: z.string().min(1).max(60),
  key: z.string().min(1).max(200),
  values: z.array(z.string().min(1).max(2048)).min(1).max(50),
})

/** An exemption with the Deny statements that it is put into. */
export const exemptionOf = z.object({
  exemption,
  statements: z
    .array(z.object({ policy: z.string().min(1).max(200), index: z.number().int().min(0) }))
    .min(1)
    .max(100),
})
export type ExemptionOf = z.infer<typeof exemptionOf>

export const replayReport = z.object({
  period: z.object({ since: z.string().nullable(), until: z.string().nullable() }),
  events: z.number().int(),
  /** Events that stand for no call, by reason. */
  skipped: z.record(z.string(), z.number().int()),
  calls: z.number().int(),
  allowed: z.number().int(),
  /** Calls of callers whom no SCP binds, by the reason; results of earlier versions have none. */
  exempt: z.record(z.string(), z.number().int()).optional(),
  denied: reportSection,
  unknown: unknownSection,
  against: z.object({ newlyDenied: reportSection, newlyAllowed: reportSection }).nullable(),
  /** What was taken for granted: `full_access` at a target, `all_at_root`. */
  assumed: z.array(z.object({ what: z.string(), target: z.string().optional() })),
  unplacedAccounts: z.array(z.string()),
  delegatedAdministrators: z.array(z.string()),
})
export type ReplayReport = z.infer<typeof replayReport>
