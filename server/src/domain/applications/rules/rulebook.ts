import { z } from 'zod'
import { APPLICATION_KINDS, ENVIRONMENTS } from '../kinds.ts'

const bilingual = z.strictObject({ ja: z.string().min(1), en: z.string().min(1) })

/** One rule as data: what it is called, why it is there, and the text of each reason its evaluator can give. */
export const ruleText = z.strictObject({
  id: z.string(),
  title: bilingual,
  explanation: bilingual,
  /** Law, guideline or source. */
  reference: z.string().min(1),
  /** May a failure be accepted as a recorded exception? */
  exception: z.boolean(),
  messages: z.record(z.string(), bilingual),
})

export const rulebookSchema = z.strictObject({
  version: z.string(),
  asOf: z.string(),
  source: z.string(),
  settings: z.strictObject({
    allowedRegions: z.array(z.string()).min(1),
    vendedProviders: z.array(z.string()).min(1),
    baselineVersion: z.string(),
    usageRulesVersion: z.string(),
    fiscalYearStartsInMonth: z.number().int().min(1).max(12),
    maxDaysAhead: z.number().int().min(1),
    contractEndsSoonDays: z.number().int().min(0),
    freeMailDomains: z.array(z.string()),
    deadDomains: z.array(z.string()),
    keyDutyClasses: z.array(z.string()),
  }),
  rules: z.array(ruleText),
})

export const namingSchema = z.strictObject({
  asOf: z.string(),
  source: z.string(),
  nameMax: z.number().int(),
  emailMax: z.number().int(),
  mailbox: z.string(),
  environments: z.record(z.enum(ENVIRONMENTS), z.string()),
})

const automatic = z.strictObject({
  kind: z.enum(APPLICATION_KINDS),
  maxEnvironments: z.number().int().optional(),
  maxMonthlyLimitUsd: z.number().int().optional(),
})

/** Who approves, what passes by itself, when to remind. Its `version` is recorded with each automatic approval. */
export const approvalPolicySchema = z.strictObject({
  version: z.string(),
  asOf: z.string(),
  source: z.string(),
  stages: z.strictObject({
    organisation: z.strictObject({ role: z.literal('organisation_owner'), automatic: z.array(automatic) }),
    centre: z.strictObject({ role: z.literal('central_operator'), automatic: z.array(automatic) }),
  }),
  /** Rules whose warning does not stop automatic approval. */
  toleratedWarnings: z.array(z.string()),
  reminders: z.strictObject({ afterHours: z.array(z.number().positive()).max(10) }),
  usualDaysOfHistory: z.number().int(),
  delegationMaxDays: z.number().int(),
})

export type Rulebook = z.output<typeof rulebookSchema>
export type RuleText = z.output<typeof ruleText>
export type RuleSettings = Rulebook['settings']
export type ApprovalPolicy = z.output<typeof approvalPolicySchema>
