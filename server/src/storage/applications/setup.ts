import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { NamingRule } from '../../domain/applications/naming.ts'
import {
  type ApprovalPolicy,
  approvalPolicySchema,
  namingSchema,
  type Rulebook,
  type RuleText,
  rulebookSchema,
  ruleText,
} from '../../domain/applications/rules/rulebook.ts'

/** The dated data that decides on applications, and the installation's domain of root mail. */
export interface ApplicationSetup {
  readonly rulebook: Rulebook
  readonly changeRules: readonly RuleText[]
  readonly naming: NamingRule
  readonly policy: ApprovalPolicy
  readonly mailDomain: string
}

const FOLDER = new URL('../../../data/rules/', import.meta.url)
const load = <T>(name: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')))

export const loadApplicationSetup = (mailDomain: string): ApplicationSetup => ({
  rulebook: load('vending.json', rulebookSchema),
  changeRules: load(
    'change.json',
    z.strictObject({ asOf: z.string(), source: z.string(), rules: z.array(ruleText) }),
  ).rules,
  naming: load('naming.json', namingSchema),
  policy: load('approval.json', approvalPolicySchema),
  mailDomain,
})
